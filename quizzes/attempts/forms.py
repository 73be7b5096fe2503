"""The form that starts a quiz."""

from typing import Any

from django import forms

from concepts.models import Concept, Priority, Section
from quizzes.attempts.selection import MAX_MINUTES, MAX_QUESTIONS, Selection
from quizzes.domain.questions import KINDS

_FOCUS = [("all", "Everything chosen"), ("weak", "My weakest first"), ("new", "Only new questions")]
_NUMBER = forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"})


class ConceptsField(forms.ModelMultipleChoiceField):
    """Concepts by their codes."""

    def clean(self, value: Any) -> Any:
        return super().clean([str(code).replace("\x00", "") for code in value or []])


class StartForm(forms.Form):
    """What the quiz is about, how long it is and how much time there is; nothing ticked means all."""

    weeks = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    sections = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    priorities = forms.MultipleChoiceField(
        required=False, choices=Priority.choices, widget=forms.CheckboxSelectMultiple
    )
    concepts = ConceptsField(
        Concept.objects.in_page_order(), to_field_name="code", required=False, widget=forms.MultipleHiddenInput
    )
    kinds = forms.MultipleChoiceField(
        required=False, choices=[(kind, kind) for kind in KINDS], widget=forms.MultipleHiddenInput
    )
    focus = forms.ChoiceField(choices=_FOCUS, required=False, widget=forms.RadioSelect)
    questions = forms.IntegerField(min_value=1, max_value=MAX_QUESTIONS, widget=_NUMBER)
    minutes = forms.IntegerField(min_value=1, max_value=MAX_MINUTES, widget=_NUMBER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weeks = Concept.objects.weeks()
        self.fields["weeks"].choices = [(week, f"Week {week}") for week in weeks]  # type: ignore[attr-defined]
        self.fields["sections"].choices = [  # type: ignore[attr-defined]
            (section.slug, section.name)
            for section in Section.objects.filter(subsections__concepts__isnull=False).distinct()
        ]

    @property
    def choice_fields(self) -> list[forms.BoundField]:
        return [self["weeks"], self["sections"], self["priorities"], self["focus"]]

    @property
    def number_fields(self) -> list[forms.BoundField]:
        return [self["questions"], self["minutes"]]

    def selection(self) -> Selection:
        """What was asked for; of a valid form."""
        chosen = self.cleaned_data
        return Selection(
            questions=chosen["questions"],
            minutes=chosen["minutes"],
            weeks=tuple(chosen["weeks"]),
            sections=tuple(chosen["sections"]),
            concepts=tuple(concept.code for concept in chosen["concepts"]),
            priorities=tuple(chosen["priorities"]),
            kinds=tuple(chosen["kinds"]),
            focus=chosen["focus"] or "all",
        )
