"""All cards in a table: searched, sorted, changed many at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from quizzes.domain.card_search import SearchError
from quizzes.flashcards.forms import BulkForm
from quizzes.flashcards.models import LearnerCard
from quizzes.flashcards.search import ORDERS, find_cards

CARDS_PER_PAGE = 50
NONE_CHOSEN = "No card is chosen; tick some, or choose all that the search finds."
NONE_OWN = "None of these is a card of your own. Library cards can be suspended, not deleted."


@login_required
@require_safe
def browse(request: LearnerRequest) -> HttpResponse:
    """The learner's cards that a search finds."""
    search = request.GET.get("q", "").replace("\x00", "")[:300]
    order = request.GET.get("order", "")
    problem = ""
    try:
        cards = find_cards(request.user, search, request.user.day_of(timezone.now()), order)
    except SearchError as error:
        cards, problem = LearnerCard.objects.none(), str(error)
    page = Paginator(cards, CARDS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "search": search,
        "order": order if order in ORDERS else "position",
        "orders": list(ORDERS),
        "page": page,
        "problem": problem,
        "form": BulkForm(),
    }
    return render_page(request, "quizzes/flashcards/browse.html", context, status=422 if problem else 200)


@login_required
@require_POST
def bulk(request: LearnerRequest) -> HttpResponse:
    """Do one thing to many cards: first say to how many, then do it; Undo takes all of it back."""
    form = BulkForm(request.POST)
    now = timezone.now()
    search = request.POST.get("q", "").replace("\x00", "")[:300]
    back = f"{reverse('flashcards:browse')}?{urlencode({'q': search})}"
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(back)
    try:
        cards = list(form.chosen(request.user, search, request.user.day_of(now)))
    except SearchError as error:
        messages.error(request, str(error))
        return redirect(back)
    if not cards:
        messages.info(request, NONE_OWN if form.deletes else NONE_CHOSEN)
        return redirect(back)
    if not form.cleaned_data["confirmed"]:
        context = {"form": form, "count": len(cards), "search": search, "chosen": request.POST.getlist("cards")}
        return render_page(request, "quizzes/flashcards/bulk.html", context)
    changed = form.apply(request.user, cards, now)
    done = "Deleted" if form.deletes else f"{form.label}: changed"
    messages.success(request, f"{done} {changed} card{'' if changed == 1 else 's'}.")
    return redirect(back)
