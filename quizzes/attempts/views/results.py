"""A closed quiz: its results, the rating of open answers, its version on paper."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from quizzes.attempts.forms import RatingForm
from quizzes.attempts.models import Attempt, Confidence
from quizzes.attempts.presenting import as_asked, as_reviewed
from quizzes.attempts.services import rate_answer
from quizzes.attempts.to_cards import question_to_card
from quizzes.domain.grades import calibration


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
        "to_rate": [question.number for question in questions if question.to_rate],
        "page_key": uuid4().hex,
        "missed": any(not question.right and not question.to_rate for question in questions),
        "calibration": [
            {"label": Confidence(row.confidence).label, "row": row}
            for row in calibration(
                (question.confidence, question.credit)
                for question in questions
                if question.answered and not question.to_rate
            )
        ],
    }
    return render_page(request, "quizzes/attempts/review.html", context)


@login_required
@require_POST
def rate(request: LearnerRequest, attempt_id: int, number: int) -> HttpResponse:
    """Give oneself credit for an open answer by ticking what it covers."""
    attempt = get_object_or_404(Attempt.objects.of(request.user), pk=attempt_id)
    form = RatingForm(request.POST)
    get_object_or_404(attempt.questions, number=number)
    try:
        if form.is_valid():
            rate_answer(attempt=attempt, number=number, covered=form.cleaned_data["points"])
    except ValueError as error:
        messages.error(request, f"{error}.".capitalize())
    if attempt.finished_at:
        return redirect(f"{reverse('quizzes:review', args=[attempt.pk])}#q{number}")
    return redirect(f"{attempt.get_absolute_url()}?question={number}")


@login_required
@require_POST
def make_card(request: LearnerRequest, attempt_id: int, number: int) -> HttpResponse:
    """Keep a question of a closed quiz as a flashcard."""
    attempt = get_object_or_404(Attempt.objects.of(request.user).closed(), pk=attempt_id)
    question = get_object_or_404(attempt.questions.in_full(), number=number)
    question_to_card(learner=request.user, question=question)
    messages.success(request, f"Question {number} is among your flashcards.")
    return redirect(f"{reverse('quizzes:review', args=[attempt.pk])}#q{number}")


@login_required
@require_safe
def print_version(request: LearnerRequest, attempt_id: int) -> HttpResponse:
    """The questions on paper; once the quiz is closed, the answers on a page of their own."""
    attempt = get_object_or_404(Attempt.objects.of(request.user), pk=attempt_id)
    questions = list(attempt.questions.in_full())
    context = {
        "attempt": attempt,
        "reviewed": [as_reviewed(question) for question in questions] if attempt.finished_at else [],
        "questions": [as_asked(question, empty=True) for question in questions],
    }
    return render_page(request, "quizzes/attempts/print.html", context)
