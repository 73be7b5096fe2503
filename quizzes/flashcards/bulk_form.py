"""The form by which one thing is done to many cards."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet

from progress.models import User
from quizzes.domain.flags import FLAGS, NO_FLAG
from quizzes.flashcards.forms import read_tags
from quizzes.flashcards.models import LearnerCard
from quizzes.flashcards.own_cards import cards_of_texts, delete_cards
from quizzes.flashcards.search import find_cards
from quizzes.flashcards.services import bury, reset, set_due, set_flag, suspend, tag, unbury


class BulkForm(forms.Form):
    """One thing to do to many cards."""

    ACTIONS = {
        "suspend": "Suspend",
        "unsuspend": "Take up again",
        "bury": "Put off to tomorrow",
        "unbury": "Bring back today",
        "set_due": "Make due on",
        **{f"flag_{number}": f"Flag {colour}" for number, colour in FLAGS.items()},
        "unflag": "Take the flag away",
        "tag": "Add the tags",
        "untag": "Take the tags off",
        "reset": "Begin anew",
        "delete": "Delete for good (own cards only)",
    }

    action = forms.ChoiceField(choices=list(ACTIONS.items()))
    due_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    tags = forms.CharField(required=False, max_length=200)
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
        if cleaned.get("action") in {"tag", "untag"} and not cleaned.get("tags"):
            self.add_error("tags", "Write the tags, apart by spaces.")
        return cleaned

    def clean_tags(self) -> list[str]:
        return read_tags(self.cleaned_data["tags"])

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
        sent = self.cleaned_data
        about: dict[str, Any] = {"learner": learner, "cards": cards, "now": now}
        acts: dict[str, Callable[[], int]] = {
            "suspend": lambda: suspend(**about, suspended=True),
            "unsuspend": lambda: suspend(**about, suspended=False),
            "bury": lambda: bury(**about),
            "unbury": lambda: unbury(**about),
            "set_due": lambda: set_due(**about, due_on=sent["due_on"]),
            "unflag": lambda: set_flag(**about, flag=NO_FLAG),
            "tag": lambda: tag(**about, add=sent["tags"]),
            "untag": lambda: tag(**about, remove=sent["tags"]),
            "reset": lambda: reset(**about),
            "delete": lambda: delete_cards(learner=learner, cards=cards),
            **{f"flag_{number}": partial(set_flag, **about, flag=number) for number in FLAGS},
        }
        return acts[sent["action"]]()
