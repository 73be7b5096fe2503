"""Starting a quiz: the form, the quizzes that run, the past ones."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mlprep.shared.htmx import render_page, wants_fragment
from progress.accounts.requests import LearnerRequest
from quizzes.attempts.forms import StartForm, page_key
from quizzes.attempts.models import Attempt
from quizzes.attempts.selection import Selection
from quizzes.attempts.services import NoQuestions, retry_missed, start_attempt
from quizzes.bank.models import Question

PAST_PER_PAGE = 20


@login_required
@require_safe
def attempt_list(request: LearnerRequest) -> HttpResponse:
    """The form that starts a quiz, the ones that run, and the past ones."""
    return _list_page(request, StartForm(initial=_initial(request)))


@login_required
@require_POST
def start(request: LearnerRequest) -> HttpResponse:
    """Draw the questions and start the clock; or only show the form with the concepts that were looked for."""
    if _narrows(request):
        return _list_page(request, StartForm.unchecked(request.POST), fragment="concepts")
    form = StartForm(request.POST, find=request.POST.get("find", ""))
    if not form.is_valid():
        return _list_page(request, form, status=422)
    selection = form.selection()
    try:
        attempt = start_attempt(learner=request.user, selection=selection, now=timezone.now(), key=_key(request))
    except NoQuestions:
        form.add_error(None, "No question fits this choice. Take fewer conditions, or leave a line empty for all.")
        return _list_page(request, form, status=422)
    if attempt.max_score < selection.questions:
        count = int(attempt.max_score)
        messages.info(request, f"There are {count} questions on this, fewer than the {selection.questions} wished for.")
    return redirect(attempt)


@login_required
@require_POST
def retry(request: LearnerRequest, attempt_id: int) -> HttpResponse:
    """Start a quiz over what was not right in a closed one."""
    before = get_object_or_404(Attempt.objects.of(request.user).closed(), pk=attempt_id)
    try:
        return redirect(retry_missed(attempt=before, now=timezone.now(), key=_key(request)))
    except NoQuestions:
        messages.info(request, "Nothing is left to retry: every question was right, or is no longer in the bank.")
        return redirect("quizzes:review", attempt_id)


def _key(request: LearnerRequest) -> str:
    return page_key(request.POST.get("key", ""))


def _narrows(request: LearnerRequest) -> bool:
    """Whether the list of concepts is to be narrowed: by its button, by typing, or by Enter where words stand."""
    go = request.POST.get("go", "")
    has_words = bool(request.POST.get("find") or request.POST.get("found"))
    return go == "find" or wants_fragment(request) or (has_words and go != "start")


def _list_page(request: LearnerRequest, form: StartForm, *, status: int = 200, fragment: str = "") -> HttpResponse:
    attempts = Attempt.objects.of(request.user)
    past = Paginator(attempts.closed(), PAST_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "running": list(attempts.running()[:5]),
        "page": past,
        "page_key": uuid4().hex,
        "available": Question.objects.askable().count(),
    }
    return render_page(request, "quizzes/attempts/list.html", context, fragment=fragment, status=status)


def _initial(request: LearnerRequest) -> dict[str, object]:
    """The form as it was filled in last, unless the address says what to practise."""
    wanted = {"concepts": request.GET.getlist("concept"), "weeks": request.GET.getlist("week")}
    last = Attempt.objects.of(request.user).first()
    before = Selection.from_json(last.selection).as_json() if last else Selection().as_json()
    if any(wanted.values()):
        kept = {name: before[name] for name in ("questions", "minutes", "mode")}
        return {**kept, "focus": "all", **wanted}
    return {**before, "concepts": []}
