"""A card's whole state as plain data, so that it can be brought back exactly."""

from datetime import date, datetime
from typing import Any

from quizzes.domain.cards import CardState
from quizzes.flashcards.models import LearnerCard

_PLAIN = ("state", "step", "stability", "difficulty", "interval", "reps", "lapses", "suspended", "flag")
_DAYS = ("due_on", "last_on", "buried_until")
FIELDS = (*_PLAIN, *_DAYS, "due_at", "tags")


def snapshot(card: LearnerCard) -> dict[str, Any]:
    """What an undo brings back."""
    moments = {name: getattr(card, name) for name in (*_DAYS, "due_at")}
    return {
        **{name: getattr(card, name) for name in _PLAIN},
        "tags": list(card.tags),
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }


def restore(card: LearnerCard, taken: dict[str, Any]) -> None:
    """Set the card's fields as they were; the caller saves."""
    for name in _PLAIN:
        setattr(card, name, taken[name])
    for name in _DAYS:
        setattr(card, name, date.fromisoformat(taken[name]) if taken[name] else None)
    card.due_at = datetime.fromisoformat(taken["due_at"]) if taken["due_at"] else None
    # The log is older than tags.
    card.tags = taken.get("tags", card.tags)


def apply(card: LearnerCard, state: CardState) -> None:
    """Set the card's fields to what the scheduler says; the caller saves."""
    for name in ("step", "due_at", "due_on", "last_on", "stability", "difficulty", "interval", "reps", "lapses"):
        setattr(card, name, getattr(state, name))
    card.state = state.state.value
