"""The first page: what to go on with today, or, signed out, what the app is."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from concepts.models import Concept
from mlprep.shared.htmx import render_page
from progress.models import User
from progress.standing import standing_by_week, standing_of
from quizzes.flashcards.interview import queue_of
from quizzes.flashcards.preferences import settings_of
from quizzes.models import Attempt

NEXT_CONCEPTS = 5
LANDING_CONCEPTS = 6


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Today for a learner, the landing page for a visitor."""
    if isinstance(request.user, User):
        return _today_of(request, request.user)
    concepts = Concept.objects.in_page_order()
    context = {"concepts": concepts[:LANDING_CONCEPTS], "count": concepts.count()}
    return render_page(request, "landing.html", context)


def _today_of(request: HttpRequest, learner: User) -> HttpResponse:
    now = timezone.now()
    concepts = list(Concept.objects.in_page_order().order_by("week", "position"))
    standings = standing_of(learner, concepts)
    unfinished = [(concept, standings[concept.pk]) for concept in concepts if not standings[concept.pk].mastered]
    attempts = Attempt.objects.of(learner)
    cards = queue_of(learner, settings_of(learner), now).counts()
    context = {
        "cards": cards,
        "now": now,
        "running": attempts.running().filter(deadline__gte=now).first(),
        "last_attempts": attempts.exclude(finished_at=None)[:3],
        "next_concepts": unfinished[:NEXT_CONCEPTS],
        "mastered": len(concepts) - len(unfinished),
        "count": len(concepts),
        "weeks": standing_by_week(learner),
    }
    return render_page(request, "today.html", context)
