"""What a plan is made of: items to be placed, tasks placed on days, and what found no place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What one does."""

    READ = "read"
    EXERCISE = "exercise"
    QUIZ = "quiz"
    CARDS = "cards"
    REVIEW = "review"
    MOCK = "mock"
    WEEKLY = "weekly"
    FREE = "free"


class Window(StrEnum):
    """The days on which an item may lie."""

    LEARNING = "learning"
    """While new things are begun."""
    PRACTICE = "practice"
    """As long as anything heavy is done: until the last three days."""
    REHEARSAL = "rehearsal"
    """From the day on which nothing new is begun any more, until the last three days."""
    ALOUD = "aloud"
    """In the last week until the day before the interview, which is for rest."""


HIGH, MEDIUM, LOW = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be placed.

    minutes: at the learner's pace, 1 at least. value: what goes first where time is short, the higher the sooner.
    order: place in the course. needs: keys of items that come before it; a key that is none of the plan's is taken
    for known. pieces: names and minutes of the parts that may lie on different days; none for what is done in one go.
    concepts: codes of those it covers. not_before: set by a fixed schedule.
    """

    key: str
    kind: Kind
    title: str
    minutes: int
    value: int = 0
    order: int = 0
    priority: int = MEDIUM
    needs: tuple[str, ...] = ()
    pieces: tuple[tuple[str, int], ...] = ()
    topic: str = ""
    concepts: frozenset[str] = frozenset()
    window: Window = Window.LEARNING
    not_before: date | None = None

    def __post_init__(self) -> None:
        if self.pieces and sum(minutes for _, minutes in self.pieces) != self.minutes:
            raise ValueError(f"{self.key}: its pieces take other minutes than it does")


@dataclass(frozen=True, slots=True)
class Task:
    """An item, or one portion of it, on a day. pieces: the names of its parts; none for a whole item."""

    day: date
    key: str
    kind: Kind
    title: str
    minutes: int
    portion: int = 1
    topic: str = ""
    pieces: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that is not placed, and why, in words for the learner."""

    key: str
    title: str
    minutes: int
    reason: str
    concepts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Laid:
    """A plan: tasks in the order of days and of doing, and everything that found no place."""

    tasks: Sequence[Task]
    left_out: Sequence[LeftOut] = field(default_factory=tuple)

    def on(self, day: date) -> list[Task]:
        """A day's tasks."""
        return [task for task in self.tasks if task.day == day]
