"""The learner's own days: in their time zone, from rollover hour to rollover hour."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ROLLOVER = 4
"""Days begin at four in the morning, so that a late evening belongs to the day it began in."""


def learner_day(moment: datetime, zone: ZoneInfo, rollover: int = DEFAULT_ROLLOVER) -> date:
    """The learner's day that a moment (aware) falls into; `rollover` is the hour at which days begin, 0 to 23."""
    local = moment.astimezone(zone)
    return local.date() - timedelta(days=local.hour < rollover)


def start_of_day(day: date, zone: ZoneInfo, rollover: int = DEFAULT_ROLLOVER) -> datetime:
    """The moment at which a learner's day begins, in their zone.

    Where the clocks skip the rollover hour, the day begins when they have been put forward.
    """
    return datetime.combine(day, time(rollover), zone)


def days_between(earlier: date, later: date) -> int:
    """Whole days from one learner's day to another, 0 at least: a clock set back makes no negative time."""
    return max(0, (later - earlier).days)
