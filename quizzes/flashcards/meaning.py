"""A library card that means something else now."""

from datetime import datetime

from django.db import transaction

from quizzes.domain.fsrs import STABILITY_MIN
from quizzes.flashcards.changes import Happening, changing
from quizzes.flashcards.models import Card, EventKind, LearnerCard


@transaction.atomic
def halve_stabilities(card: Card, *, now: datetime) -> int:
    """Halve every learner's stability of the card and bring its review nearer alike; returns how many."""
    known = LearnerCard.objects.filter(card=card).exclude(stability=None).select_related("learner")
    for learned in known:
        with changing(learned, Happening(EventKind.MEANING, learned.learner, now)):
            learned.stability = max(STABILITY_MIN, (learned.stability or 0) / 2)
            if learned.due_on and learned.last_on:
                learned.interval = max(1, learned.interval // 2)
                learned.due_on = learned.last_on + (learned.due_on - learned.last_on) // 2
    return len(known)
