"""One change of a card: saved and logged together, and only where the card is still as it was seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from progress.models import User
from quizzes.flashcards.models import CardEvent, EventKind, LearnerCard
from quizzes.flashcards.snapshots import snapshot
from quizzes.flashcards.statements import store_card, store_event


class StaleCard(Exception):
    """The card has changed since it was shown."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened, when, on which of the learner's days; `batch` holds together what is undone at once."""

    kind: EventKind
    learner: User
    now: datetime
    key: str = ""
    batch: str = ""

    @property
    def day(self) -> date:
        return self.learner.day_of(self.now)


@contextmanager
def changing(card: LearnerCard, happening: Happening, **facts: Any) -> Iterator[CardEvent]:
    """Within a transaction: change the card's fields in the block; then it is saved with its event.

    Gives the event, which has its key once the block is left. facts: further fields of the event, such as the rating.
    Raises StaleCard where another change came first.
    """
    before = snapshot(card)
    event = CardEvent(
        learner=happening.learner,
        card=card,
        kind=happening.kind,
        key=happening.key or uuid4().hex,
        batch=happening.batch,
        happened_at=happening.now,
        day=happening.day,
        state_before=before["state"],
        before=before,
        **facts,
    )
    yield event
    event.after = snapshot(card)
    if not store_card(card, [name for name, value in event.after.items() if value != before[name]]):
        raise StaleCard
    store_event(event)
