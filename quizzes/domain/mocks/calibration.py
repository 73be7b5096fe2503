"""Own rating beside what was measured: does somebody think too much or too little of their knowledge?"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import fmean, stdev

MIN_ANSWERS = 3
"""A concept's mastery counts as measured from so many answers on that nobody rated for themselves."""
MIN_SITTINGS = 3
NOTABLE = 0.1
"""A smaller mean difference is none that matters."""


class Verdict(StrEnum):
    """What the differences say."""

    OVER = "over"
    UNDER = "under"
    FITS = "fits"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Judgement:
    """How own ratings compare with mastery. gap: their mean difference, above 0 where the own rating is higher."""

    verdict: Verdict
    sittings: int
    gap: float

    @property
    def points(self) -> int:
        """The gap in percentage points, without its sign."""
        return round(100 * abs(self.gap))


def judge(gaps: Sequence[float]) -> Judgement:
    """What the differences between own rating and mastery (each −1 to 1) show together.

    A word is said from MIN_SITTINGS on, and only where twice the standard error of the mean leaves no doubt: over or
    under where the mean lies beyond it and NOTABLE, fits where both are small. Else the verdict is open.
    """
    count = len(gaps)
    mean = fmean(gaps) if gaps else 0.0
    if count < MIN_SITTINGS:
        return Judgement(Verdict.OPEN, count, mean)
    doubt = 2 * stdev(gaps) / sqrt(count)
    if abs(mean) > max(NOTABLE, doubt):
        return Judgement(Verdict.OVER if mean > 0 else Verdict.UNDER, count, mean)
    settled = abs(mean) <= NOTABLE and doubt <= 1.5 * NOTABLE
    return Judgement(Verdict.FITS if settled else Verdict.OPEN, count, mean)
