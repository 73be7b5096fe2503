"""The filters of the concept list, as they stand in the address."""

from typing import Any

from django import forms

from concepts.models import Priority, Subsection
from concepts.queries import ConceptQuerySet


class TrimmedCharField(forms.CharField):
    """Text that may be cut short rather than refused: a search is never an error."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\x00", "")[:200]


class KeptChoices(forms.MultipleChoiceField):
    """The known ones among the given choices; an address that is out of date still shows a list."""

    def clean(self, value: Any) -> list[str]:
        known = {str(key) for key, _ in self.choices}  # type: ignore[misc, union-attr]
        return [item for item in self.to_python(value) if item in known]


class ConceptFilter(forms.Form):
    """Section, sub-section, priority, week and search; unknown values are passed over."""

    search = TrimmedCharField(required=False)
    section = KeptChoices(required=False)
    subsection = KeptChoices(required=False)
    priority = KeptChoices(required=False, choices=Priority.choices)
    week = KeptChoices(required=False)

    def __init__(self, data: Any, *, weeks: list[int], subsections: list[Subsection]) -> None:
        super().__init__(data)
        self.fields["week"].choices = [(week, f"Week {week}") for week in weeks]  # type: ignore[attr-defined]
        sections = {subsection.section.slug: subsection.section.name for subsection in subsections}
        self.fields["section"].choices = list(sections.items())  # type: ignore[attr-defined]
        self.fields["subsection"].choices = list(  # type: ignore[attr-defined]
            {subsection.slug: subsection.name for subsection in subsections}.items()
        )

    def apply(self, concepts: ConceptQuerySet) -> ConceptQuerySet:
        """Narrow `concepts` down; a search puts the best first, otherwise their order stays."""
        self.full_clean()
        chosen = self.cleaned_data
        if chosen["section"]:
            concepts = concepts.in_sections(chosen["section"])
        if chosen["subsection"]:
            concepts = concepts.in_subsections(chosen["subsection"])
        if chosen["priority"]:
            concepts = concepts.of_priorities(chosen["priority"])
        if chosen["week"]:
            concepts = concepts.in_weeks(chosen["week"])
        if chosen["search"].strip():
            concepts = concepts.search(chosen["search"])
        return concepts
