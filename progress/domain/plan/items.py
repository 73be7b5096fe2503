"""What a plan is made of: items to be placed, tasks placed on days, and what found no place."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
REST = ":rest"
"""Ends the key of what is left of a text whose first layer is done; nothing builds on it."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be placed.

    minutes: at the learner's pace, 1 at least. value: what goes first where time is short, the higher the sooner.
    order: place in the course. needs: keys of items that come before it; a key that is none of the plan's is taken
    for known. pieces: names and minutes of the parts that may lie on different days; none for what is done in one go.
    concepts: codes of those it covers. not_before: set by a fixed schedule. layers: where time is short, the pieces may
    be taken up in these groups, what matters most first, each with its own value; others build on the first group
    alone. Without layers it is all or nothing.
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
    layers: tuple["Layer", ...] = ()
    cut: int = 0

    def __post_init__(self) -> None:
        if self.pieces and sum(minutes for _, minutes in self.pieces) != self.minutes:
            raise ValueError(f"{self.key}: its pieces take other minutes than it does")
        if self.layers and sorted(n for layer in self.layers for n in layer.pieces) != sorted(
            n for n, _ in self.pieces
        ):
            raise ValueError(f"{self.key}: its layers hold other pieces than it has")

    @property
    def is_glance(self) -> bool:
        """Whether it is cut down to the first of several layers: enough to go on, too little to be learnt."""
        return self.cut == 1 and not self.key.endswith(REST)

    def layered(self) -> tuple["Layer", ...]:
        """Its layers; all of it as one where it has none."""
        return self.layers or (Layer(self.value, tuple(name for name, _ in self.pieces)),)

    def minutes_of(self, layer: "Layer") -> int:
        """The minutes of one of its layers."""
        return sum(minutes for name, minutes in self.pieces if name in layer.pieces) if self.layers else self.minutes

    def down_to(self, count: int) -> "Item":
        """The item with its first `count` layers, its pieces in their own order."""
        if count >= len(self.layers):
            return self
        return replace(self._only(self.layers[:count]), cut=count)

    def beyond(self, count: int) -> "Item | None":
        """The layers after the first `count`, as an item that comes after it and on which nothing builds."""
        if count >= len(self.layers):
            return None
        rest = self.layers[count:]
        return replace(
            self._only(rest), key=self.key + REST, value=rest[0].value, needs=(self.key,), window=Window.PRACTICE
        )

    def _only(self, layers: tuple["Layer", ...]) -> "Item":
        names = {name for layer in layers for name in layer.pieces}
        pieces = tuple((name, minutes) for name, minutes in self.pieces if name in names)
        return replace(self, pieces=pieces, minutes=sum(minutes for _, minutes in pieces), layers=layers)


@dataclass(frozen=True, slots=True)
class Layer:
    """Pieces of an item that are taken up together, and their value."""

    value: int
    pieces: tuple[str, ...]


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
