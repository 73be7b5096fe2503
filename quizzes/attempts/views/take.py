"""A running quiz: its questions, its answers, its end.

A quiz whose time is up is closed before any of these is asked (`quizzes.attempts.middleware`).
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from mlprep.shared.htmx import render_page, wants_fragment
from mlprep.shared.limits.refusing import limited
from progress.accounts.requests import LearnerRequest
from quizzes.attempts.forms import ConfidenceForm
from quizzes.attempts.models import Attempt, AttemptQuestion, Confidence, digest
from quizzes.attempts.presenting import as_asked, as_reviewed, typeset
from quizzes.attempts.services import (
    AttemptClosed,
    DeadlinePassed,
    QuestionClosed,
    close_attempt,
    reveal_answer,
    save_answer,
    set_confidence,
    set_flag,
)
from quizzes.domain.clock import seconds_left
from quizzes.domain.expressions import ExpressionError
from quizzes.domain.numbers import NumberError
from quizzes.domain.questions import AnswerError, parse_question
from quizzes.domain.questions.formula import Formula
from quizzes.domain.questions.generated import Generated
from quizzes.domain.questions.numeric import Numeric


@login_required
@never_cache
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

    A form without JavaScript says with `go` where to go on: a question's number, `check` (in practice: show what
    is right) or `finish`.
    """
    attempt = get_object_or_404(Attempt.objects.of(request.user), pk=attempt_id)
    if not attempt.questions.filter(number=number).exists():
        raise Http404
    go = request.POST.get("go", "")
    try:
        _save(request, attempt, number, reveal=go == "check")
    except AnswerError as error:
        if wants_fragment(request) or not (_known_number(go, attempt) or go == "finish"):
            return _question_page(request, attempt, number, problem=str(error))
        messages.warning(request, f"What stood in question {number} was not saved. {error}")
    except AttemptClosed as error:
        return _closed(request, attempt, error)
    if wants_fragment(request):
        return _question_page(request, attempt, _known_number(go, attempt) or number)
    if go == "finish":
        return redirect("quizzes:finish", attempt.pk)
    return redirect(f"{attempt.get_absolute_url()}?question={_known_number(go, attempt) or number}")


@login_required
@require_safe
@limited("previews")
def preview(request: LearnerRequest, attempt_id: int, number: int) -> HttpResponse:
    """A formula typeset, or a number written out, as it was understood, while it is typed."""
    attempt = get_object_or_404(Attempt.objects.of(request.user), pk=attempt_id)
    question = get_object_or_404(attempt.questions.select_related("version"), number=number)
    kind = parse_question(question.version.content)
    if not isinstance(kind, Formula | Numeric | Generated):
        raise Http404
    context: dict[str, object] = {"number": number, "is_formula": isinstance(kind, Formula)}
    try:
        if text := request.GET.get("answer", "").strip():
            context["understood"] = (
                typeset(kind.latex(text)) if isinstance(kind, Formula) else kind.read_as(text, question.presentation)
            )
    except (ExpressionError, NumberError) as error:
        context["problem"] = str(error)
    return render_page(request, "quizzes/attempts/preview.html", context, fragment="preview")


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


def _save(request: LearnerRequest, attempt: Attempt, number: int, *, reveal: bool) -> None:
    """Save what the form holds. Raises AnswerError and AttemptClosed."""
    now = timezone.now()
    if "flag" in request.POST:
        set_flag(attempt=attempt, number=number, flagged=request.POST["flag"] == "on", now=now)
    confidence = ConfidenceForm(request.POST)
    is_new = request.POST.get("confidence", "") != request.POST.get("confidence_before", "")
    if is_new and confidence.is_valid():
        set_confidence(attempt=attempt, number=number, confidence=confidence.cleaned_data["confidence"], now=now)
    try:
        if given := request.POST.getlist("answer"):
            before = None if request.POST.get("edited") else request.POST.get("before")
            save_answer(attempt=attempt, number=number, given=given, now=now, before=before)
        if reveal and attempt.is_practice:
            reveal_answer(attempt=attempt, number=number, now=now)
    except QuestionClosed:
        messages.info(request, "The answer of this question is shown already, so yours stays as it was.")


def _question_page(request: LearnerRequest, attempt: Attempt, number: int, *, problem: str = "") -> HttpResponse:
    questions = list(attempt.questions.only("number", "answer", "flagged", "attempt"))
    current = attempt.questions.in_full().get(number=number)
    context = {
        "attempt": attempt,
        "questions": questions,
        "question": as_asked(current, typed=request.POST.getlist("answer") if problem else []),
        "reviewed": as_reviewed(current) if current.revealed_at else None,
        "confidences": Confidence.choices,
        "problem": problem,
        "held": _held(request, current),
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < len(questions) else None,
        **_clock(attempt),
    }
    # Only what is saved by itself asks for a fragment, and all it shows is whether that went well.
    return render_page(
        request, "quizzes/attempts/attempt.html", context, fragment="saved", status=422 if problem else 200
    )


def _held(request: LearnerRequest, question: AttemptQuestion) -> dict[str, str]:
    """What the page holds, told to it so that what it sends next can be known for new or for old.

    A whole page holds what is saved. A page that saves by itself goes on holding what it sent, even where another
    tab has saved something newer that its own old one did not replace.
    """
    saved = {"answer": digest(question.answer), "confidence": question.confidence}
    if not wants_fragment(request):
        return saved
    try:
        kind = parse_question(question.version.content)
        answer = digest(kind.read_answer(request.POST.getlist("answer"), question.presentation))
    except AnswerError:
        answer = request.POST.get("before", "")
    return {"answer": answer, "confidence": request.POST.get("confidence", "")}


def _clock(attempt: Attempt) -> dict[str, object]:
    if attempt.deadline is None:
        return {}
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
