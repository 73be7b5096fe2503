"""How the bank's questions do; administrators alone see it."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from quizzes.attempts.services import close_overdue
from quizzes.bank.models import Question
from quizzes.items.services import statistics_of

ITEMS_PER_PAGE = 50


@login_required
@require_safe
def items(request: LearnerRequest) -> HttpResponse:
    """Questions that were answered, the suspicious ones first."""
    if not request.user.is_staff:
        raise Http404
    close_overdue(now=timezone.now())
    only_suspicious = request.GET.get("show") == "suspicious"
    rows = statistics_of(Question.objects.answered().select_related("concept", "current"))
    rows.sort(key=lambda row: (row.certainty, row.statistics.answers, row.question.slug), reverse=True)
    suspicious = [row for row in rows if row.statistics.suspicions]
    context = {
        "page": Paginator(suspicious if only_suspicious else rows, ITEMS_PER_PAGE).get_page(request.GET.get("page")),
        "only_suspicious": only_suspicious,
        "answered": len(rows),
        "suspicious": len(suspicious),
    }
    return render_page(request, "quizzes/items/items.html", context)
