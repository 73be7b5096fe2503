"""All cards in a table: searched, sorted, changed many at once."""

from dataclasses import dataclass

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
from quizzes.domain.fsrs import FSRS
from quizzes.flashcards.bulk_form import BulkForm
from quizzes.flashcards.models import LearnerCard
from quizzes.flashcards.preferences import policy_of, settings_of
from quizzes.flashcards.search import ORDERS, find_cards, is_order, recall_now
from quizzes.flashcards.views.around import asked_for, told_if_stale

CARDS_PER_PAGE = 50
NONE_CHOSEN = "No card is chosen; tick some, or choose all that the search finds."
NONE_OWN = "None of these is a card of your own. Library cards can be suspended, not deleted."

_COLUMNS = [
    ("Concept", "concept"),
    ("State", "state"),
    ("Due", "due"),
    ("Recall", "recall"),
    ("Stability", "stability"),
    ("Difficulty", "difficulty"),
    ("Lapses", "lapses"),
]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the table can be sorted by; `order` is how it is sorted now."""

    title: str
    name: str
    order: str

    @property
    def is_number(self) -> bool:
        return self.name in {"recall", "stability", "difficulty", "lapses"}

    @property
    def is_sorted(self) -> bool:
        return self.order.removeprefix("-") == self.name

    @property
    def falls(self) -> bool:
        falls_first = ORDERS[self.name][0].startswith("-") and self.name != "recall"
        return falls_first != self.order.startswith("-")

    @property
    def next(self) -> str:
        """The order that a press on the heading leads to: sorted by it, or turned round."""
        return f"-{self.name}" if self.order == self.name else self.name


@login_required
@require_safe
def browse(request: LearnerRequest) -> HttpResponse:
    """The learner's cards that a search finds."""
    search = request.GET.get("q", "").replace("\x00", "")[:300]
    order = request.GET.get("order", "")
    today = request.user.day_of(timezone.now())
    problem = ""
    try:
        cards = find_cards(request.user, search, today, order)
    except SearchError as error:
        cards, problem = LearnerCard.objects.none(), str(error)
    page = Paginator(cards, CARDS_PER_PAGE).get_page(request.GET.get("page"))
    order = order if is_order(order) else "position"
    fsrs = FSRS(tuple(policy_of(settings_of(request.user)).weights))
    rows = [(card, recall_now(card, fsrs, today)) for card in page]
    context = {
        "search": search,
        "order": order,
        "orders": list(ORDERS),
        "columns": [Column(title, name, order) for title, name in _COLUMNS],
        "page": page,
        "rows": rows,
        "problem": problem,
        "form": BulkForm(),
        "this_page": request.get_full_path(),
    }
    return render_page(request, "quizzes/flashcards/browse.html", context, status=422 if problem else 200)


@login_required
@require_POST
@told_if_stale
def bulk(request: LearnerRequest) -> HttpResponse:
    """Do one thing to many cards: first say to how many, then do it; Undo takes all of it back."""
    form = BulkForm(request.POST)
    now = timezone.now()
    search = request.POST.get("q", "").replace("\x00", "")[:300]
    back = asked_for(request) or f"{reverse('flashcards:browse')}?{urlencode({'q': search})}"
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
        sent = {"search": search, "chosen": request.POST.getlist("cards"), "back": back}
        context = {"form": form, "count": len(cards), **sent}
        return render_page(request, "quizzes/flashcards/bulk.html", context)
    changed = form.apply(request.user, cards, now)
    done = "Deleted" if form.deletes else f"{form.label}: changed"
    messages.success(request, f"{done} {changed} card{'' if changed == 1 else 's'}.")
    return redirect(back)
