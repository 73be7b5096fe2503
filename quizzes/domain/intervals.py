"""Uncertainty of figures from few answers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z_95 = 1.959963984540054
"""The standard normal's 97.5 % quantile."""

_MOST_CORRELATED = 0.999


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float

    @property
    def low_percent(self) -> int:
        return round(100 * self.low)

    @property
    def high_percent(self) -> int:
        return round(100 * self.high)


def wilson(successes: float, trials: int) -> Interval:
    """Wilson's score interval of a share; successes may be a sum of credits from 0 to 1.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    Raises ValueError without trials.
    """
    if trials < 1:
        raise ValueError("no trials")
    share = successes / trials
    centre = share + Z_95**2 / (2 * trials)
    spread = Z_95 * np.sqrt(share * (1 - share) / trials + Z_95**2 / (4 * trials**2))
    scale = 1 + Z_95**2 / trials
    return Interval(max(0.0, float((centre - spread) / scale)), min(1.0, float((centre + spread) / scale)))


def bootstrap(
    statistic: Callable[[NDArray[np.intp]], NDArray[np.float64]],
    size: int,
    rng: np.random.Generator,
    *,
    resamples: int = 500,
) -> Interval:
    """The percentile interval of a statistic under resampling.

    statistic: of indexes, shape (resamples, size), to a value for each resample; values that are not finite are
    left out. Source: B. Efron, "Bootstrap methods: another look at the jackknife", 1979.
    """
    values = statistic(rng.integers(0, size, (resamples, size)))
    finite = values[np.isfinite(values)]
    if not finite.size:
        return Interval(float("nan"), float("nan"))
    low, high = np.quantile(finite, [0.025, 0.975])
    return Interval(float(low), float(high))


def fisher(correlation: float, size: int) -> Interval:
    """Fisher's interval of a correlation out of `size` pairs, size > 3; it stays open beside a perfect one.

    Without a relation it holds for a credit of 0 and 1 too, since a correlation's variance under permutation is
    1 / (size - 1) whatever the distributions. Source: R. A. Fisher, "On the 'probable error' of a coefficient of
    correlation deduced from a small sample", 1921.
    """
    centre = np.arctanh(np.clip(correlation, -_MOST_CORRELATED, _MOST_CORRELATED))
    reach = Z_95 / np.sqrt(size - 3)
    return Interval(float(np.tanh(centre - reach)), float(np.tanh(centre + reach)))


def union(*intervals: Interval) -> Interval:
    """The smallest interval that holds them all; those without an end are left out."""
    known = [interval for interval in intervals if np.isfinite(interval.low)]
    return Interval(min(interval.low for interval in known), max(interval.high for interval in known))
