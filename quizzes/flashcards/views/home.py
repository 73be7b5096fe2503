"""Where a learner's cards stand today, and how they are scheduled."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from quizzes.flashcards.forms import SettingsForm
from quizzes.flashcards.preferences import settings_of
from quizzes.flashcards.queue import Queue
from quizzes.flashcards.reports import forecast


@login_required
@require_safe
def home(request: LearnerRequest) -> HttpResponse:
    """What is left today, and what comes in the next days."""
    now = timezone.now()
    settings = settings_of(request.user)
    queue = Queue(request.user, settings, now)
    context = {
        "counts": queue.counts(),
        "answered": len(queue.answered),
        "waiting": queue.waiting,
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
