"""Due dates anew, after the desired retention or the weights have changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import transaction

from progress.models import User
from quizzes.domain.cards import State, plain_days
from quizzes.domain.fsrs import FSRS
from quizzes.domain.fuzz import fuzz_range
from quizzes.flashcards.changes import Happening, changing
from quizzes.flashcards.models import EventKind, FlashcardSettings, LearnerCard
from quizzes.flashcards.preferences import policy_of


@dataclass(frozen=True, slots=True)
class Move:
    """A card whose review would be on another day."""

    card: LearnerCard
    due_on: date


def moves(learner: User, settings: FlashcardSettings) -> list[Move]:
    """Which cards in review the present settings would place on another day than they stand on."""
    policy = policy_of(settings)
    fsrs = FSRS(tuple(policy.weights))
    cards = LearnerCard.objects.of(learner).filter(
        state=State.REVIEW, stability__isnull=False, last_on__isnull=False, due_on__isnull=False
    )
    found = []
    for card in cards:
        if card.last_on and card.due_on and card.stability:
            wished = float(fsrs.interval(card.stability, policy.desired_retention))
            low, high = fuzz_range(wished, 1, policy.maximum_interval)
            # What only the spread over days has moved may stay.
            if not low <= (card.due_on - card.last_on).days <= high:
                days = plain_days(wished, 1, policy.maximum_interval)
                found.append(Move(card, card.last_on + timedelta(days=days)))
    return found


@transaction.atomic
def reschedule(*, learner: User, settings: FlashcardSettings, now: datetime) -> int:
    """Move the cards; returns how many. One undo takes it back."""
    batch = uuid4().hex
    wanted = moves(learner, settings)
    for move in wanted:
        with changing(move.card, Happening(EventKind.RESCHEDULE, learner, now, batch=batch)):
            move.card.due_on = move.due_on
            if move.card.last_on:
                move.card.interval = (move.due_on - move.card.last_on).days
    return len(wanted)
