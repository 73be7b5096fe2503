"""The days of a plan: how many minutes each has, and what it is for, counted back from the interview.

The curriculum guide's countdown: three weeks before, complete the topics and mend weak spots; two weeks before, review
everything; one week before, formulas daily, common questions and mock interviews; three days before, light review;
the day before, a quick skim and rest. Where the interview is nearer than four weeks, the last two stages shrink with
it, so that there is time to learn something first.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST = 84
"""A plan without an interview date ends after twelve weeks."""
LAST_WEEK, REVIEW_WEEK = 7, 7
LIGHT_FROM = 3
_LIGHT_SHARE, _EVE_SHARE, _EVE_MINUTES = 0.6, 0.5, 45


class Stage(StrEnum):
    """What a day is for."""

    LEARN = "learn"
    REVIEW = "review"
    LAST_WEEK = "last week"
    LIGHT = "light"
    EVE = "eve"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a plan has to fit into.

    today: the learner's day on which it begins. minutes: Monday to Sunday. interview: a day on which nothing is placed.
    spent: minutes of today that are used up already. begun: since when the interview has been aimed at, today if left
    out; by that the time is divided into stages, so that a plan laid anew near its end does not begin to learn again.
    """

    today: date
    minutes: tuple[int, ...]
    interview: date | None = None
    days_off: frozenset[date] = frozenset()
    review_weekday: int = 6
    spent: int = 0
    begun: date | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its minutes; left: days until the interview, None without one."""

    date: date
    minutes: int
    stage: Stage
    left: int | None


def days_of(frame: Frame) -> list[Day]:
    """Every day from today to the one before the interview, days off with no minutes."""
    count = LONGEST if frame.interview is None else max(0, (frame.interview - frame.today).days)
    behind = max(0, (frame.today - frame.begun).days) if frame.begun else 0
    whole = behind + count
    learning = learning_days(whole) - behind if frame.interview else count
    days = []
    for place in range(count):
        day = frame.today + timedelta(days=place)
        left = count - place if frame.interview else None
        stage = Stage.LEARN if left is None else _stage(left, light_from(whole), learns=place < learning)
        minutes = 0 if day in frame.days_off else frame.minutes[day.weekday()]
        spent = 0 if place else frame.spent
        days.append(Day(day, max(0, _within(minutes, stage) - spent), stage, left))
    return days


def learning_days(count: int) -> int:
    """Of so many days before an interview, on how many new things are begun.

    From four weeks on all but the last two; nearer than that, the last week is at most half of the time, and the
    review before it a third of the rest.
    """
    last = min(LAST_WEEK, count // 2)
    return count - last - min(REVIEW_WEEK, max(0, count - LAST_WEEK) // 3)


def light_from(count: int) -> int:
    """From how many days before the interview on only light review is done, where there are so many in all."""
    return min(LIGHT_FROM, max(1, count // 3))


def _stage(left: int, light: int, *, learns: bool) -> Stage:
    if left == 1:
        return Stage.EVE
    if left <= light:
        return Stage.LIGHT
    if learns:
        return Stage.LEARN
    return Stage.LAST_WEEK if left <= LAST_WEEK else Stage.REVIEW


def _within(minutes: int, stage: Stage) -> int:
    """The last days are not filled."""
    if stage is Stage.EVE:
        return min(_EVE_MINUTES, int(minutes * _EVE_SHARE))
    return int(minutes * _LIGHT_SHARE) if stage is Stage.LIGHT else minutes
