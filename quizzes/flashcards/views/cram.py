"""A session of one's own choice: any cards in any order, beside the schedule or counted in it."""

import random
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from quizzes.domain.card_search import SearchError
from quizzes.domain.fsrs import Rating
from quizzes.flashcards.changes import StaleCard
from quizzes.flashcards.forms import AnswerForm
from quizzes.flashcards.models import LearnerCard
from quizzes.flashcards.preferences import settings_of
from quizzes.flashcards.presenting import show
from quizzes.flashcards.search import find_cards
from quizzes.flashcards.services import answer_card
from quizzes.flashcards.views.around import given_in

MOST_CARDS = 200
LEECH = "The card before does not stick: it has lapsed often. You find it under Browse by is:leech."
CHOICES = [
    ("is:due", "Due now"),
    ("due:>0 due:<=3", "Due in the next three days"),
    ("rated:3:again", "Missed in the last three days"),
    ("recall:<80", "Weak: recall below 80 %"),
    ("difficulty:>=7", "Difficult"),
    ("is:leech", "Leeches"),
    ("is:flagged", "Flagged"),
]
_SESSION = "cram"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cram(request: LearnerRequest) -> HttpResponse:
    """Choose cards; then one after the other, those missed again at the end."""
    if request.method == "POST":
        if "q" in request.POST:
            return _begin(request)
        if "stop" in request.POST:
            request.session.pop(_SESSION, None)
        else:
            _rate(request)
        return redirect("flashcards:cram")
    return render_page(request, "quizzes/flashcards/cram.html", _context(request))


def _begin(request: LearnerRequest) -> HttpResponse:
    search = request.POST["q"].replace("\x00", "")[:300]
    try:
        found = find_cards(request.user, search, request.user.day_of(timezone.now()))
        cards = list(found.filter(suspended=False).values_list("pk", flat=True)[:MOST_CARDS])
    except SearchError as error:
        messages.error(request, str(error))
        return redirect("flashcards:cram")
    if not cards:
        messages.info(request, "No card is found.")
        return redirect("flashcards:cram")
    random.shuffle(cards)
    request.session[_SESSION] = {"cards": cards, "of": len(cards), "counts": "counts" in request.POST}
    return redirect("flashcards:cram")


def _rate(request: LearnerRequest) -> None:
    session = request.session.get(_SESSION)
    form = AnswerForm(request.POST)
    if not session or not form.is_valid():
        return
    cards, card, answer = session["cards"], form.cleaned_data["card"], form.answer()
    gone = cards[: cards.index(card)] if card in cards else cards
    if LearnerCard.objects.of(request.user).filter(pk__in=gone, suspended=False).exists():
        # A second click, or another tab: the session is further already. What was deleted or suspended is passed over.
        return
    session["cards"] = cards[len(gone) + 1 :]
    if session["counts"]:
        learned = LearnerCard.objects.of(request.user).filter(pk=card).first()
        try:
            if learned:
                done = answer_card(learner=request.user, card=learned, answer=answer, now=timezone.now())
                if done.leech:
                    messages.warning(request, LEECH)
        except StaleCard:
            messages.info(request, "This card was answered elsewhere meanwhile; it was not counted here.")
    if answer.rating == Rating.AGAIN:
        session["cards"].append(card)
    _go_on(request, session)


def _go_on(request: LearnerRequest, session: dict[str, Any]) -> None:
    """Keep what is left of a session, or tell that it is over."""
    if session["cards"]:
        request.session[_SESSION] = session
        return
    del request.session[_SESSION]
    messages.success(request, f"Your session of {session['of']} card{'' if session['of'] == 1 else 's'} is over.")


def _context(request: LearnerRequest) -> dict[str, object]:
    session = request.session.get(_SESSION)
    if not session:
        return {"choices": [*_parts(request), *CHOICES]}
    cards = LearnerCard.objects.of(request.user).select_related("card__concept")
    there = set(cards.filter(pk__in=session["cards"], suspended=False).values_list("pk", flat=True))
    left = [pk for pk in session["cards"] if pk in there]
    if not left:
        return {"choices": [*_parts(request), *CHOICES]}
    settings = settings_of(request.user)
    given = given_in(request)
    return {
        "shown": show(cards.get(pk=left[0]), settings=settings, learner=request.user, now=timezone.now(), given=given),
        "left": len(left),
        "of": session["of"],
        "counts": session["counts"],
    }


def _parts(request: LearnerRequest) -> list[tuple[str, str]]:
    """The weeks and sections that the learner has cards on."""
    where = (
        "card__concept__week",
        "card__concept__subsection__section__slug",
        "card__concept__subsection__section__name",
    )
    found = LearnerCard.objects.of(request.user).exclude(card__concept=None).values_list(*where).distinct()
    rows = list(found)
    weeks = [(f"week:{week}", f"Week {week}") for week in sorted({week for week, _, _ in rows})]
    return [*weeks, *((f"section:{slug}", name) for slug, name in sorted({(slug, name) for _, slug, name in rows}))]
