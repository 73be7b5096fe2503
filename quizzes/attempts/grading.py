"""Grading an attempt's questions, and what each answer shows about its concept."""

from django.db.models import Sum

from progress.services import Shown, record_all
from quizzes.attempts.models import Attempt, AttemptQuestion
from quizzes.domain.evidence import OF_LEVEL
from quizzes.domain.questions import parse_question
from quizzes.flashcards.from_quizzes import count_quiz_answer


def grade_question(question: AttemptQuestion, attempt: Attempt) -> list[Shown]:
    """Set the question's credit; gives what the answer shows about its concept, for the caller to record at last.

    A question left open gets no credit and shows nothing; an open answer shows nothing until it is rated.
    """
    kind = parse_question(question.version.content)
    question.credit = 0.0 if question.answer is None else kind.grade(question.answer, question.presentation)
    question.save(update_fields=["credit"])
    self_rated = question.version.content["kind"] == "open"
    if question.answer is None or (self_rated and question.answer["covered"] is None):
        return []
    count_quiz_answer(
        learner=attempt.learner,
        question=question.version.question,
        credit=question.credit,
        guess_chance=kind.guess_chance,
        key=f"quiz:{attempt.pk}:{question.number}",
        now=question.saved_at or attempt.started_at,
    )
    return [
        Shown(
            concept_id=question.version.question.concept_id,
            source=f"quiz:{attempt.pk}:{question.number}",
            credit=question.credit,
            guess_chance=kind.guess_chance,
            happened_at=question.saved_at or attempt.started_at,
            self_rated=self_rated,
            difficulty=OF_LEVEL[question.version.content["difficulty"]],
        )
    ]


def grade_attempt(attempt: Attempt) -> None:
    """Grade every question that is not graded yet, sum the score up, and record what the answers show."""
    questions = attempt.questions.filter(credit=None).in_full()
    shown = [each for question in questions for each in grade_question(question, attempt)]
    sum_up(attempt)
    record_all(learner=attempt.learner, shown=shown)


def sum_up(attempt: Attempt) -> None:
    """Write the attempt's score anew from its questions."""
    total = attempt.questions.aggregate(total=Sum("credit"))["total"]
    Attempt.objects.filter(pk=attempt.pk).update(score=total or 0.0)
