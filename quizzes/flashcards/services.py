"""Answering a card, taking it back, and what else is done to one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction

from progress.models import User
from progress.services import record_evidence, withdraw_all
from quizzes.domain.cards import CardState, State
from quizzes.domain.evidence import difficulty_of_card
from quizzes.domain.fsrs import Rating
from quizzes.domain.queue import is_leech
from quizzes.flashcards.changes import Happening, StaleCard, changing
from quizzes.flashcards.generated import is_right
from quizzes.flashcards.models import Card, CardEvent, EventKind, LearnerCard
from quizzes.flashcards.preferences import policy_of, settings_of
from quizzes.flashcards.previews import preview, promised_state
from quizzes.flashcards.snapshots import apply, restore
from quizzes.flashcards.statements import lock_card

LONGEST_ANSWER = timedelta(seconds=60)
_BY_OTHERS = {EventKind.MEANING, EventKind.QUIZ}
"""Changes that the learner did not make here and does not take back."""

_CREDITS = {Rating.AGAIN: 0.0, Rating.HARD: 0.75, Rating.GOOD: 1.0, Rating.EASY: 1.0}


class NothingToUndo(Exception):
    """There is no change left that could be taken back; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page sends with a rating.

    key: made by the page, so that one answer counts once. version: of the card as shown, None where nothing is known
    of it. promise: the days the buttons showed. typed: what was typed to a generated question.
    """

    rating: Rating
    key: str
    version: int | None = None
    promise: str = ""
    milliseconds: int | None = None
    typed: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The event of an answer; `repeated` where it had been recorded before."""

    event: CardEvent
    repeated: bool = False
    leech: bool = False


def answer_card(*, learner: User, card: LearnerCard, answer: Answer, now: datetime) -> Answered:
    """Record an answer and schedule the card; the same key a second time changes nothing.

    A generated question answered wrongly counts as Again, whatever was pressed. Raises StaleCard where the card has
    changed since it was shown.
    """
    try:
        with transaction.atomic():
            # Where the version is known, a repeated key finds a changed version.
            if answer.version is None and (former := _recorded(learner, answer.key)):
                return Answered(former, repeated=True)
            return _answer(learner, card.pk, answer, now)
    except (StaleCard, IntegrityError):
        if former := _recorded(learner, answer.key):
            return Answered(former, repeated=True)
        raise


def _recorded(learner: User, key: str) -> CardEvent | None:
    return CardEvent.objects.of(learner).filter(key=key).select_related("card").first()


def _answer(learner: User, pk: int, answer: Answer, now: datetime) -> Answered:
    card = lock_card(pk)
    if answer.version is not None and answer.version != card.version:
        raise StaleCard
    settings = settings_of(learner)
    rating = answer.rating
    if card.card.kind == "generated" and not is_right(card, answer.typed):
        rating = Rating.AGAIN
    state = promised_state(
        card=card, rating=rating, settings=settings, learner=learner, now=now, promise=answer.promise
    )
    lapses = card.lapses
    asked = card.memory_state
    happening = Happening(EventKind.ANSWER, learner, now, key=answer.key)
    limit = int(LONGEST_ANSWER.total_seconds() * 1000)
    facts = {
        "rating": rating,
        "milliseconds": None if answer.milliseconds is None else min(max(answer.milliseconds, 0), limit),
        "weights_version": settings.weights_version,
    }
    with changing(card, happening, **facts) as event:
        apply(card, state)
        card.buried_until = None
    if concept := card.card.concept_id:
        record_evidence(
            learner=learner,
            concept_id=concept,
            source=_source(event),
            credit=_CREDITS[rating],
            guess_chance=0.0,
            happened_at=now,
            self_rated=card.card.kind != "generated",
            difficulty=difficulty_of_card(asked, policy_of(settings).weights, learner.day_of(now)),
        )
    return Answered(event, leech=card.lapses > lapses and is_leech(card.lapses))


@transaction.atomic
def undo(*, learner: User, now: datetime, key: str = "") -> list[LearnerCard]:
    """Take back the learner's last change, and what was done at once with it.

    Returns the cards, as they were before, in the order in which they had been changed.

    key: made by the page; a second time it changes nothing. Raises NothingToUndo.
    """
    log = CardEvent.objects.of(learner)
    if key and log.filter(batch=key).exists():
        return []
    last = log.standing().exclude(kind__in=_BY_OTHERS).order_by("-pk").first()
    if last is None:
        raise NothingToUndo("There is nothing to take back.")
    events = list(log.standing().filter(batch=last.batch).order_by("-pk")) if last.batch else [last]
    cards = LearnerCard.objects.select_related("card__concept").in_bulk([event.card_id for event in events])
    if log.standing().filter(kind__in=_BY_OTHERS, card__in=cards, pk__gt=events[-1].pk).exists():
        # The former state would forget that.
        raise NothingToUndo(
            "The last change stays: since then a quiz, or a change of the library's text, has counted for that card."
        )
    for event in events:
        card = cards[event.card_id]
        with changing(card, Happening(EventKind.UNDO, learner, now, batch=key), undoes=event):
            restore(card, event.before)
    withdraw_all(learner=learner, sources=[_source(event) for event in events])
    return [cards[event.card_id] for event in reversed(events)]


def suspend(*, learner: User, cards: Sequence[LearnerCard], suspended: bool, now: datetime) -> int:
    """Take cards out of the queue, or back into it; returns how many changed."""
    kind = EventKind.SUSPEND if suspended else EventKind.UNSUSPEND
    return _change_all(learner, [card for card in cards if card.suspended != suspended], kind, now, suspended=suspended)


def bury(*, learner: User, cards: Sequence[LearnerCard], now: datetime) -> int:
    """Put cards off to the next day."""
    return _change_all(learner, cards, EventKind.BURY, now, buried_until=learner.day_of(now) + timedelta(days=1))


def unbury(*, learner: User, cards: Sequence[LearnerCard], now: datetime) -> int:
    """Bring cards back today that were put off; returns how many had been."""
    today = learner.day_of(now)
    away = [card for card in cards if card.buried_until and card.buried_until > today]
    return _change_all(learner, away, EventKind.UNBURY, now, buried_until=None)


def set_due(*, learner: User, cards: Sequence[LearnerCard], due_on: date, now: datetime) -> int:
    """Make cards due for review on a day, put off or not; their memory stays, a new card begins with that of Good."""
    settings = settings_of(learner)
    batch = uuid4().hex
    today = learner.day_of(now)
    with transaction.atomic():
        for card in cards:
            fresh = preview(card, settings, learner, now).states[Rating.GOOD] if card.stability is None else None
            with changing(card, Happening(EventKind.SET_DUE, learner, now, batch=batch)):
                if fresh:
                    card.stability, card.difficulty, card.last_on = fresh.stability, fresh.difficulty, today
                card.state, card.step, card.due_at, card.due_on = State.REVIEW, 0, None, due_on
                card.buried_until = None
                card.interval = max(1, (due_on - (card.last_on or today)).days)
    return len(cards)


def reset(*, learner: User, cards: Sequence[LearnerCard], now: datetime) -> int:
    """Begin cards anew, put off or not; their log stays."""
    batch = uuid4().hex
    with transaction.atomic():
        for card in cards:
            with changing(card, Happening(EventKind.RESET, learner, now, batch=batch)):
                apply(card, CardState())
                card.buried_until = None
    return len(cards)


def set_flag(*, learner: User, cards: Sequence[LearnerCard], flag: int, now: datetime) -> int:
    """Mark cards with a flag from 1 to 7, or take it away with 0."""
    return _change_all(learner, [card for card in cards if card.flag != flag], EventKind.FLAG, now, flag=flag)


def tag(
    *,
    learner: User,
    cards: Sequence[LearnerCard],
    add: Collection[str] = (),
    remove: Collection[str] = (),
    now: datetime,
) -> int:
    """Add tags of the learner's own to cards, and take some off; returns how many cards changed.

    What the card has by itself is not added, and is not taken off.
    """
    changed = {card.pk: sorted({*card.tags, *add} - set(remove) - set(card.card.tags)) for card in cards}
    batch = uuid4().hex
    with transaction.atomic():
        different = [card for card in cards if changed[card.pk] != card.tags]
        for card in different:
            with changing(card, Happening(EventKind.TAG, learner, now, batch=batch)):
                card.tags = changed[card.pk]
    return len(different)


def siblings_of(card: Card, learner: User) -> list[LearnerCard]:
    """The learner's cards that give each other away, the card itself among them."""
    return list(LearnerCard.objects.of(learner).filter(card__siblings=card.siblings))


def _change_all(learner: User, cards: Sequence[LearnerCard], kind: EventKind, now: datetime, **values: object) -> int:
    batch = uuid4().hex
    with transaction.atomic():
        for card in cards:
            with changing(card, Happening(kind, learner, now, batch=batch)):
                for name, value in values.items():
                    setattr(card, name, value)
    return len(cards)


def _source(event: CardEvent) -> str:
    return f"card:{event.pk}"
