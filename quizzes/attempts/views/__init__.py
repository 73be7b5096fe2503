"""Pages of the quizzes."""

from quizzes.attempts.views.results import make_card, print_version, rate, review
from quizzes.attempts.views.start import attempt_list, retry, start
from quizzes.attempts.views.take import answer, attempt, finish, preview

__all__ = [
    "answer",
    "attempt",
    "attempt_list",
    "finish",
    "make_card",
    "preview",
    "print_version",
    "rate",
    "retry",
    "review",
    "start",
]
