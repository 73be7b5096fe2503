"""The memory model: fitting the weights to oneself, and how good they are."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from quizzes.domain.fsrs_fitting import FEWEST_REVIEWS
from quizzes.flashcards.fitting import FitIsRunning, TooFewReviews, begin_fit, reviews_missing, undo_fit
from quizzes.flashcards.models import WeightsFit
from quizzes.flashcards.preferences import settings_of
from quizzes.flashcards.reliability import SIDE, reliability

_QUALITIES = [("fitted", "Fitted to you"), ("current", "Before the fit"), ("average", "Your average of late")]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def memory_model(request: LearnerRequest) -> HttpResponse:
    """How good the model's predictions are; with POST, fit it to the learner's log."""
    if request.method == "POST":
        try:
            begin_fit(learner=request.user)
        except TooFewReviews as error:
            messages.info(request, f"A fit takes {FEWEST_REVIEWS} reviews; {error.missing} are missing.")
        except FitIsRunning:
            messages.info(request, "A fit is running already.")
        return redirect("flashcards:model")
    fits = list(WeightsFit.objects.of(request.user)[:10])
    latest = fits[0] if fits else None
    settings = settings_of(request.user)
    qualities = latest.qualities if latest else None
    context = {
        "fits": fits,
        "latest": latest,
        "busy": WeightsFit.objects.of(request.user).under_way(timezone.now()).exists(),
        "missing": reviews_missing(request.user),
        "fewest": FEWEST_REVIEWS,
        "settings": settings,
        "qualities": [(label, qualities[name]) for name, label in _QUALITIES] if qualities else [],
        "reliability": reliability(qualities, _QUALITIES) if qualities else [],
        "side": SIDE,
    }
    return render_page(request, "quizzes/flashcards/model.html", context, fragment="fit")


@login_required
@require_POST
def take_fit_back(request: LearnerRequest, pk: int) -> HttpResponse:
    """Use the weights from before a fit."""
    undo_fit(fit=get_object_or_404(WeightsFit.objects.of(request.user), pk=pk))
    return redirect("flashcards:model")
