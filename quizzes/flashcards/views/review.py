"""Reviewing: a card, its back, a rating, the next card."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from mlprep.shared.htmx import render_page, wants_fragment
from progress.accounts.requests import LearnerRequest
from quizzes.flashcards.changes import StaleCard
from quizzes.flashcards.forms import KEY, AnswerForm
from quizzes.flashcards.interview import queue_of
from quizzes.flashcards.leeches import exercise_for, foundations_of
from quizzes.flashcards.models import LearnerCard
from quizzes.flashcards.preferences import settings_of
from quizzes.flashcards.presenting import Given, ShownCard, show
from quizzes.flashcards.queue import Queue
from quizzes.flashcards.services import (
    NothingToUndo,
    answer_card,
    bury,
    reset,
    set_flag,
    siblings_of,
    suspend,
    undo,
)
from quizzes.flashcards.views.around import asked_for, given_in, told_if_stale

ACTIONS = [("suspend", "Suspend", "s"), ("bury", "Tomorrow", "b"), ("flag", "Flag", "f")]
ELSEWHERE = "This card was answered in another window meanwhile; here is what comes next."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: LearnerRequest) -> HttpResponse:
    """The card to be reviewed now, and the one behind it; with POST, a rating before that.

    A page with scripts asks for a fragment: it shows the next card at once, out of what it fetched ahead, and gets
    the one after.
    """
    if request.method == "POST":
        _record(request)
        if not wants_fragment(request):
            return redirect("flashcards:review")
    return render_page(request, "quizzes/flashcards/review.html", _context(request), fragment="ahead")


@login_required
@require_POST
@told_if_stale
def take_back(request: LearnerRequest) -> HttpResponse:
    """Undo the last change, and show its card again, or the page that asked for it."""
    elsewhere = asked_for(request)
    try:
        cards = undo(learner=request.user, now=timezone.now(), key=_key(request))
    except NothingToUndo as reason:
        messages.info(request, str(reason))
        return redirect(elsewhere or "flashcards:review")
    if elsewhere or len(cards) > 1:
        messages.info(request, f"Taken back for {len(cards)} card{'' if len(cards) == 1 else 's'}.")
    if elsewhere or not cards:
        return redirect(elsewhere or "flashcards:review")
    return redirect(f"{reverse('flashcards:review')}?card={cards[0].pk}")


@login_required
@require_POST
@told_if_stale
def act(request: LearnerRequest, pk: int, action: str) -> HttpResponse:
    """Suspend, bury, reset or flag a card."""
    card = get_object_or_404(LearnerCard.objects.of(request.user).select_related("card"), pk=pk)
    now = timezone.now()
    after = asked_for(request) or reverse("flashcards:review")
    if action == "suspend":
        suspend(learner=request.user, cards=[card], suspended=True, now=now)
        messages.info(request, "The card is suspended: it stays away until you take it up again under Browse.")
    elif action == "unsuspend":
        suspend(learner=request.user, cards=[card], suspended=False, now=now)
    elif action == "bury":
        others = [sibling for sibling in siblings_of(card.card, request.user) if sibling.pk != card.pk]
        bury(learner=request.user, cards=[card, *others], now=now)
        messages.info(request, "The card comes back tomorrow.")
    elif action == "reset":
        reset(learner=request.user, cards=[card], now=now)
        messages.info(request, "The card is new again.")
    elif action == "flag":
        set_flag(learner=request.user, cards=[card], flag=0 if card.flag else 1, now=now)
        return redirect(asked_for(request) or f"{after}?card={card.pk}")
    else:
        raise Http404
    return redirect(after)


def _key(request: LearnerRequest) -> str:
    """The page's key of an undo; what is none is left aside."""
    sent = request.POST.get("key", "")
    return sent if KEY.fullmatch(sent) else ""


def _record(request: LearnerRequest) -> None:
    """Store the rating; what cannot be stored is told, and the queue goes on."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "This rating could not be read, so nothing was recorded. Rate the card again.")
        return
    card = get_object_or_404(LearnerCard.objects.of(request.user), pk=form.cleaned_data["card"])
    try:
        answered = answer_card(learner=request.user, card=card, answer=form.answer(), now=timezone.now())
    except StaleCard:
        messages.info(request, ELSEWHERE)
        return
    if answered.leech:
        request.session["leech"] = card.pk


def _context(request: LearnerRequest) -> dict[str, Any]:
    now = timezone.now()
    settings = settings_of(request.user)
    queue = queue_of(request.user, settings, now)
    context: dict[str, Any] = {"counts": queue.counts(), "actions": ACTIONS}
    if leech := _leech(request):
        foundations = foundations_of(leech, settings, queue.today)
        context |= {"leech": leech, "foundations": foundations, "exercise": exercise_for(leech, foundations)}
    if wants_fragment(request):
        shown = _number(request, "showing")
        return {**context, "ahead": _shown(request, queue, queue.next_card(skip=shown))}
    card = _wanted(request) or queue.next_card()
    context["shown"] = shown_card = _shown(request, queue, card, given_in(request))
    context["ahead"] = _shown(request, queue, queue.next_card(skip=card.pk)) if card else None
    if shown_card is None:
        context["next_step"] = queue.steps_today.order_by("due_at").first()
        context["waiting"] = queue.waiting
    return context


def _shown(
    request: LearnerRequest, queue: Queue, card: LearnerCard | None, given: Given | None = None
) -> ShownCard | None:
    if card is None:
        return None
    return show(card, settings=queue.settings, learner=request.user, now=queue.now, given=given)


def _wanted(request: LearnerRequest) -> LearnerCard | None:
    """The card that the address names, such as one that was taken back."""
    pk = _number(request, "card")
    cards = LearnerCard.objects.of(request.user).select_related("card__concept")
    return cards.filter(pk=pk, suspended=False).first() if pk else None


def _leech(request: LearnerRequest) -> LearnerCard | None:
    """The card that has just lapsed too often, told once."""
    pk = request.session.pop("leech", None)
    cards = LearnerCard.objects.of(request.user).select_related("card__concept", "learner")
    return cards.filter(pk=pk).first() if pk else None


def _number(request: LearnerRequest, name: str) -> int | None:
    text = request.POST.get(name) or request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
