"""The desired retention: what each costs, and due dates anew under the one chosen."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mlprep.shared.htmx import render_page
from mlprep.shared.limits.refusing import limited
from progress.accounts.requests import LearnerRequest
from quizzes.domain.fsrs import FSRS
from quizzes.domain.simulation import HORIZON, simulate
from quizzes.flashcards.charts import Bar, bars
from quizzes.flashcards.interview import deck_of, facts_of, seconds_an_answer
from quizzes.flashcards.models import LearnerCard
from quizzes.flashcards.preferences import policy_of, settings_of
from quizzes.flashcards.rescheduling import moves, reschedule
from quizzes.flashcards.views.around import told_if_stale


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("previews")
@told_if_stale
def target(request: LearnerRequest) -> HttpResponse:
    """Minutes a day and cards known in three months, by desired retention; with POST, reschedule."""
    settings = settings_of(request.user)
    now = timezone.now()
    if request.method == "POST":
        count = reschedule(learner=request.user, settings=settings, now=now)
        messages.success(request, f"{count} card{'' if count == 1 else 's'} moved. Undo takes all of it back.")
        return redirect("flashcards:target")
    cards = facts_of(LearnerCard.objects.of(request.user).filter(suspended=False))
    outcomes = simulate(
        deck_of(cards, request.user.day_of(now), ()),
        FSRS(tuple(policy_of(settings).weights)),
        new_a_day=settings.new_per_day,
        seconds_an_answer=seconds_an_answer(request.user),
    )
    context = {
        "outcomes": outcomes,
        "horizon": HORIZON,
        "settings": settings,
        "moving": len(moves(request.user, settings)),
        "charts": [
            bars("Minutes a day", "minutes", [Bar(f"{o.retention:.2f}", round(o.minutes_a_day, 1)) for o in outcomes]),
            bars("Cards known", "cards", [Bar(f"{o.retention:.2f}", round(o.known)) for o in outcomes]),
        ],
    }
    return render_page(request, "quizzes/flashcards/target.html", context)
