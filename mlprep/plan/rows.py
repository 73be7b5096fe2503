"""What pages show of a task, and of a learner's day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mlprep.plan.doing import Doings, doings_of
from mlprep.plan.links import url_of, verb_of
from progress.models import PlanTask, StudyPlan, User

_NAMED = 2
"""So many parts of a text are named, more are counted."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as it is shown.

    by_doing: the records say that it is done, so there is nothing to tick. left: how many cards are left of today's.
    """

    task: PlanTask
    verb: str
    url: str
    by_doing: bool
    left: int | None = None

    @property
    def done(self) -> bool:
        return self.by_doing or self.task.done_at is not None

    @property
    def label(self) -> str:
        """Everything that names the task, on one line."""
        named = f"{self.verb}: {self.task.title}" if self.verb else self.task.title
        return f"{named} ({self.part})" if self.part else named

    @property
    def part(self) -> str:
        """How much it is: parts of a text, or cards that are left today."""
        if self.left and not self.done:
            return f"{self.left} left"
        if not self.task.pieces or not self.task.key.startswith("read:"):
            return ""
        count = len(self.task.pieces)
        if count <= _NAMED:
            return " and ".join(piece.replace("-", " ") for piece in self.task.pieces)
        return f"{count} part{'' if count == 1 else 's'}"


@dataclass(frozen=True)
class PlanDay:
    """A day of a plan."""

    date: date
    rows: Sequence[TaskRow]

    @property
    def minutes(self) -> int:
        return sum(row.task.minutes for row in self.rows)

    @property
    def minutes_left(self) -> int:
        return sum(row.task.minutes for row in self.rows if not row.done)

    @property
    def done(self) -> int:
        return sum(row.done for row in self.rows)

    @property
    def first_open(self) -> TaskRow | None:
        """The one thing to start with: the first open task that has a page, else the first open one."""
        still = [row for row in self.rows if not row.done]
        return next((row for row in still if row.url), still[0] if still else None)


def rows_of(tasks: Iterable[PlanTask], doings: Doings) -> list[TaskRow]:
    """The tasks with their addresses and whether they are done."""
    codes = doings.codes_of_topic
    return [
        TaskRow(
            task,
            verb_of(task),
            url_of(task, codes),
            by_doing=task.done_at is None and doings.has_done(task),
            left=doings.cards_left if task.kind == "cards" and task.day == doings.today else None,
        )
        for task in tasks
    ]


def days_with(rows: Iterable[TaskRow]) -> dict[date, PlanDay]:
    """The rows by their days."""
    by_day: dict[date, list[TaskRow]] = {}
    for row in rows:
        by_day.setdefault(row.task.day, []).append(row)
    return {day: PlanDay(day, rows) for day, rows in by_day.items()}


@dataclass(frozen=True)
class Session:
    """What a plan asks of its learner today, and what stayed open before. next_day: the next one with tasks."""

    plan: StudyPlan
    today: PlanDay
    missed: Sequence[TaskRow]
    next_day: PlanDay | None

    @property
    def has_cards(self) -> bool:
        """Whether flashcards are one of today's tasks."""
        return any(row.task.kind == "cards" for row in self.today.rows)

    @property
    def is_over(self) -> bool:
        """Whether the plan has nothing more to come."""
        return not self.today.rows and self.next_day is None


def session_of(plan: StudyPlan, now: datetime, *, cards_left: int) -> Session:
    """The plan's today, in eight queries. cards_left: due cards of today."""
    doings = doings_of(plan, now, cards_left=cards_left)
    today = doings.today
    rows = rows_of(plan.tasks.filter(day__lte=today), doings)
    upcoming = list(plan.tasks.filter(day=plan.tasks.filter(day__gt=today).order_by("day").values("day")[:1]))
    days = days_with(rows_of(upcoming, doings))
    return Session(
        plan=plan,
        today=PlanDay(today, [row for row in rows if row.task.day == today]),
        missed=[row for row in rows if row.task.day < today and not row.done and row.task.kind != "cards"],
        next_day=next(iter(days.values()), None),
    )


def plan_of(learner: User) -> StudyPlan | None:
    """The learner's plan, the learner with it."""
    plan = StudyPlan.objects.of(learner).first()
    if plan:
        plan.learner = learner
    return plan
