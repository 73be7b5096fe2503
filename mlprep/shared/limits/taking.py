"""Asking whether something may be done once more."""

import hashlib
import logging
import math
import time
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from mlprep.shared.limits.counters import Counter, FileCounter, RedisCounter, StoreGone, TableCounter
from mlprep.shared.limits.rates import Rate, parse_rate

_log = logging.getLogger(__name__)
PAUSE = 1.0
"""Seconds for which a process does not ask a Redis again that did not answer."""
WAIT_WITHOUT_COUNT = 30
"""Seconds to wait that are told where nothing can be counted."""


class LimitReached(Exception):
    """Something was done as often as it may be.

    wait: seconds until it may be done again, at least 1. uncounted: no store answered, so nothing more is let through.
    """

    def __init__(self, wait: float, *, uncounted: bool = False) -> None:
        self.wait = max(1, math.ceil(wait))
        self.uncounted = uncounted
        why = "Nothing can be counted just now." if uncounted else "That was a lot at once."
        super().__init__(f"{why} Try again in {_spoken(self.wait)}.")

    @property
    def status(self) -> int:
        """Whose fault it is, by HTTP: 503 where it is the server's."""
        return 503 if self.uncounted else 429


@dataclass(frozen=True, slots=True)
class Taken:
    """One count that was taken, to be given back where it should not have counted."""

    key: str
    moment: int
    counter: Counter

    def give_back(self) -> None:
        try:
            self.counter.give_back(self.key, self.moment)
        except StoreGone:
            # Then the limit is the tighter by one.
            _log.warning("A count could not be given back")


def take(name: str, rate: Rate) -> Taken:
    """Count `name` once. Raises LimitReached, also where no store answers: then nothing could be limited."""
    key, now = _digest(name), time.time()
    for counter in _counters():
        try:
            moment = counter.take(key, rate, now)
            if moment is not None:
                return Taken(key, moment, counter)
            free_at = counter.free_at(key, rate, now)
        except StoreGone:
            _pass_over(counter)
            continue
        raise LimitReached(free_at - now if free_at else 1)
    raise LimitReached(WAIT_WITHOUT_COUNT, uncounted=True)


def look(name: str, rate: Rate) -> None:
    """As `take`, but counts nothing. Raises LimitReached."""
    key, now = _digest(name), time.time()
    for counter in _counters():
        try:
            free_at = counter.free_at(key, rate, now)
        except StoreGone:
            _pass_over(counter)
            continue
        if free_at:
            raise LimitReached(free_at - now)
        return
    raise LimitReached(WAIT_WITHOUT_COUNT, uncounted=True)


def clear(name: str) -> None:
    """Begin the count of `name` anew."""
    for counter in _counters():
        try:
            counter.clear(_digest(name))
        except StoreGone:
            _pass_over(counter)


def take_one(limit: str, whose: object) -> Taken:
    """Count one more of a limit of settings.LIMITS for somebody. Raises LimitReached."""
    return take(f"{limit}:{whose}", parse_rate(settings.LIMITS[limit]))


def prune() -> None:
    """Drop what no longer counts."""
    for counter in _counters():
        try:
            counter.prune(time.time())
        except StoreGone:
            _pass_over(counter)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:40]


_silent_until: dict[int, float] = {}


def _pass_over(counter: Counter) -> None:
    _silent_until[id(counter)] = time.monotonic() + PAUSE
    _log.warning("Limits: %s does not answer", type(counter).__name__)


def _counters() -> list[Counter]:
    """The stores to ask in turn. Only Redis is passed over for a while; the database is always tried."""
    *remote, own = all_counters()
    return [*(one for one in remote if _silent_until.get(id(one), 0.0) <= time.monotonic()), own]


@cache
def all_counters() -> list[Counter]:
    """Redis where there is one, and the database."""
    # Another installation may use the same Redis.
    prefix = f"mlprep:{_digest(settings.SECRET_KEY)[:8]}:"
    remote: list[Counter] = [RedisCounter(settings.LIMITS_REDIS_URL, prefix)] if settings.LIMITS_REDIS_URL else []
    file = settings.LIMITS_FILE
    return [*remote, FileCounter(file, settings.LIMITS_JOURNAL_MODE) if file else TableCounter()]


def _spoken(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} second{'s' if seconds > 1 else ''}"
    return f"{math.ceil(seconds / 60)} minutes"
