"""Making a plan, laying it anew, ticking its tasks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from progress.accounts.models import User
from progress.domain.plan.items import Laid, LeftOut
from progress.domain.plan.schedules import MADE
from progress.plans.models import PlanTask, StudyPlan


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a learner asks of a plan. minutes: Monday to Sunday. kind: `made`, or the key of a fixed schedule."""

    minutes: tuple[int, ...]
    interview: date | None = None
    kind: str = MADE
    days_off: tuple[date, ...] = ()
    focus: str = "all"
    role: str = ""
    review_weekday: int = 6
    alarm_hour: int | None = None
    starts_on: date | None = field(default=None)

    @classmethod
    def of(cls, plan: StudyPlan) -> "Wishes":
        """What the plan was made with."""
        return cls(
            minutes=tuple(plan.minutes),
            interview=plan.learner.interview_date,
            kind=plan.kind,
            days_off=tuple(plan.dates_off),
            focus=plan.focus,
            role=plan.role,
            review_weekday=plan.learner.review_weekday,
            alarm_hour=plan.alarm_hour,
            starts_on=plan.starts_on,
        )


@transaction.atomic
def make_plan(*, learner: User, wishes: Wishes, starts_on: date, now: datetime) -> StudyPlan:
    """Keep the learner's wishes as their plan; the tasks are laid by `re_lay`.

    A plan made before is changed: what was done stays done, and its calendar's address stays too. The interview date
    is the learner's, so that flashcards go by it as well; and so is the weekday of the weekly review.
    """
    learner.interview_date, learner.review_weekday = wishes.interview, wishes.review_weekday
    learner.save(update_fields=["interview_date", "review_weekday"])
    plan, _ = StudyPlan.objects.update_or_create(
        learner=learner,
        defaults={
            "kind": wishes.kind,
            "minutes": list(wishes.minutes),
            "days_off": sorted(day.isoformat() for day in wishes.days_off),
            "focus": wishes.focus,
            "role": wishes.role,
            "alarm_hour": wishes.alarm_hour,
            "starts_on": starts_on,
            "laid_at": now,
        },
    )
    return plan


@transaction.atomic
def re_lay(*, plan: StudyPlan, laid: Laid, fulfilled: Mapping[int, datetime], now: datetime) -> None:
    """Replace what is open by what was laid. fulfilled: when tasks, by their keys, were done by doing them."""
    plan = StudyPlan.objects.select_for_update().get(pk=plan.pk)
    done = list(plan.tasks.open().filter(pk__in=fulfilled))
    for task in done:
        task.done_at = fulfilled[task.pk]
    # What was done before its day belongs to the day on which it was done.
    early = [task for task in plan.tasks.filter(day__gt=plan.learner.day_of(now)) if task.done_at]
    for task in (*done, *early):
        task.day = min(task.day, plan.learner.day_of(task.done_at or now))
    PlanTask.objects.bulk_update([*done, *early], ["done_at", "day"])
    plan.tasks.open().delete()
    kept = set(plan.tasks.values_list("key", "portion"))
    PlanTask.objects.bulk_create(
        PlanTask(
            plan=plan,
            day=task.day,
            position=position,
            key=task.key,
            portion=task.portion,
            kind=task.kind.value,
            title=task.title[:250],
            minutes=task.minutes,
            topic=task.topic,
            pieces=list(task.pieces),
        )
        for position, task in enumerate(laid.tasks)
        if (task.key, task.portion) not in kept
    )
    plan.left_out = [as_json(left) for left in laid.left_out]
    plan.laid_at = now
    plan.save(update_fields=["left_out", "laid_at"])


def tick(*, task: PlanTask, done: bool, now: datetime) -> PlanTask:
    """Mark a task as done by hand, or as not done; harmless to repeat."""
    if done and task.done_at is None:
        task.done_at = now
    elif not done:
        task.done_at = None
    task.save(update_fields=["done_at"])
    return task


def end_plan(*, plan: StudyPlan) -> None:
    """Throw the plan away with its tasks; what was learnt stays."""
    plan.delete()


def as_json(left: LeftOut) -> dict[str, object]:
    """What is kept of an item without a place."""
    return {"key": left.key, "title": left.title, "minutes": left.minutes, "reason": left.reason}
