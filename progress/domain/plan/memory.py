"""Spaced review of what was learnt: each gap is longer than the one before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

GAPS = (2, 5, 11, 24, 50)
"""Days from learning to the first review, from there to the second, and so on; each about twice the one before."""
REVIEW_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Memory:
    """A topic that was learnt: when it was last looked at, how often it was reviewed, and the last gap in days."""

    topic: str
    title: str
    last_on: date
    times: int = 0
    gap: int = 0

    @property
    def gap_to_come(self) -> int:
        """Days until the next review: the usual ones, but always more than the last gap, which may have grown."""
        return max(GAPS[min(self.times, len(GAPS) - 1)], self.gap + 1)

    @property
    def due_on(self) -> date:
        return self.last_on + timedelta(days=self.gap_to_come)

    def reviewed(self, day: date) -> "Memory":
        """The memory after a review on a day."""
        return Memory(self.topic, self.title, day, self.times + 1, (day - self.last_on).days)


@dataclass(frozen=True, slots=True)
class Past:
    """What lies behind when a plan is laid.

    memories: topics that are learnt. done: keys of tasks that are done, so that none of them comes twice. portions: how
    many portions of an item are done. mocks: how many mock interviews were sat; last_mock: when the last one was.
    """

    memories: tuple[Memory, ...] = ()
    done: frozenset[str] = frozenset()
    portions: Mapping[str, int] = field(default_factory=dict)
    mocks: int = 0
    last_mock: date | None = None
