"""Every learner has every card of the library in their collection, new until they begin it."""

from collections.abc import Iterable

from progress.models import User
from quizzes.flashcards.models import Card, LearnerCard

_ROWS_AT_ONCE = 2_000


def enrol(learner: User) -> None:
    """Add what the learner's collection lacks; nothing that is there changes."""
    _add(learner, Card.objects.in_library().exclude(pk__in=LearnerCard.objects.of(learner).values("card")))


def enrol_everybody() -> None:
    """Add new library cards to all collections."""
    for learner in User.objects.all():
        enrol(learner)


def add_to_collection(learner: User, cards: Iterable[Card]) -> None:
    """Add cards of the learner's own."""
    _add(learner, cards)


def _add(learner: User, cards: Iterable[Card]) -> None:
    LearnerCard.objects.bulk_create(
        (LearnerCard(learner=learner, card=card, position=card.position) for card in cards),
        batch_size=_ROWS_AT_ONCE,
        ignore_conflicts=True,
    )
