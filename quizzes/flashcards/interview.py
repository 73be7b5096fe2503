"""The queue and the outlook of a learner with an interview date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from math import ceil
from typing import NamedTuple

import numpy as np
from django.db.models import Avg

from progress.models import User
from progress.plans.roles import concepts_of_role
from quizzes.domain.cards import State
from quizzes.domain.fsrs import FSRS
from quizzes.domain.interview import ANSWERS_TO_NEW, PRIORITY_WEIGHTS, Deck, best, expected_recall, recall_in
from quizzes.flashcards.models import CardEvent, FlashcardSettings, LearnerCard, LearnerCardQuerySet
from quizzes.flashcards.preferences import policy_of
from quizzes.flashcards.queue import Queue

USUAL_SECONDS = 15.0
"""For a card, before there are answers to go by."""

MORE_MINUTES = 10
_FREE_WEIGHT = 1.0
ROLE_WEIGHT = 1.5
"""How much more a card counts on a concept that the learner's role dwells on."""


@dataclass(frozen=True, slots=True)
class WeekOutlook:
    """Expected recall of a tracker week's cards: today, on the date, and with more minutes a day; 0 to 1."""

    week: int | None
    cards: int
    today: float
    on_the_date: float
    with_more: float


def queue_of(learner: User, settings: FlashcardSettings, now: datetime) -> Queue:
    """The learner's queue: by gain on the interview date where there is one to come, else by what is due."""
    is_ahead = learner.interview_date is not None and learner.day_of(now) < learner.interview_date
    return InterviewQueue(learner, settings, now) if is_ahead else Queue(learner, settings, now)


class InterviewQueue(Queue):
    """Reviews and new cards that raise expected recall on the date the most, as many as the day's minutes hold."""

    @cached_property
    def allowed(self) -> int:
        """How many answers the rest of the day's minutes hold, at the learner's pace."""
        return max(0, answers_a_day(self.learner, self.settings.minutes_a_day) - len(self.answered))

    @property
    def new_allowed(self) -> int:
        return min(super().new_allowed, ceil(self.allowed / ANSWERS_TO_NEW))

    @cached_property
    def ranked(self) -> list[int]:
        """Cards in review that gain something, the largest gain for an answer first, as many as the day holds."""
        cards = facts_of(self.active.filter(state=State.REVIEW).exclude(last_on=self.today))
        fresh = [card for card in cards if card.siblings not in self.seen_today]
        if not fresh or self.learner.interview_date is None:
            return []
        days = float((self.learner.interview_date - self.today).days)
        room = self.allowed - len(self.new_cards) * ANSWERS_TO_NEW
        deck = deck_of(fresh, self.today, concepts_of_role(self.learner))
        return [fresh[place].pk for place in best(deck, self._fsrs, days, room)]

    @property
    def reviews_left(self) -> int:
        return len(self.ranked)

    @property
    def _fsrs(self) -> FSRS:
        return FSRS(tuple(policy_of(self.settings).weights))

    def _reviews(self, count: int) -> list[int]:
        return self.ranked[:count]


def answers_a_day(learner: User, minutes: int) -> int:
    """How many answers so many minutes hold, at the learner's pace."""
    return int(minutes * 60 // seconds_an_answer(learner))


def seconds_an_answer(learner: User) -> float:
    """The learner's pace over their last 500 answers, at least a second."""
    recent = CardEvent.objects.of(learner).answers().exclude(milliseconds=None).order_by("-pk").values("pk")[:500]
    pace = CardEvent.objects.filter(pk__in=list(recent.values_list("pk", flat=True))).aggregate(
        mean=Avg("milliseconds")
    )["mean"]
    return max(1.0, pace / 1000) if pace else USUAL_SECONDS


class CardFacts(NamedTuple):
    """What of a learner's card a plan needs."""

    pk: int
    stability: float | None
    difficulty: float | None
    last_on: date | None
    siblings: str
    priority: str | None
    week: int | None
    concept: int | None


def facts_of(cards: LearnerCardQuerySet) -> list[CardFacts]:
    """Without the cards' texts, of which there may be thousands."""
    joined = ("card__siblings", "card__concept__priority", "card__concept__week", "card__concept_id")
    return [CardFacts(*row) for row in cards.values_list("pk", "stability", "difficulty", "last_on", *joined)]


def deck_of(cards: Sequence[CardFacts], today: date, role: Collection[int]) -> Deck:
    """The cards as arrays; cards of high priority weigh more, and so do those on concepts that the role dwells on."""
    return Deck(
        stability=np.array([np.nan if card.stability is None else card.stability for card in cards], dtype=float),
        difficulty=np.array([np.nan if card.difficulty is None else card.difficulty for card in cards], dtype=float),
        elapsed=np.array([max(0, (today - card.last_on).days) if card.last_on else 0 for card in cards], dtype=float),
        weight=np.array([_weight(card, role) for card in cards], dtype=float),
    )


def _weight(card: CardFacts, role: Collection[int]) -> float:
    weight = PRIORITY_WEIGHTS[card.priority] if card.priority else _FREE_WEIGHT
    return ROLE_WEIGHT * weight if card.concept in role else weight


def outlook(learner: User, settings: FlashcardSettings, now: datetime) -> list[WeekOutlook]:
    """Expected recall by the tracker's week, and over all cards at the end; nothing without a date to come."""
    today = learner.day_of(now)
    if learner.interview_date is None or learner.interview_date <= today:
        return []
    days = (learner.interview_date - today).days
    cards = facts_of(LearnerCard.objects.of(learner).filter(suspended=False))
    if not cards:
        return []
    deck, fsrs = deck_of(cards, today, concepts_of_role(learner)), FSRS(tuple(policy_of(settings).weights))
    plans = [
        expected_recall(deck, fsrs, days=days, answers_a_day=answers_a_day(learner, minutes))
        for minutes in (settings.minutes_a_day, settings.minutes_a_day + MORE_MINUTES)
    ]
    now_recall = recall_in(deck, fsrs, 0.0)
    weeks = np.array([card.week or 0 for card in cards])
    rows = []
    for week in [*sorted({int(week) for week in weeks if week}), None]:
        chosen = np.ones(len(cards), dtype=bool) if week is None else weeks == week
        means = [float(np.average(recall[chosen], weights=deck.weight[chosen])) for recall in (now_recall, *plans)]
        rows.append(WeekOutlook(week, int(chosen.sum()), *means))
    return rows
