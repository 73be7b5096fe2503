"""What other features tell the plan. A feature that is not there yet tells nothing, and the plan does without."""

from datetime import date, datetime

from django.urls import NoReverseMatch, reverse

from progress.models import User


def mocks_sat(learner: User, since: datetime) -> list[datetime]:
    """When the learner finished mock interviews since a moment, in order."""
    return []


def weekly_reviews_written(learner: User, since: date) -> set[date]:
    """The learner's days since `since` on which they wrote a weekly review."""
    return set()


def weekly_review_waiting(learner: User, today: date) -> bool:
    """Whether a weekly review waits to be written, beside the plan's own task; the Today page then says so."""
    return False


def reading_minutes(learner: User) -> tuple[float, float]:
    """Minutes that the focus timer measured on topics read in full, and the minutes these are said to take."""
    return 0.0, 0.0


def mocks_url() -> str:
    """The page of mock interviews; empty where there is none."""
    return _address("mocks:home")


def weekly_review_url() -> str:
    """The page of weekly reviews; empty where there is none."""
    return _address("reviews:home")


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
