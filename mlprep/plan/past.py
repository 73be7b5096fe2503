"""What lies behind a learner when their plan is laid: tasks that are done, topics that are learnt."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from mlprep.plan.course import Course
from mlprep.plan.items import learnt_by
from progress.domain.calendar import start_of_day
from progress.domain.plan.memory import Memory, Past
from progress.models import PartRead, PlanTask, User


def past_of(learner: User, finished: Sequence[PlanTask], library: Course, today: date) -> Past:
    """The past for the planner. finished: tasks that are done, be it by hand or by doing them."""
    portions: dict[str, int] = {}
    for task in finished:
        portions[task.key] = max(portions.get(task.key, 0), task.portion)
    mocks = [task for task in finished if task.kind == "mock"]
    return Past(
        memories=tuple(_memories(learner, finished, library, today)),
        done=frozenset(task.key for task in finished if not task.pieces),
        portions=portions,
        mocks=max((int(task.key.split(":")[1]) for task in mocks), default=0),
        last_mock=max((day_done(task, learner, today) for task in mocks), default=None),
    )


def day_done(task: PlanTask, learner: User, today: date) -> date:
    """The day on which a task was done; one done by doing it counts on its own day, or today if that is to come."""
    return min(today, learner.day_of(task.done_at) if task.done_at else task.day)


def noon_of(learner: User, day: date) -> datetime:
    """A moment well within a learner's day."""
    return start_of_day(day, learner.zone, learner.day_begins_at) + timedelta(hours=8)


def _memories(learner: User, finished: Sequence[PlanTask], library: Course, today: date) -> list[Memory]:
    """Topics of which what matters is read or was ticked, with their reviews."""
    read = _days_read(learner, finished, today)
    memories = []
    for topic in library.topics:
        days, parts = read.get(topic.slug, {}), [slug for slug, _ in library.parts.get(topic.pk, ())]
        learnt = learnt_by(parts)
        if parts and days.keys() >= learnt:
            memory = Memory(topic.slug, topic.title, max(days[part] for part in learnt))
            reviews = [task for task in finished if task.key.startswith(f"review:{topic.slug}:")]
            for day in sorted(day_done(task, learner, today) for task in reviews):
                memory = memory.reviewed(max(day, memory.last_on))
            memories.append(memory)
    return memories


def _days_read(learner: User, finished: Sequence[PlanTask], today: date) -> dict[str, dict[str, date]]:
    """The day on which each part was read, by the topic's slug and the part's."""
    days: dict[str, dict[str, date]] = {}
    for slug, part, moment in PartRead.objects.of(learner).values_list("topic__slug", "part", "read_at"):
        days.setdefault(slug, {})[part] = min(today, learner.day_of(moment))
    for task in finished:
        if task.key.startswith("read:"):
            for part in task.pieces:
                days.setdefault(task.topic, {}).setdefault(part, day_done(task, learner, today))
    return days
