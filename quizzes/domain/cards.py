"""A card's way from new over its learning steps to reviews: what each button would do.

States and steps as in Anki with FSRS (rslib/src/scheduler/states/), memory by FSRS-6.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import floor
from typing import Any

from progress.domain.calendar import days_between
from quizzes.domain.fsrs import DEFAULT_WEIGHTS, Memory, Rating, fsrs_of
from quizzes.domain.fuzz import fuzz_range

RATINGS = tuple(Rating)
LONGEST_INTERVAL = 36_500
_HARD_FACTOR = 1.5
_LONGEST_FIRST_HARD = timedelta(days=1)

Spread = Callable[[float, int, int], int]
"""Turns an interval, with the shortest and the longest allowed, into whole days (`quizzes.domain.fuzz`)."""


class State(StrEnum):
    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


@dataclass(frozen=True, slots=True)
class Policy:
    """How a learner wants cards scheduled."""

    desired_retention: float = 0.9
    learning_steps: Sequence[timedelta] = (timedelta(minutes=1), timedelta(minutes=10))
    relearning_steps: Sequence[timedelta] = (timedelta(minutes=10),)
    maximum_interval: int = LONGEST_INTERVAL
    weights: Sequence[float] = DEFAULT_WEIGHTS


@dataclass(frozen=True, slots=True)
class CardState:
    """Where a card stands.

    step: the place in the (re)learning steps. due_at: when a step is over. due_on: the learner's day of the next
    review. last_on: the learner's day of the last review. interval: days, as scheduled last.
    """

    state: State = State.NEW
    step: int = 0
    due_at: datetime | None = None
    due_on: date | None = None
    last_on: date | None = None
    stability: float | None = None
    difficulty: float | None = None
    interval: int = 0
    reps: int = 0
    lapses: int = 0

    @property
    def memory(self) -> Memory | None:
        """The memory, once there was a review."""
        if self.stability is None or self.difficulty is None:
            return None
        return Memory(self.stability, self.difficulty)


def plain_days(interval: float, shortest: int, longest: int) -> int:
    """An interval in whole days without any spread."""
    shortest = min(shortest, longest)
    return min(max(floor(interval + 0.5), shortest), longest)


@dataclass(frozen=True, slots=True)
class Prospects:
    """A card's memory after each of the four ratings on one of the learner's days, and how long it would hold.

    wished: days until recall falls to the desired retention, not rounded.
    """

    card: CardState
    policy: Policy
    today: date
    memories: Mapping[Rating, Memory]
    wished: Mapping[Rating, float]

    def days(self, spread: Spread = plain_days) -> dict[Rating, int]:
        """Days until the next review: each better rating waits longer, a recalled review longer than the last one."""
        card, wished, longest = self.card, self.wished, self.policy.maximum_interval

        def at_least(rating: Rating) -> int:
            if card.state is not State.REVIEW:
                return 1
            if plain_days(wished[rating], 1, longest) > card.interval:
                return card.interval + 1
            # What chance alone may have added to the last interval is not taken away by a card recalled.
            return card.interval if card.interval <= fuzz_range(wished[rating], 1, longest)[1] else 1

        days = {Rating.AGAIN: spread(wished[Rating.AGAIN], 1, longest)}
        days[Rating.HARD] = spread(wished[Rating.HARD], at_least(Rating.HARD), longest)
        above_hard = days[Rating.HARD] + 1 if card.state is State.REVIEW else 1
        days[Rating.GOOD] = spread(wished[Rating.GOOD], max(at_least(Rating.GOOD), above_hard), longest)
        days[Rating.EASY] = spread(wished[Rating.EASY], max(at_least(Rating.EASY), days[Rating.GOOD] + 1), longest)
        return days

    def outcome(self, rating: Rating, days: int, now: datetime) -> CardState:
        """What the rating makes of the card; `days` count where it goes into review. now: aware."""
        card, policy = self.card, self.policy
        lapsed = card.state is State.REVIEW and rating is Rating.AGAIN
        if card.state is State.REVIEW:
            if not lapsed or not policy.relearning_steps:
                return self._in_review(rating, days)
            return self._in_step(rating, State.RELEARNING, 0, now + policy.relearning_steps[0], days)
        relearns = card.state is State.RELEARNING
        steps = policy.relearning_steps if relearns else policy.learning_steps
        state = State.RELEARNING if relearns else State.LEARNING
        step, delay = _next_step(min(card.step, max(0, len(steps) - 1)), rating, steps)
        if delay is None:
            return self._in_review(rating, days)
        return self._in_step(rating, state, step, now + delay, days if relearns else 0)

    def _in_review(self, rating: Rating, days: int) -> CardState:
        due_on = self.today + timedelta(days=days)
        return self._answered(rating, state=State.REVIEW, step=0, due_at=None, due_on=due_on, interval=days)

    def _in_step(self, rating: Rating, state: State, step: int, due_at: datetime, days: int) -> CardState:
        return self._answered(rating, state=state, step=step, due_at=due_at, due_on=None, interval=days)

    def _answered(self, rating: Rating, **where: Any) -> CardState:
        """Not by `replace`, which takes as long as the rest."""
        memory = self.memories[rating]
        return CardState(
            stability=memory.stability,
            difficulty=memory.difficulty,
            last_on=self.today,
            reps=self.card.reps + 1,
            lapses=self.card.lapses + (self.card.state is State.REVIEW and rating is Rating.AGAIN),
            **where,
        )


def prospects(card: CardState, policy: Policy, today: date) -> Prospects:
    """What the four ratings would do to the card's memory on that day."""
    fsrs = fsrs_of(tuple(policy.weights))
    memories = fsrs.after_each(card.memory, days_between(card.last_on, today) if card.last_on else 0)
    wished = {rating: float(fsrs.interval(memories[rating].stability, policy.desired_retention)) for rating in RATINGS}
    return Prospects(card, policy, today, memories, wished)


def outcomes(
    card: CardState, policy: Policy, *, now: datetime, today: date, spread: Spread = plain_days
) -> dict[Rating, CardState]:
    """What each of the four ratings would make of the card.

    now: aware. today: the learner's day that `now` falls into.
    """
    ahead = prospects(card, policy, today)
    return {rating: ahead.outcome(rating, days, now) for rating, days in ahead.days(spread).items()}


def _next_step(step: int, rating: Rating, steps: Sequence[timedelta]) -> tuple[int, timedelta | None]:
    """The step that follows and its length; None where the card leaves the steps."""
    if not steps or rating is Rating.EASY:
        return 0, None
    if rating is Rating.AGAIN:
        return 0, steps[0]
    if rating is Rating.GOOD:
        return (step + 1, steps[step + 1]) if step + 1 < len(steps) else (0, None)
    if step > 0:
        return step, steps[step]
    if len(steps) > 1:
        return 0, (steps[0] + steps[1]) / 2
    return 0, min(steps[0] * _HARD_FACTOR, steps[0] + _LONGEST_FIRST_HARD)
