"""The pages of the plan."""

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mlprep.plan.composing import draft, make, schedules
from mlprep.plan.doing import doings_of
from mlprep.plan.forms import PlanForm, filled_in
from mlprep.plan.left_out import grouped
from mlprep.plan.months import month_of, read_month
from mlprep.plan.rows import PlanDay, days_with, plan_of, rows_of, session_of
from mlprep.shared.addresses import address
from mlprep.shared.htmx import render_page, wants_fragment
from progress.accounts.requests import LearnerRequest
from progress.domain.plan.changes import changes
from progress.domain.plan.days import Frame
from progress.domain.plan.planner import stages
from progress.models import PlanTask, StudyPlan, User
from progress.plans.calendar_address import new_key, revoke_key
from progress.plans.laying import Wishes, as_json, end_plan, re_lay, tick
from progress.plans.services import end_reviews, reopen_reviews
from quizzes.flashcards.interview import queue_of
from quizzes.flashcards.preferences import settings_of

LIST_DAYS = 14
ALARM_HOURS = (6, 7, 8, 9, 12, 17, 18, 20)


@login_required
@require_safe
def home(request: LearnerRequest) -> HttpResponse:
    """The learner's plan, as a calendar or as a list; the way to one where there is none."""
    plan = plan_of(request.user)
    if plan is None:
        return redirect("plan:setup")
    return _plan_page(request, plan)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: LearnerRequest) -> HttpResponse:
    """Say what the plan has to go by; then it is laid."""
    now = timezone.now()
    plan = plan_of(request.user)
    today = request.user.day_of(now)
    if request.method != "POST":
        form = PlanForm(initial=filled_in(request.user, plan), today=today)
        return render_page(request, "plan/setup.html", {"form": form, "plan": plan})
    form = PlanForm(request.POST, today=today)
    if not form.is_valid():
        return render_page(request, "plan/setup.html", {"form": form, "plan": plan}, status=422)
    make(request.user, form.wishes(plan.alarm_hour if plan else None), now)
    messages.success(request, "Your plan is laid.")
    return redirect("plan:home")


@login_required
@require_safe
def moves(request: LearnerRequest) -> HttpResponse:
    """What would move if the plan were laid anew today; nothing is changed yet."""
    plan = _plan(request.user)
    now = timezone.now()
    laid = draft(request.user, Wishes.of(plan), now, plan)
    still = [task for task in plan.tasks.open() if task.pk not in laid.done]
    known = {left["key"] for left in plan.left_out}
    today = request.user.day_of(now)
    moved = changes((task.as_task for task in still), laid.laid.tasks)
    context = {
        "plan": plan,
        "today": today,
        "count": len(moved),
        "missed": [change for change in moved if change.before and change.before < today],
        "others": [change for change in moved if not change.before or change.before >= today],
        "dropped": grouped(as_json(left) for left in laid.laid.left_out if left.key not in known),
        "finished": len(laid.done),
    }
    return render_page(request, "plan/moves.html", context)


@login_required
@require_POST
def lay_anew(request: LearnerRequest) -> HttpResponse:
    """Lay what is open on the days from today on."""
    plan = _plan(request.user)
    now = timezone.now()
    laid = draft(request.user, Wishes.of(plan), now, plan)
    re_lay(plan=plan, laid=laid.laid, fulfilled=laid.done, now=now)
    messages.success(request, "The plan is laid anew from today on.")
    return redirect("today" if request.POST.get("from") == "today" else "plan:home")


@login_required
@require_POST
def task(request: LearnerRequest, task_id: int) -> HttpResponse:
    """Tick a task by hand, or take the tick back."""
    own = get_object_or_404(PlanTask.objects.of(request.user).select_related("plan"), pk=task_id)
    now = timezone.now()
    tick_task(request.user, own, done=request.POST.get("done") == "on", now=now)
    if not wants_fragment(request):
        return redirect(
            "today" if request.POST.get("from") == "today" else f"{reverse('plan:home')}?view=list#day-{own.day}"
        )
    plan = _plan(request.user)
    if request.POST.get("from") == "today":
        session = session_of(plan, now, cards_left=cards_left(request.user, now))
        return render_page(request, "plan/session.html", {"session": session, "swapped": True})
    doings = doings_of(plan, now, cards_left=cards_left(request.user, now))
    row = rows_of([own], doings)[0]
    return render_page(request, "plan/row.html", {"row": row, "shown_on": "plan", "swapped": True})


@login_required
@require_POST
def calendar_address(request: LearnerRequest) -> HttpResponse:
    """Make the calendar's secret address, make it anew, take it back, or set its alarms."""
    plan = _plan(request.user)
    action = request.POST.get("action")
    if action == "new":
        return _plan_page(request, plan, key=new_key(plan=plan))
    if action == "revoke":
        revoke_key(plan=plan)
        messages.success(request, "The calendar's address is taken back; what used it finds nothing.")
    elif action == "alarm":
        hour = request.POST.get("hour", "")
        plan.alarm_hour = int(hour) if hour in {str(hour) for hour in ALARM_HOURS} else None
        plan.save(update_fields=["alarm_hour"])
        messages.success(request, "Saved. Calendar programs show it when they next look.")
    return redirect("plan:home")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: LearnerRequest) -> HttpResponse:
    """Throw the plan away, once asked; what was learnt stays."""
    plan = _plan(request.user)
    if request.method != "POST":
        return render_page(request, "plan/end.html", {"plan": plan})
    end_plan(plan=plan)
    messages.success(request, "The plan is gone. What you learnt stays.")
    return redirect("today")


def tick_task(learner: User, task: PlanTask, *, done: bool, now: datetime) -> None:
    """Tick a task by hand; what a mock interview asked for is then looked at, too, and no more once that is undone."""
    tick(task=task, done=done, now=now)
    if task.key.startswith("request:"):
        ids = [int(task.key.split(":")[1])]
        if done:
            end_reviews(learner=learner, ids=ids, now=now)
        else:
            reopen_reviews(learner=learner, ids=ids)


def cards_left(learner: User, now: datetime) -> int:
    """How many cards are left today."""
    return queue_of(learner, settings_of(learner), now).counts().total


def _plan(learner: User) -> StudyPlan:
    plan = get_object_or_404(StudyPlan.objects.of(learner))
    plan.learner = learner
    return plan


def _plan_page(request: LearnerRequest, plan: StudyPlan, key: str = "") -> HttpResponse:
    now = timezone.now()
    learner = request.user
    today = learner.day_of(now)
    doings = doings_of(plan, now, cards_left=cards_left(learner, now))
    days = days_with(rows_of(plan.tasks.all(), doings))
    first = read_month(request.GET.get("month", ""), today)
    shows_list = request.GET.get("view") == "list"
    rows = [row for day in days.values() for row in day.rows]
    context = {
        "plan": plan,
        "today": today,
        "shows_list": shows_list,
        "month": month_of(first, days, today=today, off=plan.dates_off, interview=learner.interview_date),
        "days": _listed(days, today, first, "month" in request.GET),
        "later": min((day for day in days if day >= today + timedelta(days=LIST_DAYS)), default=None),
        "schedule": schedules().get(plan.kind),
        "stages": stages(_frame(plan, learner, today)),
        "days_left": (learner.interview_date - today).days if learner.interview_date else None,
        "done": sum(row.done for row in rows),
        "count": len(rows),
        "missed": sum(row.task.day < today and not row.done and row.task.kind != "cards" for row in rows),
        "left_out": grouped(plan.left_out),
        "left_minutes": sum(left["minutes"] for left in plan.left_out),
        "calendar_url": address(f"{reverse('plan-calendar')}?key={key}") if key else "",
        "alarm_hours": ALARM_HOURS,
    }
    return render_page(request, "plan/plan.html", context)


def _listed(days: dict[date, PlanDay], today: date, first: date, by_month: bool) -> list[PlanDay]:
    """The days of the list: those of the month that is asked for, else two weeks from today on."""
    if by_month:
        return [days[day] for day in sorted(days) if (day.year, day.month) == (first.year, first.month)]
    return [days[day] for day in sorted(days) if today <= day < today + timedelta(days=LIST_DAYS)]


def _frame(plan: StudyPlan, learner: User, today: date) -> Frame:
    interview = learner.interview_date
    ahead = interview if interview and interview > today else None
    off = frozenset(plan.dates_off)
    return Frame(today, tuple(plan.minutes), ahead, off, learner.review_weekday, begun=plan.starts_on)
