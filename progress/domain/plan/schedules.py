"""Fixed schedules: which topic begins on which day, counted from a Monday."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from progress.domain.plan.items import HIGH, Item, Kind, Window

MADE = "made"
"""The plan that is laid for the learner and follows no fixed schedule."""
_PIECE = 30
"""A long task may lie on several days, half an hour at least on each."""
_AFTER_TOPICS = 9_000


@dataclass(frozen=True, slots=True)
class Slot:
    """A day of a schedule: topics that begin, by their slugs, and tasks with their minutes."""

    week: int
    weekday: int
    topics: tuple[str, ...] = ()
    tasks: tuple[tuple[str, int], ...] = ()

    def on(self, start: date) -> date:
        """Its day, where the first week begins at `start`."""
        return start + timedelta(days=7 * self.week + self.weekday)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A fixed schedule. minutes: suggested for Monday to Sunday. weeks: the titles of its weeks."""

    key: str
    title: str
    summary: str
    minutes: tuple[int, ...]
    weeks: tuple[str, ...]
    slots: tuple[Slot, ...]

    @property
    def topics(self) -> list[str]:
        """The slugs of its topics, in the order in which they begin."""
        return [topic for slot in self.slots for topic in slot.topics]

    def begins(self, start: date) -> Mapping[str, date]:
        """The day on which each topic begins."""
        return {topic: slot.on(start) for slot in self.slots for topic in slot.topics}

    def tasks(self, start: date) -> list[Item]:
        """Its tasks beside the topics."""
        return [
            Item(
                key=f"free:{self.key}:{slot.week + 1}:{slot.weekday}:{place}",
                kind=Kind.FREE,
                title=title,
                minutes=minutes,
                value=20,
                order=_AFTER_TOPICS + 10 * (7 * slot.week + slot.weekday) + place,
                priority=HIGH,
                pieces=halves(minutes),
                window=Window.PRACTICE,
                not_before=slot.on(start),
            )
            for slot in self.slots
            for place, (title, minutes) in enumerate(slot.tasks)
        ]


def first_monday(day: date) -> date:
    """The day itself where it is a Monday, else the Monday to come."""
    return day + timedelta(days=-day.weekday() % 7)


def halves(minutes: int, piece: int = _PIECE) -> tuple[tuple[str, int], ...]:
    """A long task cut into pieces of about half an hour; none for a short one."""
    if minutes <= piece:
        return ()
    count = minutes // piece
    return tuple((str(place + 1), minutes // count + (place < minutes % count)) for place in range(count))
