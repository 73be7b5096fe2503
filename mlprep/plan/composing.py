"""A learner's plan, laid from everything that the rooms know of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from mlprep.plan.cards import card_minutes
from mlprep.plan.course import Course, course
from mlprep.plan.doing import Doings, doings_of, done_by_doing, parts_read_by_topic, solved_exercises
from mlprep.plan.items import Items, Known, asked_again
from mlprep.plan.paces import paces_of
from mlprep.plan.past import day_done, noon_of, past_of
from progress.domain.plan.days import LONGEST, Frame
from progress.domain.plan.focus import Focus, in_focus
from progress.domain.plan.items import Item, Laid, LeftOut
from progress.domain.plan.planner import REHEARSED, lay
from progress.domain.plan.schedules import MADE, Schedule, first_monday
from progress.models import PlanTask, ReviewRequest, StudyPlan, User
from progress.plans.laying import Wishes, make_plan, re_lay
from progress.plans.shelf import plans
from progress.standing import standing_of
from quizzes.flashcards.interview import queue_of
from quizzes.flashcards.preferences import settings_of

NOT_IN_SCHEDULE = "Not in the schedule that you chose"


@dataclass(frozen=True)
class Draft:
    """A plan laid and not kept. done: when tasks of the plan before it, by their keys, were done by doing them."""

    laid: Laid
    starts_on: date
    done: Mapping[int, datetime] = field(default_factory=dict)


def schedules() -> dict[str, Schedule]:
    """The fixed schedules by their keys."""
    return {fields.key: fields.read() for fields in plans().schedules}


def draft(learner: User, wishes: Wishes, now: datetime, before: StudyPlan | None = None) -> Draft:
    """Lay a plan by the learner's wishes, around what is done of the plan before."""
    today = learner.day_of(now)
    learner = _with_date(learner, wishes.interview)
    library, tasks = course(), list(before.tasks.all()) if before else []
    cards_left = queue_of(learner, settings_of(learner), now).counts().total
    doings = doings_of(before, now, cards_left=cards_left) if before else Doings(today)
    done = done_by_doing(tasks, doings)
    finished = [task for task in tasks if task.done_at or task.pk in done]
    schedule = schedules().get(wishes.kind)
    starts_on = wishes.starts_on or (first_monday(today) if schedule else today)
    interview = wishes.interview if wishes.interview and wishes.interview > today else None
    past = past_of(learner, finished, library, today)
    known = _known(learner, wishes, finished, library, has_interview=interview is not None)
    items, aside = _items(learner, library, known, schedule, starts_on, Focus(wishes.focus))
    laid = lay(
        items=items,
        frame=Frame(
            today=today,
            minutes=wishes.minutes,
            interview=interview,
            days_off=frozenset(wishes.days_off),
            review_weekday=wishes.review_weekday,
            begun=starts_on,
            spent=sum(task.minutes for task in finished if day_done(task, learner, today) == today),
        ),
        past=past,
        cards=card_minutes(learner, settings_of(learner), today, LONGEST, known.paces.card_seconds),
        habits=[fields.read() for fields in plans().countdown],
        aside=aside,
    )
    noon = {task.pk: noon_of(learner, day_done(task, learner, today)) for task in finished if task.pk in done}
    return Draft(laid, starts_on, {pk: min(now, moment) for pk, moment in noon.items()})


def make(learner: User, wishes: Wishes, now: datetime) -> StudyPlan:
    """Make the learner's plan, or change it.

    A schedule that stays keeps its days. A plan made for the learner begins anew with another interview date, so that
    the time until then is divided anew.
    """
    before = StudyPlan.objects.of(learner).first()
    same_aim = wishes.kind != MADE or learner.interview_date == wishes.interview
    if before and wishes.starts_on is None and before.kind == wishes.kind and same_aim:
        wishes = replace(wishes, starts_on=before.starts_on)
    made = draft(learner, wishes, now, before)
    plan = make_plan(learner=learner, wishes=wishes, starts_on=made.starts_on, now=now)
    re_lay(plan=plan, laid=made.laid, fulfilled=made.done, now=now)
    return plan


def re_aim(*, learner: User, now: datetime) -> bool:
    """Lay the learner's plan anew towards their interview date, which has changed; whether there is one."""
    plan = StudyPlan.objects.of(learner).first()
    if plan is None:
        return False
    plan.learner = learner
    starts_on = learner.day_of(now) if plan.kind == MADE else plan.starts_on
    make(learner, replace(Wishes.of(plan), starts_on=starts_on), now)
    return True


def _with_date(learner: User, interview: date | None) -> User:
    """The learner as they would be with that interview date; cards go by it."""
    if learner.interview_date == interview:
        return learner
    other = User.objects.get(pk=learner.pk)
    other.interview_date = interview
    return other


def _items(  # noqa: PLR0913, PLR0917 (what items come from)
    learner: User, library: Course, known: Known, schedule: Schedule | None, starts_on: date, focus: Focus
) -> tuple[list[Item], list[LeftOut]]:
    makes = Items(library, known, schedule.begins(starts_on) if schedule else None)
    items, aside = makes.all(), makes.aside
    if schedule:
        inside = set(schedule.topics)
        others = [item for item in items if item.topic not in inside and item.window not in REHEARSED]
        aside += [LeftOut(item.key, item.title, item.minutes, NOT_IN_SCHEDULE, item.concepts) for item in others]
        items = [item for item in items if item.topic in inside]
        left = [_without(item, known.pieces_done.get(item.key, ())) for item in schedule.tasks(starts_on)]
        items += [item for item in left if item and item.key not in known.done]
    kept, unwanted = in_focus(items, focus)
    requests = ReviewRequest.objects.of(learner).open().select_related("concept", "topic")
    asked = [item for item in asked_again(list(requests)) if item.key not in known.done]
    rehearsals = {item.key for item in items if item.window in REHEARSED}
    return [*asked, *kept], [*aside, *(left for left in unwanted if left.key not in rehearsals)]


def _known(
    learner: User, wishes: Wishes, finished: Sequence[PlanTask], library: Course, *, has_interview: bool
) -> Known:
    read, pieces = parts_read_by_topic(learner), dict[str, set[str]]()
    for task in finished:
        if task.key.startswith("read:"):
            read.setdefault(task.topic, set()).update(task.pieces)
        elif task.pieces:
            pieces.setdefault(task.key, set()).update(task.pieces)
    roles = {role.key: frozenset(role.topics) for role in plans().roles}
    return Known(
        standings=standing_of(learner, library.concepts),
        parts_read=read,
        solved=solved_exercises(learner),
        pieces_done=pieces,
        done=frozenset(task.key for task in finished if not task.pieces),
        paces=paces_of(learner),
        role=roles.get(wishes.role, frozenset()),
        asked_most=frozenset(plans().asked_most),
        has_interview=has_interview,
    )


def _without(item: Item, done: Collection[str]) -> Item | None:
    """What is left of a long task of which some pieces are done."""
    pieces = tuple((name, minutes) for name, minutes in item.pieces if name not in done)
    if item.pieces and not pieces:
        return None
    return replace(item, pieces=pieces, minutes=sum(minutes for _, minutes in pieces)) if pieces else item
