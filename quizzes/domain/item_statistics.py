"""How questions do: facility, discrimination, distractors, time, each with its uncertainty.

Terms and formulas after classical test theory: L. Crocker, J. Algina, "Introduction to classical and modern test
theory", 1986.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from quizzes.domain.intervals import Interval, bootstrap, fisher, union, wilson

FEWEST_ANSWERS = 5
"""Below this many answers a figure says too little to be shown."""

FEWEST_OF_EACH = 5
"""Below this many right or wrong answers nobody is sure how an item discriminates."""

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

    @property
    def percent(self) -> int:
        return round(100 * self.value)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What may be wrong with an item; not sure where so few answers could show it by chance."""

    text: str
    sure: bool


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """What the answers to one item show; a figure is None where there are too few.

    left_open: of all who were asked, the share that gave no answer.
    """

    answers: int
    facility: Estimate | None = None
    left_open: Estimate | None = None
    discrimination: Estimate | None = None
    median_seconds: Estimate | None = None
    choice_rates: dict[int, Estimate] = field(default_factory=dict)
    suspicions: tuple["Suspicion", ...] = ()


def item_statistics(
    responses: Sequence[Response],
    *,
    right_options: frozenset[int] = frozenset(),
    left_open: int = 0,
    unrated: int = 0,
    seed: int = 0,
) -> ItemStatistics:
    """Facility (mean credit of those who answered), the share that left it open, discrimination, times, choices.

    Discrimination is the corrected item-total correlation: of the item's credit with the mean credit of the
    other items of the same quiz. Its interval is the union of Fisher's and the bootstrap's: resamples in which
    everybody is right have no correlation, and without them the bootstrap alone is far too narrow where few are
    right or few are wrong. right_options: indexes of a choice's right options, empty for other kinds.
    left_open, unrated: how many gave no answer, and how many one that nobody has rated yet.
    """
    asked = len(responses) + left_open + unrated
    omitted = Estimate(left_open / asked, wilson(left_open, asked)) if asked >= FEWEST_ANSWERS else None
    if len(responses) < FEWEST_ANSWERS:
        return ItemStatistics(len(responses), left_open=omitted)
    rng = np.random.Generator(np.random.PCG64(seed))
    credit = np.array([response.credit for response in responses])
    rest = np.array([response.rest for response in responses])
    facility = Estimate(float(credit.mean()), wilson(float(credit.sum()), len(credit)))
    discrimination = _discrimination(credit, rest, rng)
    return ItemStatistics(
        answers=len(responses),
        facility=facility,
        left_open=omitted,
        discrimination=discrimination,
        median_seconds=_median(np.array([response.seconds for response in responses]), rng),
        choice_rates=_choice_rates(responses),
        suspicions=tuple(_suspicions(facility, discrimination, responses, right_options)),
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
    resampled = bootstrap(lambda index: correlation(credit[index], rest[index]), len(credit), rng)
    return Estimate(value, union(Interval(value, value), fisher(value, len(credit)), resampled))


def _median(seconds: Floats, rng: np.random.Generator) -> Estimate:
    interval = bootstrap(lambda index: np.asarray(np.median(seconds[index], axis=-1)), len(seconds), rng)
    return Estimate(float(np.median(seconds)), interval)


def _choice_rates(responses: Sequence[Response]) -> dict[int, Estimate]:
    counts = Counter(option for response in responses for option in response.chosen)
    total = len(responses)
    return {option: Estimate(count / total, wilson(count, total)) for option, count in sorted(counts.items())}


def _suspicions(
    facility: Estimate,
    discrimination: Estimate | None,
    responses: Sequence[Response],
    right_options: frozenset[int],
) -> Iterator[Suspicion]:
    if discrimination and discrimination.value < 0:
        text = "Those who know more answer it less well (negative discrimination)"
        yield Suspicion(text, sure=discrimination.interval.high < 0 and _enough_of_each(responses))
    if (sure := _distractor_beats_key(responses, right_options)) is not None:
        yield Suspicion("A distractor is chosen more often than the key", sure=sure)
    if facility.interval.high < 0.2:
        yield Suspicion("Hardly anybody gets it right", sure=True)


def _enough_of_each(responses: Sequence[Response]) -> bool:
    """Whether there are enough right and enough wrong answers to compare; credits in part count in part."""
    compared = [response.credit for response in responses if isfinite(response.rest)]
    return FEWEST_OF_EACH <= sum(compared) <= len(compared) - FEWEST_OF_EACH


def _distractor_beats_key(responses: Sequence[Response], right_options: frozenset[int]) -> bool | None:
    """Whether it is sure that a distractor is chosen more often than a right option; None where none is.

    Of those who chose one of the two and not the other, the share with the distractor is above one half by
    Wilson's interval (McNemar's comparison of paired shares).
    """
    chosen = [set(response.chosen) for response in responses]
    found = None
    for key, distractor in product(right_options, set().union(*chosen) - right_options):
        wrong = sum(distractor in options and key not in options for options in chosen)
        right = sum(key in options and distractor not in options for options in chosen)
        if wrong > right:
            found = bool(found) or wilson(wrong, wrong + right).low > 0.5
    return found
