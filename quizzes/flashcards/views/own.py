"""Writing cards: one's own, and library cards in one's own words."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from mlprep.shared.htmx import render_page
from mlprep.shared.limits.refusing import limited, note
from mlprep.shared.limits.taking import LimitReached
from progress.accounts.requests import LearnerRequest
from progress.domain.merging import digest
from progress.models import User
from quizzes.domain.cloze_text import ClozeError
from quizzes.flashcards.forms import OwnCardForm
from quizzes.flashcards.models import Card, CardEvent, CardText, LearnerCard
from quizzes.flashcards.own_cards import (
    back_to_library,
    cards_of_texts,
    delete_cards,
    render_side,
    reword_card,
    rewrite_card,
    sides_of,
    write_card,
)
from quizzes.flashcards.services import reset, tag
from quizzes.flashcards.views.around import asked_for, told_if_stale


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LearnerRequest) -> HttpResponse:
    """Write a card of one's own; `?concept=` names what it is on."""
    initial = {"concept": request.GET.get("concept", "")[:20]}
    form = OwnCardForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            cards = write_card(learner=request.user, front=sent["front"], back=sent["back"], **_about(sent))
        except LimitReached as reached:
            return _wait_page(request, form, reached)
        messages.success(request, "Added." if len(cards) == 1 else f"Added {len(cards)} cards, one for each blank.")
        return redirect("flashcards:new")
    return _form_page(request, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@told_if_stale
def edit(request: LearnerRequest, pk: int) -> HttpResponse:
    """Change a card for oneself; a library card keeps the library's text behind one's own.

    Where another page has changed it since, that stays, and what was typed is offered again.
    """
    learned = get_object_or_404(LearnerCard.objects.of(request.user).select_related("card__concept"), pk=pk)
    card = learned.card
    after = asked_for(request) or f"{reverse('flashcards:review')}?card={learned.pk}"
    if card.kind == "generated":
        messages.info(
            request, "This card draws new numbers at each review, so its text cannot be edited. Its log is here."
        )
        return redirect("flashcards:info", pk=learned.pk)
    if request.method == "POST" and "library" in request.POST:
        back_to_library(learner=request.user, card=card)
        return redirect(after)
    own = CardText.objects.of(request.user).filter(card=card).first()
    stored = _initial(learned, own)
    form = OwnCardForm(request.POST or None, initial=stored, for_library=card.owner_id is None)
    page: dict[str, Any] = {"learned": learned, "own": own, "before": digest(repr(stored)), "back": after}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("before", page["before"]) != page["before"]:
            return _form_page(request, form, **page, stored=stored)
        sent = form.cleaned_data
        try:
            _rewrite(request.user, card, sent)
        except LimitReached as reached:
            return _wait_page(request, form, reached, **page)
        _retag(request.user, learned, sent["tags"])
        if sent["memory"] == "new":
            reset(learner=request.user, cards=[learned], now=timezone.now())
        return redirect(after)
    return _form_page(request, form, **page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: LearnerRequest, pk: int) -> HttpResponse:
    """Ask, then delete a card of one's own for good; library cards can only be suspended."""
    own = LearnerCard.objects.of(request.user).self_written().select_related("card")
    cards = list(cards_of_texts(request.user, [get_object_or_404(own, pk=pk)]))
    if request.method == "POST":
        gone = delete_cards(learner=request.user, cards=cards)
        messages.success(request, f"Deleted {gone} card{'' if gone == 1 else 's'}.")
        return redirect("flashcards:browse")
    answers = CardEvent.objects.of(request.user).answers().filter(card__in=cards).count()
    return render_page(request, "quizzes/flashcards/delete.html", {"cards": cards, "answers": answers})


@login_required
@require_POST
@limited("previews")
def preview_text(request: LearnerRequest) -> HttpResponse:
    """A card as it will look, while it is written."""
    front = request.POST.get("front", "").replace("\x00", "")[:10_000]
    back = request.POST.get("back", "").replace("\x00", "")[:10_000]
    context: dict[str, Any] = {}
    try:
        context["sides"] = [(render_side(shown), render_side(answer)) for _, shown, answer in sides_of(front, back)]
    except ClozeError as error:
        context["problem"] = str(error)
    return render_page(request, "quizzes/flashcards/write.html", context, fragment="preview")


def _rewrite(learner: User, card: Card, sent: dict[str, Any]) -> None:
    if card.owner_id is None:
        reword_card(learner=learner, card=card, front=sent["front"], back=sent["back"])
    else:
        rewrite_card(learner=learner, card=card, front=sent["front"], back=sent["back"], **_about(sent))


def _wait_page(request: LearnerRequest, form: OwnCardForm, reached: LimitReached, **context: Any) -> HttpResponse:
    """The form with what was typed, and how long to wait."""
    note(request, reached)
    form.add_error("front", f"{reached} Your text is kept here.")
    return _form_page(request, form, status=reached.status, **context)


def _retag(learner: User, learned: LearnerCard, tags: list[str]) -> None:
    """Let the card have just these tags of the learner's own; an own card carries them in its text."""
    wanted = set() if learned.card.owner_id else set(tags)
    tag(learner=learner, cards=[learned], add=wanted, remove=set(learned.tags) - wanted, now=timezone.now())


def _about(sent: dict[str, Any]) -> dict[str, Any]:
    return {"concept": sent["concept"], "tags": sent["tags"]}


def _initial(learned: LearnerCard, own: CardText | None) -> dict[str, Any]:
    card = learned.card
    texts = {"front": card.content.get("text", card.content.get("front")), "back": card.content.get("back")}
    if "notes" in card.content:
        texts["back"] = card.content["notes"]
    if own:
        texts = {"front": own.front, "back": own.back}
    tags = {*learned.tags, *card.tags} if card.owner_id else learned.tags
    return {**texts, "concept": card.concept.code if card.concept else "", "tags": " ".join(sorted(tags))}


def _form_page(request: LearnerRequest, form: OwnCardForm, status: int = 0, **context: Any) -> HttpResponse:
    status = status or (422 if form.errors else 409 if "stored" in context else 200)
    return render_page(request, "quizzes/flashcards/write.html", {"form": form, **context}, status=status)
