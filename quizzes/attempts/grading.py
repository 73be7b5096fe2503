"""Grading an attempt's questions, and what each answer shows about its concept."""

from django.db.models import Sum

from progress.services import record_evidence
from quizzes.attempts.models import Attempt, AttemptQuestion
from quizzes.domain.questions import parse_question
from quizzes.flashcards.from_quizzes import count_quiz_answer


def grade_question(question: AttemptQuestion, attempt: Attempt) -> None:
    """Set the question's credit, and record the answer as evidence on its concept.

    A question left open gets no credit and shows nothing; an open answer shows nothing until it is rated.
    """
    kind = parse_question(question.version.content)
    question.credit = 0.0 if question.answer is None else kind.grade(question.answer, question.presentation)
    question.save(update_fields=["credit"])
    self_rated = question.version.content["kind"] == "open"
    if question.answer is None or (self_rated and question.answer["covered"] is None):
        return
    count_quiz_answer(
        learner=attempt.learner,
        question=question.version.question,
        credit=question.credit,
        guess_chance=kind.guess_chance,
        key=f"quiz:{attempt.pk}:{question.number}",
        now=question.saved_at or attempt.started_at,
    )
    record_evidence(
        learner=attempt.learner,
        concept=question.version.question.concept,
        source=f"quiz:{attempt.pk}:{question.number}",
        credit=question.credit,
        guess_chance=kind.guess_chance,
        happened_at=question.saved_at or attempt.started_at,
        self_rated=self_rated,
    )


def grade_attempt(attempt: Attempt) -> None:
    """Grade every question that is not graded yet, and sum the score up."""
    for question in attempt.questions.filter(credit=None).in_full():
        grade_question(question, attempt)
    sum_up(attempt)


def sum_up(attempt: Attempt) -> None:
    """Write the attempt's score anew from its questions."""
    total = attempt.questions.aggregate(total=Sum("credit"))["total"]
    Attempt.objects.filter(pk=attempt.pk).update(score=total or 0.0)
