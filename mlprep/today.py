"""The first page: what to do today and how far one is, or, signed out, what the app is."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from concepts.models import Concept, Topic
from mlprep.activity import activity_of
from mlprep.plan.rows import plan_of, session_of
from mlprep.plan.seams import weekly_review_waiting
from mlprep.shared.htmx import render_page
from progress.domain.plan.days import Frame, days_of
from progress.models import StudyPlan, User
from progress.standing import standing_by_week, standing_of
from quizzes.flashcards.interview import queue_of
from quizzes.flashcards.preferences import settings_of
from quizzes.models import Attempt, Exercise, Question

NEXT_CONCEPTS = 5
LANDING_CONCEPTS = 6


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Today for a learner, the landing page for a visitor."""
    if isinstance(request.user, User):
        return render_page(request, "today.html", _today_of(request.user))
    concepts = Concept.objects.in_page_order()
    context = {
        "concepts": concepts[:LANDING_CONCEPTS],
        "count": concepts.count(),
        "topics": Topic.objects.current().count(),
        "exercises": Exercise.objects.current().count(),
        "questions": Question.objects.askable().count(),
    }
    return render_page(request, "landing.html", context)


def _today_of(learner: User) -> dict[str, Any]:
    now = timezone.now()
    attempts = Attempt.objects.of(learner)
    cards = queue_of(learner, settings_of(learner), now).counts()
    plan = plan_of(learner)
    context = {
        "cards": cards,
        "now": now.astimezone(learner.zone),
        "greeting": _greeting(now.astimezone(learner.zone)),
        "running": attempts.running().filter(deadline__gte=now).first(),
        "last_attempts": attempts.exclude(finished_at=None)[:3],
        "weeks": standing_by_week(learner),
        "activity": activity_of(learner, learner.day_of(now)),
        "weekly_review": weekly_review_waiting(learner, learner.day_of(now)),
        "plan": plan,
        **_countdown(learner, plan, now),
    }
    if plan:
        return context | {"session": session_of(plan, now, cards_left=cards.total)}
    return context | _without_plan(learner)


def _without_plan(learner: User) -> dict[str, Any]:
    """What to go on with, by the tracker's weeks."""
    concepts = list(Concept.objects.in_page_order().order_by("week", "position"))
    standings = standing_of(learner, concepts)
    unfinished = [(concept, standings[concept.pk]) for concept in concepts if not standings[concept.pk].mastered]
    return {
        "next_concepts": unfinished[:NEXT_CONCEPTS],
        "mastered": len(concepts) - len(unfinished),
        "count": len(concepts),
    }


def _countdown(learner: User, plan: StudyPlan | None, now: datetime) -> dict[str, Any]:
    """Days until the interview, and what they are for."""
    today = learner.day_of(now)
    if learner.interview_date is None or learner.interview_date < today:
        return {"days_left": None}
    left = (learner.interview_date - today).days
    minutes, begun = (tuple(plan.minutes), plan.starts_on) if plan else ((60,) * 7, None)
    days = days_of(Frame(today, minutes, learner.interview_date, begun=begun))
    return {"days_left": left, "stage": days[0].stage.name if days else ""}


def _greeting(local: datetime) -> str:
    return "Good morning" if 4 <= local.hour < 12 else "Good afternoon" if 12 <= local.hour < 18 else "Good evening"
