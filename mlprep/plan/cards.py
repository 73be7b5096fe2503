"""Minutes of flashcards on the days to come."""

from datetime import date, timedelta

from progress.models import User
from quizzes.domain.interview import ANSWERS_TO_NEW
from quizzes.flashcards.models import FlashcardSettings, LearnerCard
from quizzes.flashcards.reports import forecast

_USUAL_INTERVAL = 20


def card_minutes(learner: User, settings: FlashcardSettings, today: date, days: int, seconds: float) -> dict[date, int]:
    """Minutes of due and new cards on each day, as it stands now; with an interview date within the minutes a day.

    A card learnt now comes back on days that no forecast knows yet, so a day counts as one card in twenty at least.
    """
    new, cards = LearnerCard.objects.of(learner).active(today).new().count(), LearnerCard.objects.of(learner).count()
    most = settings.minutes_a_day if learner.interview_date else 24 * 60
    minutes = {}
    for place, day in enumerate(forecast(learner, today, days=days)):
        fresh = min(settings.new_per_day, max(0, new - place * settings.new_per_day))
        answers = max(cards / _USUAL_INTERVAL, min(day.count, settings.reviews_per_day) + fresh * ANSWERS_TO_NEW)
        minutes[today + timedelta(days=place)] = min(most, round(answers * seconds / 60))
    return minutes
