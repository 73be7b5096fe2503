"""A learner's settings as the scheduler takes them."""

from progress.models import User
from quizzes.domain.cards import Policy
from quizzes.domain.fsrs import DEFAULT_WEIGHTS
from quizzes.flashcards.models import FlashcardSettings
from quizzes.flashcards.statements import fetch_settings

_relation = FlashcardSettings._meta.get_field("learner").remote_field


def settings_of(learner: User) -> FlashcardSettings:
    """The learner's settings, or the defaults, not saved; asked for once for each `learner` object."""
    if not _relation.is_cached(learner):
        # Setting the learner keeps the settings with it.
        (fetch_settings(learner) or FlashcardSettings()).learner = learner
    return learner.flashcard_settings


def policy_of(settings: FlashcardSettings) -> Policy:
    """How cards are scheduled under these settings."""
    learning, relearning = settings.steps
    return Policy(
        desired_retention=settings.desired_retention,
        learning_steps=learning,
        relearning_steps=relearning,
        maximum_interval=settings.maximum_interval,
        weights=tuple(settings.weights or DEFAULT_WEIGHTS),
    )
