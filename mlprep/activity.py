"""What a learner did on each of the last days, as a heatmap."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from progress.domain.calendar import start_of_day
from progress.models import Evidence, User
from quizzes.flashcards.charts import CELL, Bar, Cell, heatmap
from quizzes.models import CardEvent

WEEKS = 26


@dataclass(frozen=True)
class Activity:
    """Answers and reviews a day over half a year. months: names with their place along the heatmap."""

    cells: list[Cell]
    months: list[tuple[str, int]]
    weeks: list[tuple[date, int]]
    reviews: int
    answers: int

    @property
    def total(self) -> int:
        return self.reviews + self.answers

    @property
    def width(self) -> int:
        return CELL * len(self.weeks)


def activity_of(learner: User, today: date) -> Activity:
    """Cards reviewed and other answers on each of the learner's days since a Monday half a year ago, in two queries."""
    first = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    events = CardEvent.objects.of(learner).answers().filter(day__gte=first)
    counts = dict(events.order_by().values_list("day").annotate(Count("pk")))
    reviews = sum(counts.values())
    begin = start_of_day(first, learner.zone, learner.day_begins_at)
    others = Evidence.objects.of(learner).filter(happened_at__gte=begin).exclude(source__startswith="card:")
    moments = list(others.values_list("happened_at", flat=True))
    for moment in moments:
        day = learner.day_of(moment)
        counts[day] = counts.get(day, 0) + 1
    days = [first + timedelta(days=place) for place in range((today - first).days + 1)]
    mondays = [day for day in days if day.weekday() == 0]
    return Activity(
        cells=heatmap([Bar(f"{day:%-d %B}", counts.get(day, 0)) for day in days]),
        months=[
            (f"{day:%b}", CELL * place)
            for place, day in enumerate(mondays)
            if place == 0 or day.month != mondays[place - 1].month
        ],
        weeks=[(day, sum(counts.get(day + timedelta(days=n), 0) for n in range(7))) for day in mondays],
        reviews=reviews,
        answers=len(moments),
    )
