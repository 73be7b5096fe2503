"""A plan's month as a calendar's grid."""

from calendar import Calendar
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mlprep.plan.rows import PlanDay, TaskRow

SHOWN = 3
_EVERYDAY = {"cards", "review"}


@dataclass(frozen=True)
class Cell:
    """A day in the grid."""

    date: date
    day: PlanDay | None
    in_month: bool
    is_today: bool
    is_off: bool
    is_interview: bool

    @property
    def named(self) -> Sequence[TaskRow]:
        """The tasks that the grid names: what is new before what comes every day."""
        rows = self.day.rows if self.day else []
        return sorted(rows, key=lambda row: row.task.kind in _EVERYDAY)[:SHOWN]

    @property
    def more(self) -> int:
        """How many tasks the grid does not name."""
        return max(0, len(self.day.rows) - SHOWN) if self.day else 0


@dataclass(frozen=True)
class Week:
    """Seven days. is_bare: there is nothing to show in them."""

    cells: Sequence[Cell]

    @property
    def is_bare(self) -> bool:
        return all(not cell.day and not cell.is_interview and not cell.is_today for cell in self.cells)


@dataclass(frozen=True)
class Month:
    """A month with its weeks; before and after: the first days of the months beside it."""

    first: date
    weeks: Sequence[Week]

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)


def month_of(
    first: date, days: Mapping[date, PlanDay], *, today: date, off: Collection[date], interview: date | None
) -> Month:
    """The month that begins at `first`, its weeks from Monday on."""

    def cell(day: date) -> Cell:
        return Cell(day, days.get(day), day.month == first.month, day == today, day in off, day == interview)

    weeks = [Week([cell(day) for day in week]) for week in Calendar().monthdatescalendar(first.year, first.month)]
    return Month(first, weeks)


def read_month(text: str, today: date) -> date:
    """The first day of a month written as 2026-12; this month's where it is none."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if abs(first.year - today.year) <= 2 else today.replace(day=1)
