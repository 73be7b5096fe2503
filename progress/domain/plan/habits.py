"""What comes by itself on certain days: the countdown's small tasks, the weekly review, mock interviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from progress.domain.plan.days import Day, Stage
from progress.domain.plan.items import Kind, Task

WEEKLY_MINUTES = 15
MOCK_MINUTES = 30
TOPICS_BEFORE_MOCKS = 10
"""After so many topics mock interviews begin; in the last two weeks sooner."""
_AGE = 7
"""A mock interview asks about what was learnt a week ago or more; only in the last weeks about younger things."""


@dataclass(frozen=True, slots=True)
class Habit:
    """A small task on each day from `first` to `last` days before the interview (first ≥ last)."""

    key: str
    title: str
    minutes: int
    first: int
    last: int
    kind: Kind = Kind.FREE

    def on(self, day: Day) -> Task | None:
        """The day's task, where the habit has one."""
        if day.left is None or not self.last <= day.left <= self.first:
            return None
        return Task(day.date, f"{self.key}:{day.date:%Y-%m-%d}", self.kind, self.title, self.minutes)


def weekly_review(day: Day, weekday: int) -> Task | None:
    """The review of the week on the learner's weekday."""
    if day.date.weekday() != weekday or day.stage is Stage.EVE:
        return None
    return Task(day.date, f"weekly:{day.date:%Y-%m-%d}", Kind.WEEKLY, "Weekly review", WEEKLY_MINUTES)


def mock_is_due(day: Day, last_mock: date | None, learnt_on: Sequence[date]) -> bool:
    """Whether a mock interview belongs on the day: one a week, in the last two weeks one every three days."""
    if day.stage in {Stage.LIGHT, Stage.EVE} or not learnt_on:
        return False
    near = day.left is not None and day.left <= 14
    if not near and len(learnt_on) < TOPICS_BEFORE_MOCKS:
        return False
    if day.stage is Stage.LEARN and (day.date - min(learnt_on)).days < _AGE:
        return False
    return last_mock is None or (day.date - last_mock).days >= (3 if near else 7)
