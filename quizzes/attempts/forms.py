"""The forms of quizzes: to start one, and to rate an open answer."""

import re
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from concepts.models import Concept, Priority, Section
from quizzes.attempts.concept_choice import ConceptChoice
from quizzes.attempts.models import Confidence, Mode
from quizzes.attempts.selection import MAX_MINUTES, MAX_QUESTIONS, Selection
from quizzes.domain.questions import KINDS

_FOCUS = [("all", "Everything chosen"), ("weak", "My weakest first"), ("new", "Only new questions")]
_DIFFICULTIES = [(1, "1 recall"), (2, "2 understanding"), (3, "3 derivation, edge case")]
_KEY = re.compile(r"[\w-]{8,64}", re.ASCII)
LONGEST_FIND = 60
_NUMBER = forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"})


def page_key(sent: str) -> str:
    """The key that a page sends along, by which a second press is known; what is none is left aside."""
    return sent if _KEY.fullmatch(sent) else ""


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
        Concept.objects.in_page_order(), to_field_name="code", required=False, widget=forms.CheckboxSelectMultiple
    )
    difficulties = forms.TypedMultipleChoiceField(
        coerce=int, required=False, choices=_DIFFICULTIES, widget=forms.CheckboxSelectMultiple
    )
    kinds = forms.MultipleChoiceField(required=False, choices=KINDS.items(), widget=forms.CheckboxSelectMultiple)
    focus = forms.ChoiceField(choices=_FOCUS, required=False, widget=forms.RadioSelect)
    mode = forms.ChoiceField(
        label="Explanations", choices=Mode.choices, required=False, initial=Mode.EXAM, widget=forms.RadioSelect
    )
    questions = forms.IntegerField(min_value=1, max_value=MAX_QUESTIONS, widget=_NUMBER)
    minutes = forms.IntegerField(
        min_value=1, max_value=MAX_MINUTES, required=False, widget=_NUMBER, help_text="Empty: no clock"
    )

    def __init__(self, *args: Any, find: str = "", **kwargs: Any) -> None:
        """find: words that the list of concepts is narrowed to."""
        super().__init__(*args, **kwargs)
        self.find = find.replace("\x00", "").strip()[:LONGEST_FIND]
        weeks = Concept.objects.weeks()
        self.fields["weeks"].choices = [(week, f"Week {week}") for week in weeks]  # type: ignore[attr-defined]
        self.fields["sections"].choices = [  # type: ignore[attr-defined]
            (section.slug, section.name)
            for section in Section.objects.filter(subsections__concepts__isnull=False).distinct()
        ]

    @classmethod
    def unchecked(cls, sent: QueryDict) -> Self:
        """The form as it was sent, without a word on what is wrong in it: its list of concepts is narrowed first."""
        several = ("weeks", "sections", "priorities", "concepts", "difficulties", "kinds")
        kept: dict[str, object] = {name: sent.getlist(name) for name in several}
        kept |= {name: sent.get(name) for name in ("focus", "mode", "questions", "minutes")}
        return cls(initial=kept, find=sent.get("find", ""))

    @property
    def choice_fields(self) -> list[forms.BoundField]:
        return [self["weeks"], self["sections"], self["priorities"], self["focus"], self["mode"]]

    @cached_property
    def concept_choice(self) -> ConceptChoice:
        """The concepts to tick, and those that are ticked."""
        return ConceptChoice.of([str(code).replace("\x00", "") for code in self["concepts"].value() or []], self.find)

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """What most quizzes leave open."""
        return [self["kinds"], self["difficulties"]]

    @property
    def narrows_further(self) -> bool:
        """Whether one of the further fields is filled in, so that they are shown."""
        return any(field.value() for field in self.further_fields)

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
            difficulties=tuple(chosen["difficulties"]),
            focus=chosen["focus"] or "all",
            mode=chosen["mode"] or Mode.EXAM,
        )


class RatingForm(forms.Form):
    """The points of the rubric that an open answer covers, by their numbers; none is a rating too."""

    points = forms.TypedMultipleChoiceField(
        coerce=int, required=False, choices=[(number, number) for number in range(1, 7)]
    )


class ConfidenceForm(forms.Form):
    """How sure the learner is; nothing chosen says nothing."""

    confidence = forms.ChoiceField(choices=Confidence.choices, required=False)
