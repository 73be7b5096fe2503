"""Pages of flashcards."""

from quizzes.flashcards.views.browse import browse, bulk
from quizzes.flashcards.views.cram import cram
from quizzes.flashcards.views.home import home, interview, settings_page
from quizzes.flashcards.views.info import info
from quizzes.flashcards.views.model import memory_model, take_fit_back
from quizzes.flashcards.views.own import delete, edit, new, preview_text
from quizzes.flashcards.views.review import act, review, take_back
from quizzes.flashcards.views.statistics import statistics
from quizzes.flashcards.views.target import target

__all__ = [
    "act",
    "browse",
    "bulk",
    "cram",
    "delete",
    "edit",
    "home",
    "info",
    "interview",
    "memory_model",
    "new",
    "preview_text",
    "review",
    "settings_page",
    "statistics",
    "take_back",
    "take_fit_back",
    "target",
]
