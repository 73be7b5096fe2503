"""What should hold for the data as a whole; each check finds what does not, and some can mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery, Sum
from django.utils import timezone

from concepts.models import Concept
from concepts.services import index_for_search
from mlprep.keeping.copies import sqlite_faults
from progress.models import User
from quizzes.attempts.services import close_overdue
from quizzes.domain.clock import GRACE
from quizzes.flashcards.enrolment import enrol_everybody
from quizzes.flashcards.snapshots import FIELDS, restore, snapshot
from quizzes.models import Attempt, Card, CardEvent, LearnerCard

_AT_ONCE = 2_000
_ROUNDING = 1e-6
_WORKER_CLOSES_WITHIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule. find: a line for each fault. mend: puts it right where that can be done without guessing."""

    rule: str
    find: Callable[[], Iterator[str]]
    mend: Callable[[], object] | None = None


def _damaged_file() -> Iterator[str]:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        if faults := sqlite_faults(connection.connection):
            yield f"{faults}; restore a backup"


def _unindexed() -> Iterator[str]:
    for concept in Concept.objects.filter(search_entry=None).only("code"):
        yield f"{concept.code} is not in the search index"


def _index() -> None:
    for concept in Concept.objects.filter(search_entry=None):
        index_for_search(concept)


def _overdue() -> Iterator[str]:
    for attempt in Attempt.objects.overdue(timezone.now() - GRACE - _WORKER_CLOSES_WITHIN).only("pk", "deadline"):
        yield f"quiz {attempt.pk} has been over since {attempt.deadline:%Y-%m-%d %H:%M} and is not closed"


def _not_enrolled() -> Iterator[str]:
    library = Card.objects.in_library().count()
    for learner in User.objects.order_by("pk"):
        if missing := library - LearnerCard.objects.of(learner).filter(card__in=Card.objects.in_library()).count():
            yield f"learner {learner.pk} lacks {missing} of the library's cards"


def _strayed() -> Iterator[tuple[LearnerCard, dict[str, Any]]]:
    """Cards whose state is not what the last event of their log left, with that."""
    last = CardEvent.objects.filter(card=OuterRef("pk")).order_by("-pk")
    found = LearnerCard.objects.annotate(left=Subquery(last.values("pk")[:1])).exclude(left=None).order_by("pk")
    rows = found.values_list("pk", "left").iterator(_AT_ONCE)
    while chunk := list(islice(rows, _AT_ONCE)):
        events = CardEvent.objects.in_bulk([event for _, event in chunk])
        states = LearnerCard.objects.in_bulk([card for card, _ in chunk])
        for pk, event in chunk:
            both_there = pk in states and event in events
            if both_there and _differs(states[pk], events[event].after) and (strayed := _strayed_of_one_moment(pk)):
                yield strayed


def _differs(card: LearnerCard, left: dict[str, Any]) -> bool:
    now = snapshot(card)
    return any(left.get(name) != now[name] for name in FIELDS)


def _strayed_of_one_moment(pk: int) -> tuple[LearnerCard, dict[str, Any]] | None:
    """The card with what its log left, if it still strays while nobody reviews it; a transaction keeps it so."""
    with transaction.atomic():
        card = LearnerCard.objects.select_for_update().filter(pk=pk).first()
        event = CardEvent.objects.filter(card=pk).order_by("-pk").first()
        return (card, event.after) if card and event and _differs(card, event.after) else None


def _strayed_cards() -> Iterator[str]:
    for card, _ in _strayed():
        yield f"card {card.pk} of learner {card.learner_id} is not in the state that its log ends with"


def _back_to_the_log() -> None:
    """Called in a transaction, which holds each card that strays until it is saved."""
    for card, left in list(_strayed()):
        restore(card, left)
        card.version += 1
        card.save()


def _scores() -> Iterator[str]:
    closed = Attempt.objects.exclude(finished_at=None).exclude(score=None).order_by("pk")
    for quiz, score, total in closed.values_list("pk", "score", Sum("questions__credit")).iterator(_AT_ONCE):
        if abs((score or 0.0) - (total or 0.0)) > _ROUNDING:
            yield f"quiz {quiz} has a score of {score:g}, its questions one of {total or 0:g}"


def _locked_second_steps() -> Iterator[str]:
    decrypt = get_adapter().decrypt
    steps = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk")
    for step in steps:
        secret = step.data.get("secret") or step.data.get("seed")
        if secret and not decrypt(secret):
            yield (
                f"a second step of learner {step.user_id} was made under another SECRET_KEY: give the app that key, or "
                "remove the step in the administration"
            )


CHECKS = [
    Check("The database file is whole, and every reference leads somewhere", _damaged_file),
    Check("Every concept can be searched", _unindexed, _index),
    Check("Quizzes whose time is up are closed", _overdue, lambda: close_overdue(now=timezone.now())),
    Check("Every learner has the library's cards", _not_enrolled, enrol_everybody),
    Check("Cards are in the state that their log ends with", _strayed_cards, _back_to_the_log),
    Check("Second steps open with this SECRET_KEY", _locked_second_steps),
    Check("A quiz's score is the sum of its questions' credits", _scores),
]
