"""One card: where it stands, and everything that has happened to it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from quizzes.domain.flags import FLAGS
from quizzes.domain.fsrs import Rating, fsrs_of
from quizzes.flashcards.models import CardEvent, LearnerCard
from quizzes.flashcards.preferences import policy_of, settings_of
from quizzes.flashcards.presenting import show
from quizzes.flashcards.search import recall_now
from quizzes.flashcards.views.around import asked_for

MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log: what was done, and what the card was like afterwards."""

    happened_at: datetime
    what: str
    undone: bool
    seconds: float | None
    days: int | None
    stability: float | None
    difficulty: float | None


@login_required
@require_safe
def info(request: LearnerRequest, pk: int) -> HttpResponse:
    """A card of the learner's with its memory and its log, the latest first."""
    cards = LearnerCard.objects.of(request.user).select_related("card__concept")
    learned = get_object_or_404(cards, pk=pk)
    log = CardEvent.objects.of(request.user).filter(card=learned).select_related("undone_by").order_by("-pk")
    settings, now = settings_of(request.user), timezone.now()
    fsrs = fsrs_of(tuple(policy_of(settings).weights))
    today = request.user.day_of(now)
    context = {
        "item": learned,
        "put_off": bool(learned.buried_until and learned.buried_until > today),
        "shown": show(learned, settings=settings, learner=request.user, now=now),
        "flags": FLAGS,
        "recall": recall_now(learned, fsrs, today),
        "entries": [_entry(event) for event in log[:MOST_EVENTS]],
        "this_page": request.get_full_path(),
        "back": asked_for(request),
    }
    return render_page(request, "quizzes/flashcards/info.html", context)


def _entry(event: CardEvent) -> Entry:
    after = event.after
    rating = Rating(event.rating).name.title() if event.rating else ""
    return Entry(
        happened_at=event.happened_at,
        what=": ".join(filter(None, [event.get_kind_display(), rating])),
        undone=hasattr(event, "undone_by"),
        seconds=None if event.milliseconds is None else event.milliseconds / 1000,
        days=after["interval"] if after["state"] == "review" else None,
        stability=after["stability"],
        difficulty=after["difficulty"],
    )
