"""The app's models, from their feature folders."""

from quizzes.attempts.models import Attempt, AttemptQuestion
from quizzes.bank.models import Question, QuestionVersion

__all__ = ["Attempt", "AttemptQuestion", "Question", "QuestionVersion"]
