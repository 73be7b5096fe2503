"""The focus timer: the server keeps its time, the page shows it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from progress.focus.forms import StartForm
from progress.focus.models import FocusSession
from progress.focus.services import (
    TimerRunning,
    discard_timer,
    minutes_by_day,
    pause_timer,
    resume_timer,
    running_timer,
    start_timer,
    stop_timer,
)
from progress.notes.models import note_address
from progress.subjects import Subjects, key_of, title_of

LISTED = 12


@login_required
@never_cache
@require_safe
def timer(request: LearnerRequest) -> HttpResponse:
    """The timer that runs, or a form to start one, and what was logged last."""
    return _page(request)


@login_required
@require_POST
def start(request: LearnerRequest) -> HttpResponse:
    """Start a timer on a concept or topic."""
    form = StartForm(request.POST, subjects=Subjects.load())
    if not form.is_valid():
        return _page(request, form)
    subject = form.cleaned_data["subject"]
    try:
        start_timer(learner=request.user, subject=subject, minutes=form.planned, now=timezone.now())
    except TimerRunning:
        messages.info(request, f"This timer is running already; stop it before you start one on {title_of(subject)}.")
    return redirect("focus:timer")


@login_required
@require_POST
def change(request: LearnerRequest, session_id: int) -> HttpResponse:
    """Pause a timer, go on, stop it, or take it back."""
    session = get_object_or_404(FocusSession.objects.of(request.user).with_subject(), pk=session_id)
    now = timezone.now()
    match request.POST.get("action"):
        case "pause":
            pause_timer(session=session, now=now)
        case "resume":
            resume_timer(session=session, now=now)
        case "discard":
            discard_timer(session=session)
            messages.info(request, f"The time on {session.title} is not logged.")
        case "stop":
            minutes = round(stop_timer(session=session, now=now).seconds_at(now) / 60)
            messages.success(request, f"{minutes} minute{'' if minutes == 1 else 's'} logged on {session.title}.")
            return redirect(note_address(session.subject))
        case _:
            return _page(request, status=422)
    return redirect("focus:timer")


def _page(request: LearnerRequest, form: StartForm | None = None, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    running = running_timer(request.user, now)
    last = list(FocusSession.objects.of(request.user).with_subject()[:LISTED])
    subjects = form.subjects if form else Subjects.load()
    today = request.user.day_of(now)
    context = {
        "running": running,
        "seconds_left": round(running.marks.left(now)) if running else 0,
        "ends_at": running.marks.ends_at(now) if running else None,
        "just_over": last[0] if last and not running and last[0].ended_at is None else None,
        "form": form or StartForm(subjects=subjects, initial=_wanted(request, subjects)),
        "subjects": [(key_of(subject), title_of(subject)) for subject in subjects.all],
        "minutes_today": minutes_by_day(request.user, today, now=now).get(today, 0),
        "log": [(session, round(session.seconds_at(now) / 60)) for session in last if session != running],
    }
    return render_page(request, "progress/focus/timer.html", context, status=422 if form else status)


def _wanted(request: LearnerRequest, subjects: Subjects) -> dict[str, object]:
    """What `?on=` names, so that the timer can be reached from a concept's or topic's page."""
    subject = subjects.find(request.GET.get("on", "")[:200].replace("\x00", ""))
    return {"subject": key_of(subject), "length": 25} if subject else {"length": 25}
