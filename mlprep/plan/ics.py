"""The plan as a calendar, by its secret address: no session, no cookie, never cached."""

from collections.abc import Collection
from datetime import date, datetime
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mlprep.plan.doing import doings_of, done_by_doing
from mlprep.plan.links import verb_of
from mlprep.shared.addresses import address
from mlprep.shared.limits.taking import LimitReached, take_one
from progress.domain.ics import Event, calendar
from progress.models import PlanTask, StudyPlan
from progress.plans.calendar_address import plan_with_key


@require_safe
def plan_calendar(request: HttpRequest) -> HttpResponse:
    """The calendar of the plan whose key the address has; any other key is a page that there is not."""
    plan = plan_with_key(request.GET.get("key", ""))
    if plan is None or not plan.learner.is_active:
        raise Http404
    try:
        take_one("calendar", plan.pk)
    except LimitReached as reached:
        # Where nothing can be counted, such as on a full disk, reading goes on.
        if not reached.uncounted:
            raise
    text = calendar("mlprep: study plan", _events(plan, timezone.now()), plan.laid_at)
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": 'inline; filename="plan.ics"',
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
        },
    )


def _events(plan: StudyPlan, now: datetime) -> list[Event]:
    """One event a day, so that a calendar stays readable: the day's tasks stand in its description."""
    tasks = list(plan.tasks.order_by("day", "position"))
    done = {task.pk for task in tasks if task.done_at}
    # Whether today's cards are all answered would take a queue to tell; a calendar shows it tomorrow.
    done |= done_by_doing(tasks, doings_of(plan, now, cards_left=1))
    events = [_event(plan, day, list(many), done) for day, many in groupby(tasks, key=lambda task: task.day)]
    if interview := plan.learner.interview_date:
        uid = f"plan-{plan.pk}-interview@{_host()}"
        events.append(Event(uid, interview, "Interview", url=address(reverse("plan:home"))))
    return events


def _event(plan: StudyPlan, day: date, tasks: list[PlanTask], done: Collection[int]) -> Event:
    minutes = sum(task.minutes for task in tasks)
    lines = [f"{'✓' if task.pk in done else '–'} {_name(task)} ({task.minutes} min)" for task in tasks]
    page = address(f"{reverse('plan:home')}?view=list#day-{day}")
    return Event(
        uid=f"plan-{plan.pk}-{day}@{_host()}",
        day=day,
        summary=f"mlprep: {minutes} min, {_subjects(tasks)}",
        description="\n".join(lines),
        url=page,
        alarm_hour=plan.alarm_hour,
    )


def _name(task: PlanTask) -> str:
    verb = verb_of(task)
    return f"{verb}: {task.title}" if verb else task.title


def _subjects(tasks: list[PlanTask]) -> str:
    """What the day is about, in a few words."""
    titles = list(dict.fromkeys(_name(task) for task in tasks if task.kind not in {"cards", "weekly"}))
    named = titles or [task.title for task in tasks]
    return named[0] if len(named) == 1 else f"{named[0]} and {len(named) - 1} more"


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or ""
