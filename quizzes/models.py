"""The app's models, from their feature folders."""

from quizzes.attempts.models import Attempt, AttemptQuestion
from quizzes.bank.models import Question, QuestionVersion
from quizzes.exercises.models import Exercise, ExerciseRun, ExerciseWork
from quizzes.flashcards.models import Card, CardEvent, CardText, FlashcardSettings, LearnerCard, WeightsFit
from quizzes.mocks.models import MockInterview, MockRating, MockReveal, MockRun, MockScript, MockScriptVersion

__all__ = [
    "Attempt",
    "AttemptQuestion",
    "Card",
    "CardEvent",
    "CardText",
    "Exercise",
    "ExerciseRun",
    "ExerciseWork",
    "FlashcardSettings",
    "LearnerCard",
    "MockInterview",
    "MockRating",
    "MockReveal",
    "MockRun",
    "MockScript",
    "MockScriptVersion",
    "Question",
    "QuestionVersion",
    "WeightsFit",
]
