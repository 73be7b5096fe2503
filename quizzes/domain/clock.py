"""The clock of a timed quiz, kept by the server."""

from datetime import datetime, timedelta
from math import ceil

GRACE = timedelta(seconds=2)
"""How late an answer may arrive: the network's time, not the learner's."""


def deadline_of(started_at: datetime, minutes: int | None, time_factor: float = 1.0) -> datetime | None:
    """When a quiz of so many minutes ends, stretched by the learner's time factor; None without a clock."""
    return None if minutes is None else started_at + timedelta(minutes=minutes * time_factor)


def is_over(deadline: datetime, now: datetime) -> bool:
    """Whether no answer is taken any more."""
    return now > deadline + GRACE


def seconds_left(deadline: datetime, now: datetime) -> int:
    """Whole seconds until the deadline, for the clock on the page; 0 once it has passed."""
    return max(0, ceil((deadline - now).total_seconds()))
