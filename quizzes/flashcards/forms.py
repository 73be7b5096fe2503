"""Forms of flashcards."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from concepts.models import Concept
from progress.models import User
from quizzes.domain.cloze_text import ClozeError
from quizzes.domain.fsrs import Rating
from quizzes.flashcards.models import FlashcardSettings, LearnerCard
from quizzes.flashcards.own_cards import cards_of_texts, delete_cards, has_blanks, sides_of
from quizzes.flashcards.search import find_cards
from quizzes.flashcards.services import Answer, bury, reset, set_due, set_flag, suspend

MAX_SIDE_LENGTH = 10_000
_MAX_MINUTES = 60 * 24 * 30
_MOST_STEPS = 10
_LONGEST_PLAN = 731
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_EASINESS = [(1.0, "As any"), (0.5, "Fewer"), (0.0, "None")]


KEY = re.compile(r"^[\w-]{8,64}\Z", re.ASCII)
"""Made by a page for each rating or undo."""


class AnswerForm(forms.Form):
    """A rating, and what the page knew of the card."""

    card = forms.IntegerField(min_value=1, max_value=2**62)
    rating = forms.ChoiceField(choices=[(rating.name.lower(), rating.name) for rating in Rating])
    key = forms.RegexField(KEY)
    version = forms.IntegerField(min_value=0, max_value=2**31, required=False)
    promise = forms.CharField(max_length=1000, required=False)
    milliseconds = forms.IntegerField(min_value=0, max_value=2**40, required=False)
    typed = forms.CharField(max_length=100, required=False)

    def answer(self) -> Answer:
        """What was sent; of a valid form."""
        sent = self.cleaned_data
        return Answer(
            rating=Rating[sent["rating"].upper()],
            key=sent["key"],
            version=sent["version"],
            promise=sent["promise"],
            milliseconds=sent["milliseconds"],
            typed=sent["typed"] or None,
        )


class StepsField(forms.CharField):
    """Minutes of learning steps, as `1 10`; `h` and `d` stand for hours and days."""

    def prepare_value(self, value: Any) -> Any:
        return " ".join(_step_text(minutes) for minutes in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace(",", " ")
        steps = [_minutes(part) for part in text.split()]
        if len(steps) > _MOST_STEPS:
            raise ValidationError(f"At most {_MOST_STEPS} steps.")
        return steps


class SettingsForm(forms.ModelForm):
    """How cards are scheduled."""

    learning_steps = StepsField(required=False, help_text="Such as 1m 10m, or 10m 1d; empty for none")
    relearning_steps = StepsField(required=False, help_text="After a lapse")

    class Meta:
        model = FlashcardSettings
        fields = [
            "desired_retention",
            "new_per_day",
            "reviews_per_day",
            "learning_steps",
            "relearning_steps",
            "maximum_interval",
            "new_order",
            "review_order",
            "waits_for_prerequisites",
            "two_buttons",
        ]
        labels = {
            "desired_retention": "Desired retention",
            "new_per_day": "New cards a day",
            "reviews_per_day": "Reviews a day, at most",
            "maximum_interval": "Longest interval, in days",
            "new_order": "Order of new cards",
            "review_order": "Order of reviews",
            "waits_for_prerequisites": "A new card waits until its concept's prerequisites are known",
            "two_buttons": "Two buttons, Wrong and Right, instead of four",
        }
        help_texts = {"desired_retention": "The share of due cards you want to recall, 0.70 to 0.97"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, day in enumerate(_DAYS):
            self.fields[f"day_{place}"] = forms.TypedChoiceField(
                label=day, choices=_EASINESS, coerce=float, initial=self.instance.easiness[place], required=False
            )

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[f"day_{place}"] for place in range(7)]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        days = [cleaned.get(f"day_{place}") for place in range(7)]
        easiness = [1.0 if day in ("", None) else day for day in days]
        if not any(easiness):
            raise ValidationError("At least one day of the week must take reviews.")
        self.instance.easiness = easiness
        return cleaned


class InterviewForm(forms.ModelForm):
    """The day of the interview, and the time for cards until then."""

    interview_date = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = FlashcardSettings
        fields = ["interview_date", "minutes_a_day"]
        labels = {"minutes_a_day": "Minutes a day for flashcards"}
        help_texts = {"minutes_a_day": ""}

    def __init__(self, *args: Any, learner: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["interview_date"] = learner.interview_date
        self.learner, self.today = learner, today

    def clean_interview_date(self) -> date | None:
        day: date | None = self.cleaned_data["interview_date"]
        if day and not 0 < (day - self.today).days <= _LONGEST_PLAN:
            raise ValidationError("Choose a day from tomorrow on, within two years.")
        return day


class OwnCardForm(forms.Form):
    """A card of the learner's own, or their wording of a library card. With blanks the back may stay empty."""

    front = forms.CharField(
        max_length=MAX_SIDE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "class": "input"}),
        help_text="Markdown, formulas between $…$. Blanks as {{c1::hidden}} or {{c1::hidden::hint}}.",
    )
    back = forms.CharField(
        max_length=MAX_SIDE_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 5, "class": "input"})
    )
    concept = forms.CharField(required=False, max_length=20, help_text="Such as ML-002; empty for a free card")
    tags = forms.CharField(required=False, max_length=200, help_text="Words apart by spaces")
    memory = forms.ChoiceField(
        label="What you know of it",
        required=False,
        choices=[("keep", "stays: I have corrected the card"), ("new", "begins anew: it asks something else now")],
    )

    def __init__(self, *args: Any, for_library: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_library = for_library
        if for_library:
            del self.fields["concept"], self.fields["tags"]
        if not self.initial.get("front"):
            del self.fields["memory"]

    def clean_concept(self) -> Concept | None:
        code = self.cleaned_data["concept"].strip().upper()
        concept = Concept.objects.filter(code=code).first()
        if code and concept is None:
            raise ValidationError(f"There is no concept {code}.")
        return concept

    def clean_tags(self) -> list[str]:
        return sorted({tag.strip("#,").lower() for tag in self.cleaned_data["tags"].split()} - {""})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned.setdefault("memory", "keep")
        front, back = cleaned.get("front", ""), cleaned.get("back", "")
        if has_blanks(front) and not self.for_library:
            try:
                sides_of(front, back)
            except ClozeError as error:
                self.add_error("front", str(error))
        elif front and not back.strip():
            self.add_error("back", "Write the back, or put blanks such as {{c1::hidden}} into the front.")
        return cleaned


def _minutes(part: str) -> int:
    unit = {"m": 1, "h": 60, "d": 1440}.get(part[-1:].lower())
    number = part[:-1] if unit else part
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) * (unit or 1) <= _MAX_MINUTES:
        raise ValidationError(f"{part} is no step; write minutes such as 10m, hours such as 3h or days such as 1d.")
    return int(number) * (unit or 1)


def _step_text(minutes: int) -> str:
    for length, unit in ((1440, "d"), (60, "h")):
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"


class BulkForm(forms.Form):
    """One thing to do to many cards."""

    ACTIONS = {
        "suspend": "Suspend",
        "unsuspend": "Take up again",
        "bury": "Put off to tomorrow",
        "set_due": "Make due on",
        "flag": "Flag",
        "unflag": "Take the flag away",
        "reset": "Begin anew",
        "delete": "Delete for good (own cards only)",
    }

    action = forms.ChoiceField(choices=list(ACTIONS.items()))
    due_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    cards = forms.TypedMultipleChoiceField(coerce=int, required=False)
    all_found = forms.BooleanField(required=False)
    confirmed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Which of them are the learner's own is seen when they are fetched.
        sent = self.data.getlist("cards") if hasattr(self.data, "getlist") else []
        valid = [pk for pk in sent if pk.isascii() and pk.isdigit() and len(pk) < 16]
        self.fields["cards"].choices = [(pk, pk) for pk in valid]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("action") == "set_due" and not cleaned.get("due_on"):
            self.add_error("due_on", "Say on which day the cards shall be due.")
        return cleaned

    @property
    def label(self) -> str:
        """What is done, in words."""
        return self.ACTIONS[self.cleaned_data["action"]]

    @property
    def deletes(self) -> bool:
        return bool(self.cleaned_data["action"] == "delete")

    def chosen(self, learner: User, search: str, today: date) -> QuerySet[LearnerCard]:
        """The learner's cards meant: those ticked, or all that the search finds. Raises SearchError.

        To be deleted: their own ones, each with all blanks of its text.
        """
        if self.cleaned_data["all_found"]:
            cards = find_cards(learner, search, today)
        else:
            ticked = self.cleaned_data["cards"]
            cards = LearnerCard.objects.of(learner).select_related("card__concept").filter(pk__in=ticked)
        return cards_of_texts(learner, cards) if self.deletes else cards

    def apply(self, learner: User, cards: list[LearnerCard], now: datetime) -> int:
        """Do it; returns how many cards changed."""
        match self.cleaned_data["action"]:
            case "suspend" | "unsuspend" as action:
                return suspend(learner=learner, cards=cards, suspended=action == "suspend", now=now)
            case "bury":
                return bury(learner=learner, cards=cards, now=now)
            case "set_due":
                return set_due(learner=learner, cards=cards, due_on=self.cleaned_data["due_on"], now=now)
            case "flag" | "unflag" as action:
                return set_flag(learner=learner, cards=cards, flag=int(action == "flag"), now=now)
            case "delete":
                return delete_cards(learner=learner, cards=cards)
        return reset(learner=learner, cards=cards, now=now)
