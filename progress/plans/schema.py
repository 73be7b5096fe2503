"""What `plans.yaml` holds."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from progress.domain.plan.habits import Habit
from progress.domain.plan.schedules import Schedule, Slot

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,30}$")]
Minutes = Annotated[int, Field(ge=0, le=720)]
Title = Annotated[str, Field(min_length=3, max_length=120)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class TaskFields(_Strict):
    """A task beside the topics."""

    title: Title
    minutes: int = Field(ge=5, le=480)


class DayFields(_Strict):
    """What begins on a day."""

    topics: list[str] = []
    tasks: list[TaskFields] = []


class WeekFields(_Strict):
    """A week of a schedule."""

    title: Title
    days: dict[Weekday, DayFields]


class ScheduleFields(_Strict):
    """A fixed schedule."""

    key: Key
    title: Title
    summary: str = Field(min_length=20, max_length=200)
    minutes: list[Minutes] = Field(min_length=7, max_length=7)
    weeks: list[WeekFields] = Field(min_length=1)

    def read(self) -> Schedule:
        """The schedule for the planner."""
        slots = tuple(
            Slot(
                week=number,
                weekday=place,
                topics=tuple(week.days[name].topics),
                tasks=tuple((task.title, task.minutes) for task in week.days[name].tasks),
            )
            for number, week in enumerate(self.weeks)
            for place, name in enumerate(WEEKDAYS)
            if name in week.days
        )
        titles = tuple(week.title for week in self.weeks)
        return Schedule(self.key, self.title, self.summary, tuple(self.minutes), titles, slots)


class HabitFields(_Strict):
    """A small task of the last days. link: a page or a guide that it is done with."""

    key: Key
    title: Title
    minutes: int = Field(ge=5, le=60)
    first: int = Field(alias="from", ge=1, le=60)
    last: int = Field(alias="to", ge=1, le=60)
    link: str = ""

    @model_validator(mode="after")
    def _counts_down(self) -> "HabitFields":
        if self.first < self.last:
            raise ValueError("days before the interview count down: `from` is the larger number")
        return self

    def read(self) -> Habit:
        """The habit for the planner."""
        return Habit(self.key, self.title, self.minutes, self.first, self.last)


class RoleFields(_Strict):
    """A role, with the topics that it is asked about most."""

    key: Key
    title: Title
    topics: list[str]


class PlansFields(_Strict):
    """The whole file."""

    schedules: list[ScheduleFields]
    countdown: list[HabitFields]
    roles: list[RoleFields]
    asked_most: list[str] = []
