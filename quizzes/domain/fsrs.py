"""FSRS-6: how long a memory lasts, and how a review changes it.

Everything takes numbers or arrays alike, in float64; arrays broadcast. Elapsed time is in the learner's whole days.
Source: open-spaced-repetition, "The FSRS-6 algorithm", and its reference implementation fsrs-rs.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64] | float

ALGORITHM = "FSRS-6"
DEFAULT_WEIGHTS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629,
    1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
WEIGHT_BOUNDS = (
    *[(0.001, 100.0)] * 4, (1.0, 10.0), (0.001, 4.0), (0.001, 4.0), (0.001, 0.75), (0.0, 4.5), (0.0, 0.8), (0.001, 3.5),
    (0.001, 5.0), (0.001, 0.25), (0.001, 0.9), (0.0, 4.0), (0.0, 1.0), (1.0, 6.0), (0.0, 2.0), (0.0, 2.0), (0.0, 0.8),
    (0.1, 0.8),
)  # fmt: skip
"""Between which each weight lies; the reference implementation clips to them."""

STABILITY_MIN, STABILITY_MAX = 0.001, 36_500.0
DIFFICULTY_MIN, DIFFICULTY_MAX = 1.0, 10.0
RETENTION_MIN, RETENTION_MAX = 0.70, 0.97
_RECALL_AT_STABILITY = 0.9


class Rating(IntEnum):
    """How well a card was recalled."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


_AGAIN, _HARD, _EASY = int(Rating.AGAIN), int(Rating.HARD), int(Rating.EASY)
"""Plain numbers, with which numpy compares arrays five times as quickly."""


@dataclass(frozen=True, slots=True)
class Memory:
    """stability: days until recall falls to 0.9. difficulty: 1 (easy) to 10. Numbers, or arrays of one shape."""

    stability: Any
    difficulty: Any


@dataclass(frozen=True, slots=True)
class FSRS:
    """The eight formulae under one set of 21 weights. Raises ValueError for weights outside WEIGHT_BOUNDS.

    Each formula stands once; `m` is the module that reckons: numpy, or math for plain floats.
    """

    weights: Sequence[float] = DEFAULT_WEIGHTS

    def __post_init__(self) -> None:
        if len(self.weights) != len(WEIGHT_BOUNDS):
            raise ValueError(f"FSRS-6 takes {len(WEIGHT_BOUNDS)} weights, not {len(self.weights)}")
        for place, (weight, (low, high)) in enumerate(zip(self.weights, WEIGHT_BOUNDS, strict=True)):
            if not low <= weight <= high:
                raise ValueError(f"weight {place} lies between {low} and {high}; it is {weight}")

    @property
    def decay(self) -> float:
        """The exponent of the forgetting curve, below 0."""
        return -self.weights[20]

    @property
    def factor(self) -> float:
        """Chosen so that recall after as many days as the stability is 0.9."""
        return float(_RECALL_AT_STABILITY ** (1 / self.decay) - 1)

    def retrievability(self, stability: Floats, elapsed_days: Floats) -> Any:
        """Probability of recall now, by the power forgetting curve.

        stability: > 0. elapsed_days: ≥ 0. Raises ValueError where a stability is not positive.
        """
        if np.any(np.asarray(stability) <= 0):
            raise ValueError("a stability is above 0")
        return (1 + self.factor * np.asarray(elapsed_days) / stability) ** self.decay

    def recall(self, stability: float, elapsed_days: int) -> float:
        """As `retrievability`, for one card in plain floats."""
        return float((1 + self.factor * elapsed_days / stability) ** self.decay)

    def interval(self, stability: Floats, desired_retention: float) -> Any:
        """Days, not rounded, until recall falls to the desired retention."""
        return stability / self.factor * (desired_retention ** (1 / self.decay) - 1)

    def first(self, rating: Any) -> Memory:
        """The memory after the first review ever."""
        w = np.asarray(self.weights)
        rating = np.asarray(rating)
        return Memory(
            _within(w[rating - 1], STABILITY_MIN, STABILITY_MAX),
            _within(self._initial_difficulty(rating), DIFFICULTY_MIN, DIFFICULTY_MAX),
        )

    def after(self, memory: Memory, rating: Any, elapsed_days: Floats) -> Memory:
        """The memory after a further review; on the same day (0 elapsed days) the short-term formula holds.

        rating: 1 (again) to 4 (easy). elapsed_days: ≥ 0, whole.
        """
        rating, elapsed = np.asarray(rating), np.asarray(elapsed_days)
        stability = _within(memory.stability, STABILITY_MIN, STABILITY_MAX)
        difficulty = _within(memory.difficulty, DIFFICULTY_MIN, DIFFICULTY_MAX)
        recall = self.retrievability(stability, elapsed)
        w = self.weights
        bonus = np.where(rating == _HARD, w[15], np.where(rating == _EASY, w[16], 1.0))
        later = np.where(
            rating == _AGAIN,
            np.minimum(*self._after_lapse(stability, difficulty, recall)),
            self._after_recall(stability, difficulty, recall, bonus),
        )
        growth = self._same_day_growth(stability, rating)
        same_day = stability * np.where(rating >= _HARD, np.maximum(growth, 1.0), growth)
        grown = np.where(elapsed == 0, same_day, later)
        return Memory(
            _within(grown, STABILITY_MIN, STABILITY_MAX),
            _within(self._next_difficulty(difficulty, rating), DIFFICULTY_MIN, DIFFICULTY_MAX),
        )

    def after_each(self, memory: Memory | None, elapsed_days: int) -> dict[Rating, Memory]:
        """One card after each of the four ratings: as by `first` and `after`, but in plain floats, which is quicker."""
        if memory is None:
            return {rating: self.first(int(rating)) for rating in Rating}
        stability = _within_one(memory.stability, STABILITY_MIN, STABILITY_MAX)
        difficulty = _within_one(memory.difficulty, DIFFICULTY_MIN, DIFFICULTY_MAX)
        return {
            rating: Memory(
                _within_one(self._grown(stability, difficulty, elapsed_days, rating), STABILITY_MIN, STABILITY_MAX),
                _within_one(self._next_difficulty(difficulty, int(rating), math), DIFFICULTY_MIN, DIFFICULTY_MAX),
            )
            for rating in Rating
        }

    def _grown(self, stability: float, difficulty: float, elapsed_days: int, rating: Rating) -> float:
        if elapsed_days == 0:
            growth = self._same_day_growth(stability, int(rating), math)
            return float(stability * (growth if rating is Rating.AGAIN else max(growth, 1.0)))
        recall = self.recall(stability, elapsed_days)
        if rating is Rating.AGAIN:
            return float(min(self._after_lapse(stability, difficulty, recall, math)))
        bonus = {Rating.HARD: self.weights[15], Rating.EASY: self.weights[16]}.get(rating, 1.0)
        return float(self._after_recall(stability, difficulty, recall, bonus, math))

    def _initial_difficulty(self, rating: Any, m: Any = np) -> Any:
        return self.weights[4] - m.exp(self.weights[5] * (rating - 1)) + 1

    def _next_difficulty(self, difficulty: Any, rating: Any, m: Any = np) -> Any:
        w = self.weights
        damped = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
        return w[7] * self._initial_difficulty(_EASY, m) + (1 - w[7]) * damped

    def _after_recall(self, stability: Any, difficulty: Any, recall: Any, bonus: Any, m: Any = np) -> Any:
        w = self.weights
        growth = m.exp(w[8]) * (11 - difficulty) * stability ** -w[9] * m.expm1((1 - recall) * w[10]) * bonus
        return stability * (1 + growth)

    def _after_lapse(self, stability: Any, difficulty: Any, recall: Any, m: Any = np) -> tuple[Any, Any]:
        """What a lapse leaves, and the most that it may leave."""
        w = self.weights
        kept = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * m.exp((1 - recall) * w[14])
        return kept, stability / m.exp(w[17] * w[18])

    def _same_day_growth(self, stability: Any, rating: Any, m: Any = np) -> Any:
        w = self.weights
        return m.exp(w[17] * (rating - 3 + w[18])) * stability ** -w[19]


@lru_cache(maxsize=256)
def fsrs_of(weights: tuple[float, ...]) -> FSRS:
    """The formulae under these weights, which are looked over once."""
    return FSRS(weights)


def _within_one(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _within(values: Any, low: float, high: float) -> Any:
    clipped = np.clip(values, low, high)
    return clipped if np.ndim(clipped) else float(clipped)
