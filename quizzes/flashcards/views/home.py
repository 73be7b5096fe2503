"""Where a learner's cards stand today, and how they are scheduled."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mlprep.shared.htmx import render_page
from mlprep.shared.limits.refusing import limited
from progress.accounts.requests import LearnerRequest
from progress.accounts.services import set_interview_date
from quizzes.flashcards.forms import InterviewForm, SettingsForm
from quizzes.flashcards.interview import MORE_MINUTES, outlook, queue_of
from quizzes.flashcards.preferences import settings_of
from quizzes.flashcards.reports import forecast


@login_required
@require_safe
def home(request: LearnerRequest) -> HttpResponse:
    """What is left today, and what comes in the next days."""
    now = timezone.now()
    settings = settings_of(request.user)
    queue = queue_of(request.user, settings, now)
    context = {
        "counts": queue.counts(),
        "answered": len(queue.answered),
        "waiting": queue.waiting,
        "put_off": queue.put_off,
        "settings": settings,
        "forecast": forecast(request.user, queue.today, days=7),
    }
    return render_page(request, "quizzes/flashcards/home.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: LearnerRequest) -> HttpResponse:
    """How cards are scheduled."""
    form = SettingsForm(request.POST or None, instance=settings_of(request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved. What is scheduled already stays where it is.")
        return redirect("flashcards:home")
    status = 422 if form.errors else 200
    return render_page(request, "quizzes/flashcards/settings.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("previews")
def interview(request: LearnerRequest) -> HttpResponse:
    """The date that the schedule aims at, and what can be expected of it."""
    now = timezone.now()
    settings = settings_of(request.user)
    today = request.user.day_of(now)
    form = InterviewForm(request.POST or None, instance=settings, learner=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        form.save()
        if set_interview_date(learner=request.user, day=form.cleaned_data["interview_date"], now=now):
            messages.success(request, "Saved. Your study plan is laid anew from today on.")
        return redirect("flashcards:interview")
    context = {
        "form": form,
        "rows": [] if form.errors else outlook(request.user, settings, now),
        "days": (request.user.interview_date - today).days if request.user.interview_date else 0,
        "settings": settings,
        "more": settings.minutes_a_day + MORE_MINUTES,
    }
    return render_page(request, "quizzes/flashcards/interview.html", context, status=422 if form.errors else 200)
