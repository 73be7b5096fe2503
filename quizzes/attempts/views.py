"""Pages of the timed quiz: start, question, finish, review, past quizzes.

A quiz whose time is up is closed before any of these is asked (`quizzes.attempts.middleware`).
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from mlprep.shared.htmx import render_page, wants_fragment
from progress.accounts.requests import LearnerRequest
from quizzes.attempts.forms import StartForm
from quizzes.attempts.models import Attempt
from quizzes.attempts.presenting import as_asked, as_reviewed
from quizzes.attempts.selection import Selection
from quizzes.attempts.services import (
    AttemptClosed,
    DeadlinePassed,
    NoQuestions,
    close_attempt,
    save_answer,
    set_flag,
    start_attempt,
)
from quizzes.bank.models import Question
from quizzes.domain.clock import seconds_left
from quizzes.domain.questions import AnswerError

PAST_PER_PAGE = 20


@login_required
@require_safe
def attempt_list(request: LearnerRequest) -> HttpResponse:
    """The form that starts a quiz, the one that runs, and the past ones."""
    return _list_page(request, StartForm(initial=_initial(request)))


@login_required
@require_POST
def start(request: LearnerRequest) -> HttpResponse:
    """Draw the questions and start the clock."""
    form = StartForm(request.POST)
    if not form.is_valid():
        return _list_page(request, form, status=422)
    selection = form.selection()
    try:
        attempt = start_attempt(learner=request.user, selection=selection, now=timezone.now())
    except NoQuestions:
        form.add_error(None, "No question fits this choice. Take fewer conditions, or leave a line empty for all.")
        return _list_page(request, form, status=422)
    if attempt.max_score < selection.questions:
        count = int(attempt.max_score)
        messages.info(request, f"There are {count} questions on this, fewer than the {selection.questions} wished for.")
    return redirect(attempt)


@login_required
@require_safe
def attempt(request: LearnerRequest, attempt_id: int) -> HttpResponse:
    """The running quiz at one of its questions; without `?question=` at the first one still open."""
    attempt = get_object_or_404(Attempt.objects.of(request.user), pk=attempt_id)
    if attempt.finished_at:
        return redirect("quizzes:review", attempt_id)
    return _question_page(request, attempt, _wanted_number(request, attempt))


@login_required
@require_POST
def answer(request: LearnerRequest, attempt_id: int, number: int) -> HttpResponse:
    """Save one answer of a running quiz; late answers are refused, saved ones stay.

    A form without JavaScript says with `go` where to go on: a question's number or `finish`.
    """
    attempt = get_object_or_404(Attempt.objects.of(request.user), pk=attempt_id)
    if not attempt.questions.filter(number=number).exists():
        raise Http404
    now = timezone.now()
    given = request.POST.getlist("answer")
    problem = ""
    try:
        if given:
            save_answer(attempt=attempt, number=number, given=given, now=now)
        if "flag" in request.POST:
            set_flag(attempt=attempt, number=number, flagged=request.POST["flag"] == "on", now=now)
    except AnswerError as error:
        problem = str(error)
    except AttemptClosed as error:
        return _closed(request, attempt, error)
    go = request.POST.get("go", "")
    if problem or wants_fragment(request):
        goes_to = _known_number(go, attempt) or number
        return _question_page(request, attempt, number if problem else goes_to, problem=problem)
    if go == "finish":
        return redirect("quizzes:finish", attempt.pk)
    return redirect(f"{attempt.get_absolute_url()}?question={_known_number(go, attempt) or number}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: LearnerRequest, attempt_id: int) -> HttpResponse:
    """Ask once more, naming what is still open or flagged; then close and grade."""
    attempt = get_object_or_404(Attempt.objects.of(request.user), pk=attempt_id)
    if request.method == "POST":
        close_attempt(attempt=attempt, now=timezone.now())
        return redirect("quizzes:review", attempt_id)
    if attempt.finished_at:
        return redirect("quizzes:review", attempt_id)
    return render_page(request, "quizzes/attempts/finish.html", {"attempt": attempt, **_clock(attempt)})


@login_required
@require_safe
def review(request: LearnerRequest, attempt_id: int) -> HttpResponse:
    """The results: each question with what was given, what is right, and why."""
    attempt = get_object_or_404(Attempt.objects.of(request.user), pk=attempt_id)
    if not attempt.finished_at:
        return redirect(attempt)
    questions = [as_reviewed(question) for question in attempt.questions.in_full()]
    only_wrong = request.GET.get("show") == "wrong"
    context = {
        "attempt": attempt,
        "questions": [question for question in questions if not (only_wrong and question.right)],
        "only_wrong": only_wrong,
        "right": sum(question.right for question in questions),
        "count": len(questions),
        "missed": list({q.concept.code: q.concept for q in questions if not q.right}.values()),
    }
    return render_page(request, "quizzes/attempts/review.html", context)


def _list_page(request: LearnerRequest, form: StartForm, *, status: int = 200) -> HttpResponse:
    attempts = Attempt.objects.of(request.user)
    past = Paginator(attempts.closed(), PAST_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "running": attempts.running().first(),
        "page": past,
        "available": Question.objects.askable().count(),
        "chosen_concepts": _chosen_concepts(form),
    }
    return render_page(request, "quizzes/attempts/list.html", context, status=status)


def _chosen_concepts(form: StartForm) -> list[str]:
    return [str(code) for code in form["concepts"].value() or []]


def _initial(request: LearnerRequest) -> dict[str, object]:
    """The form as it was filled in last, unless the address says what to practise."""
    wanted = {"concepts": request.GET.getlist("concept"), "weeks": request.GET.getlist("week")}
    last = Attempt.objects.of(request.user).first()
    before = last.selection if last else Selection().as_json()
    if any(wanted.values()):
        return {"questions": before["questions"], "minutes": before["minutes"], "focus": "all", **wanted}
    return {**before, "concepts": []}


def _question_page(request: LearnerRequest, attempt: Attempt, number: int, *, problem: str = "") -> HttpResponse:
    questions = list(attempt.questions.in_full())
    current = next(question for question in questions if question.number == number)
    context = {
        "attempt": attempt,
        "questions": questions,
        "question": as_asked(current),
        "problem": problem,
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < len(questions) else None,
        **_clock(attempt),
    }
    return render_page(
        request, "quizzes/attempts/attempt.html", context, fragment="question", status=422 if problem else 200
    )


def _clock(attempt: Attempt) -> dict[str, object]:
    return {
        "seconds_left": seconds_left(attempt.deadline, timezone.now()),
        "after": reverse("quizzes:review", args=[attempt.pk]),
    }


def _closed(request: LearnerRequest, attempt: Attempt, error: AttemptClosed) -> HttpResponse:
    messages.info(
        request,
        "Time was up before this answer arrived; the answers saved until then count."
        if isinstance(error, DeadlinePassed)
        else "This quiz is finished already; these are its results.",
    )
    results = reverse("quizzes:review", args=[attempt.pk])
    return HttpResponseClientRedirect(results) if wants_fragment(request) else redirect(results)


def _wanted_number(request: LearnerRequest, attempt: Attempt) -> int:
    return _known_number(request.GET.get("question", ""), attempt) or attempt.resume_at()


def _known_number(text: str, attempt: Attempt) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return number if 1 <= number <= attempt.max_score else None
