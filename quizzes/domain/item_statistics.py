"""How questions do: facility, discrimination, distractors, time, each with its uncertainty.

Terms and formulas after classical test theory: L. Crocker, J. Algina, "Introduction to classical and modern test
theory", 1986.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quizzes.domain.intervals import Interval, bootstrap, wilson

FEWEST_ANSWERS = 5
"""Below this many answers a figure says too little to be shown."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Response:
    """One answer to an item: its credit, the mean credit of the same quiz's other items (NaN for none), the time,
    and the indexes of the options chosen."""

    credit: float
    rest: float
    seconds: float
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """What the answers to one item show; a figure is None where there are too few."""

    answers: int
    facility: Estimate | None = None
    discrimination: Estimate | None = None
    median_seconds: Estimate | None = None
    choice_rates: dict[int, float] = field(default_factory=dict)
    suspicions: tuple[str, ...] = ()


def item_statistics(
    responses: Sequence[Response], *, right_options: frozenset[int] = frozenset(), seed: int = 0
) -> ItemStatistics:
    """Facility (mean credit), discrimination, median time and choice rates of an item.

    Discrimination is the corrected item-total correlation: of the item's credit with the mean credit of the
    other items of the same quiz. right_options: indexes of a choice's right options, empty for other kinds.
    """
    if len(responses) < FEWEST_ANSWERS:
        return ItemStatistics(len(responses))
    rng = np.random.Generator(np.random.PCG64(seed))
    credit = np.array([response.credit for response in responses])
    rest = np.array([response.rest for response in responses])
    facility = Estimate(float(credit.mean()), wilson(float(credit.sum()), len(credit)))
    discrimination = _discrimination(credit, rest, rng)
    rates = _choice_rates(responses)
    return ItemStatistics(
        answers=len(responses),
        facility=facility,
        discrimination=discrimination,
        median_seconds=_median(np.array([response.seconds for response in responses]), rng),
        choice_rates=rates,
        suspicions=tuple(_suspicions(facility, discrimination, rates, right_options)),
    )


def correlation(first: Floats, second: Floats) -> Floats:
    """Pearson's correlation along the last axis; NaN where one side does not vary."""
    a = first - first.mean(axis=-1, keepdims=True)
    b = second - second.mean(axis=-1, keepdims=True)
    spread = np.sqrt((a**2).sum(axis=-1) * (b**2).sum(axis=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(spread > 1e-12, (a * b).sum(axis=-1) / spread, np.nan))


def _discrimination(credit: Floats, rest: Floats, rng: np.random.Generator) -> Estimate | None:
    known = np.isfinite(rest)
    credit, rest = credit[known], rest[known]
    if len(credit) < FEWEST_ANSWERS:
        return None
    value = float(correlation(credit, rest))
    if not np.isfinite(value):
        return None
    return Estimate(value, bootstrap(lambda index: correlation(credit[index], rest[index]), len(credit), rng))


def _median(seconds: Floats, rng: np.random.Generator) -> Estimate:
    interval = bootstrap(lambda index: np.asarray(np.median(seconds[index], axis=-1)), len(seconds), rng)
    return Estimate(float(np.median(seconds)), interval)


def _choice_rates(responses: Sequence[Response]) -> dict[int, float]:
    counts = Counter(option for response in responses for option in response.chosen)
    return {option: count / len(responses) for option, count in sorted(counts.items())}


def _suspicions(
    facility: Estimate, discrimination: Estimate | None, rates: dict[int, float], right_options: frozenset[int]
) -> list[str]:
    found = []
    if discrimination and discrimination.value < 0:
        found.append("Those who know more answer it less well (negative discrimination).")
    if right_options:
        key_rate = min(rates.get(option, 0.0) for option in right_options)
        if any(rate > key_rate for option, rate in rates.items() if option not in right_options):
            found.append("A distractor is chosen more often than the key.")
    if facility.interval.high < 0.2:
        found.append("Hardly anybody gets it right.")
    return found
