"""The concept list's filters with the learner's own: status."""

from django import forms
from django.contrib.auth.models import AnonymousUser

from concepts.forms import ConceptFilter, KeptChoices
from concepts.models import Status
from concepts.queries import ConceptQuerySet
from progress.models import User
from progress.standing import with_status


class TrackerFilter(ConceptFilter):
    """All filters of the list; they combine."""

    status = KeptChoices(required=False, choices=Status.choices)

    def apply_for(self, concepts: ConceptQuerySet, learner: User | AnonymousUser) -> ConceptQuerySet:
        """Narrow `concepts` down, by the status that `learner` gave them too."""
        concepts = self.apply(concepts)
        if statuses := self.cleaned_data["status"]:
            concepts = with_status(concepts, learner, statuses)
        return concepts

    @property
    def narrows(self) -> bool:
        """Whether any filter is on."""
        return any(self.cleaned_data.values())


class StatusForm(forms.Form):
    """One status, from one click."""

    status = forms.ChoiceField(choices=Status.choices)
