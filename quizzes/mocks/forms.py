"""The forms of mock interviews: to choose one, to work in it, to rate it, to take something over from it."""

from collections.abc import Collection
from typing import Any

from django import forms

from quizzes.domain.mocks.script import CRITERIA, KINDS, ROLE_CHOICES, SELF_QUESTIONS
from quizzes.exercises.forms import MAX_CODE
from quizzes.mocks.choice import Wishes
from quizzes.mocks.models import MAX_PAD, Answered, Shown
from quizzes.mocks.rating import Ratings
from quizzes.mocks.reviewing import Proposals, Wanted

MARKS = [(0, "0 nothing"), (1, "1 a little"), (2, "2 half"), (3, "3 most"), (4, "4 all of it")]


def with_plain_newlines(text: str) -> str:
    """Lines end alike, whatever the browser sent."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class ChooseForm(forms.Form):
    """What one wants to be asked."""

    kind = forms.ChoiceField(choices=[("", "Any kind"), *KINDS.items()], required=False, widget=forms.RadioSelect)
    role = forms.ChoiceField(choices=[("", "Any role"), *ROLE_CHOICES], required=False, widget=forms.RadioSelect)
    minutes = forms.TypedChoiceField(
        label="Minutes at most",
        coerce=int,
        choices=[(20, "20"), (25, "25"), (30, "30")],
        initial=30,
        widget=forms.RadioSelect,
    )

    def wishes(self) -> Wishes:
        """What was chosen; of a valid form."""
        sent = self.cleaned_data
        return Wishes(kind=sent["kind"], role=sent["role"], minutes=sent["minutes"])


class ListForm(forms.Form):
    """Which scripts a list shows."""

    kind = forms.ChoiceField(choices=[("", "All"), *KINDS.items()], required=False)


class WorkForm(forms.Form):
    """What stands on the pad and in the editor, and what is to happen: nothing, a hint, a follow-up, a run, the end."""

    pad = forms.CharField(
        max_length=MAX_PAD,
        required=False,
        strip=False,
        error_messages={"max_length": f"The pad is full; at most {MAX_PAD:,} characters are kept."},
    )
    code = forms.CharField(
        max_length=MAX_CODE,
        required=False,
        strip=False,
        error_messages={"max_length": f"The code is too long; at most {MAX_CODE:,} characters are kept."},
    )
    id = forms.UUIDField(required=False)
    go = forms.RegexField(r"^(run|finish|(hint|follow_up|follow_up_hint):[1-9])\Z", required=False)

    def clean(self) -> dict[str, Any]:
        sent = dict(super().clean() or {})
        for name in ("pad", "code"):
            # A field that was not sent leaves what is kept.
            text = sent.get(name)
            sent[name] = with_plain_newlines(text) if name in self.data and text is not None else None
        return sent

    @property
    def to_show(self) -> tuple[Shown, int] | None:
        """The hint or follow-up that is asked for; of a valid form."""
        what, _, number = self.cleaned_data["go"].partition(":")
        return (Shown(what), int(number)) if number else None


class RatingForm(forms.Form):
    """The rubric, the four self-questions, each follow-up that was asked, and a note."""

    note = forms.CharField(
        label="To do otherwise next time",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
    )

    def __init__(self, *args: Any, follow_ups: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(follow_ups)
        for name, label in CRITERIA.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                coerce=int,
                choices=MARKS,
                widget=forms.RadioSelect,
                error_messages={"required": "Give a mark from 0 to 4."},
            )
        for name, label in SELF_QUESTIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=Answered.choices, required=False, widget=forms.RadioSelect
            )
        for number in self.asked:
            self.fields[_follow_up(number)] = forms.ChoiceField(
                label=f"Could you answer follow-up {number}?",
                choices=Answered.choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Say yes, partly or no."},
            )

    @property
    def marks(self) -> list[forms.BoundField]:
        return [self[name] for name in CRITERIA]

    @property
    def self_questions(self) -> list[forms.BoundField]:
        return [self[name] for name in SELF_QUESTIONS]

    def follow_up(self, number: int) -> forms.BoundField:
        return self[_follow_up(number)]

    def ratings(self) -> Ratings:
        """What was said; of a valid form."""
        sent = self.cleaned_data
        return Ratings(
            marks={name: sent[name] for name in CRITERIA},
            follow_ups={number: sent[_follow_up(number)] for number in self.asked},
            self_answers={name: sent[name] for name in SELF_QUESTIONS},
            note=with_plain_newlines(sent["note"]),
        )


class TakeOverForm(forms.Form):
    """What of the proposals is wanted."""

    concepts = forms.MultipleChoiceField(required=False)
    topics = forms.MultipleChoiceField(required=False)
    cards = forms.MultipleChoiceField(required=False)
    follow_ups = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, proposals: Proposals, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("concepts", "topics", "cards", "follow_ups"):
            items = getattr(proposals, name)
            self.fields[name].choices = [(item.key, item.name) for item in items]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What was ticked; of a valid form."""
        sent = self.cleaned_data
        return Wanted(sent["concepts"], sent["topics"], sent["cards"], [int(number) for number in sent["follow_ups"]])


def _follow_up(number: int) -> str:
    return f"follow_up_{number}"
