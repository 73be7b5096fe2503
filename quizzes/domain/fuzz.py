"""Spreading due dates: a little at random, away from full days and from days that shall be easy.

Ranges and weights after Anki's scheduler (rslib/src/scheduler/states/{fuzz,load_balancer}.rs); the draw is seeded by
card and review, so that a preview says what the answer will do.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from math import floor

_RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, float("inf"), 0.05))
_CROWDING = 2.15
_LATENESS = 3.0

NORMAL_DAYS = (1.0,) * 7
LONGEST_BALANCED = 90
"""Days; how full a day further away will be is not known yet."""


def unit_draw(*parts: object) -> float:
    """A number in [0, 1) that is the same for the same parts, on every machine."""
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def fuzz_range(interval: float, minimum: int, maximum: int) -> tuple[int, int]:
    """The first and the last day that an interval may become; intervals under 2.5 days stay."""
    minimum = min(minimum, maximum)
    interval = min(max(interval, minimum), maximum)
    delta = 0.0
    if interval >= _RANGES[0][0]:
        delta = 1.0 + sum(factor * max(min(interval, end) - start, 0.0) for start, end, factor in _RANGES)
    low, high = (min(max(_rounded(bound), minimum), maximum) for bound in (interval - delta, interval + delta))
    if high == low and 2 < high < maximum:
        high = low + 1
    return low, high


def fuzzed(interval: float, minimum: int, maximum: int, draw: float) -> int:
    """One of the days of the range, by a number in [0, 1)."""
    low, high = fuzz_range(interval, minimum, maximum)
    return low + floor(draw * (high - low + 1))


def balanced(  # noqa: PLR0913 (the range's three, the draw, and what the days hold)
    interval: float,
    minimum: int,
    maximum: int,
    draw: float,
    *,
    today: date,
    load: Mapping[int, int],
    easiness: Sequence[float] = NORMAL_DAYS,
) -> int:
    """One of the days of the range, sooner one with few cards due and one that is not to be easy.

    load: how many cards are due in so many days from today. easiness: for Monday to Sunday 1 (as any), 0.5 (fewer) or
    0 (none, unless the range holds nothing else). Long intervals are not balanced, their days are not known yet.
    """
    low, high = fuzz_range(interval, minimum, maximum)
    days = range(low, high + 1)
    weekday = today.weekday()
    shares = [easiness[(weekday + day) % 7] for day in days]
    if high > LONGEST_BALANCED:
        load = {}
    weights = [
        share / (load.get(day, 0) + 1) ** _CROWDING / day**_LATENESS for day, share in zip(days, shares, strict=True)
    ]
    total = sum(weights)
    if total <= 0:
        return low + floor(draw * len(days))
    reached = 0.0
    for day, weight in zip(days, weights, strict=True):
        reached += weight / total
        if draw < reached:
            return day
    return high


def _rounded(number: float) -> int:
    """Halves away from zero, as Anki rounds."""
    return floor(number + 0.5)
