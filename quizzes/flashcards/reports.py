"""What the log and the collection show: forecasts, retention, workload."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractHour

from progress.models import User
from quizzes.domain.cards import State
from quizzes.domain.fsrs import FSRS, Rating
from quizzes.domain.intervals import Interval, wilson
from quizzes.flashcards.models import CardEvent, FlashcardSettings, LearnerCard
from quizzes.flashcards.preferences import policy_of

_YOUNG, _MATURE = 7, 21
_STABILITIES = {"<1": 0, "1": 1, "3": 3, "7": 7, "14": 14, "30": 30, "90": 90, "180": 180, "365+": 365}
_RECALLS = {"<50 %": 0.0, **{f"{tens} %": tens / 100 for tens in (50, 60, 70, 80, 85, 90, 95)}}


@dataclass(frozen=True, slots=True)
class DayCount:
    """How much falls on a day."""

    day: date
    count: int
    seconds: int = 0
    lapses: int = 0


@dataclass(frozen=True, slots=True)
class DayHour:
    """What falls on an hour of the day."""

    hour: int
    answers: int
    reviews: int
    recalled: int

    @property
    def percent(self) -> int:
        return round(100 * self.recalled / self.reviews) if self.reviews else 0


@dataclass(frozen=True, slots=True)
class Retention:
    """Of the reviews in a class of intervals, how many were recalled."""

    name: str
    reviews: int
    recalled: int

    @property
    def interval(self) -> Interval:
        return wilson(self.recalled, max(1, self.reviews))

    @property
    def percent(self) -> int:
        return round(100 * self.recalled / self.reviews) if self.reviews else 0


def forecast(learner: User, today: date, *, days: int) -> list[DayCount]:
    """Reviews due on each of the coming days; what is overdue counts today."""
    last = today + timedelta(days=days - 1)
    due = LearnerCard.objects.of(learner).filter(state=State.REVIEW, suspended=False, due_on__lte=last)
    counts: dict[date, int] = {}
    for due_on, count in due.values_list("due_on").annotate(Count("pk")):
        if due_on:
            counts[max(due_on, today)] = counts.get(max(due_on, today), 0) + count
    return [DayCount(day, counts.get(day, 0)) for day in _days(today, days)]


def reviews_by_day(learner: User, today: date, *, days: int) -> list[DayCount]:
    """Answers a day, with the time they took, up to today."""
    first = today - timedelta(days=days - 1)
    rows = (
        CardEvent.objects.of(learner)
        .answers()
        .filter(day__gte=first)
        .values_list("day")
        .annotate(Count("pk"), Sum("milliseconds"), lapsed=Count("pk", filter=Q(rating=Rating.AGAIN)))
    )
    found = {day: DayCount(day, count, round((spent or 0) / 1000), lapses) for day, count, spent, lapses in rows}
    return [found.get(day, DayCount(day, 0)) for day in _days(first, days)]


def retention(learner: User, since: date) -> list[Retention]:
    """True retention of reviews since a day, by the interval they had: young, growing, mature; then of all."""
    rows = CardEvent.objects.of(learner).answers().filter(day__gte=since, state_before=State.REVIEW)
    tallies: dict[str, list[int]] = {"up to 7 days": [0, 0], "8 to 21 days": [0, 0], "over 21 days": [0, 0]}
    names = list(tallies)
    for interval, rating in rows.values_list("before__interval", "rating"):
        name = names[0] if interval <= _YOUNG else names[1] if interval <= _MATURE else names[2]
        tallies[name][0] += 1
        tallies[name][1] += rating != Rating.AGAIN
    tallies["all"] = [sum(counts) for counts in zip(*tallies.values(), strict=True)]
    return [Retention(name, reviews, recalled) for name, (reviews, recalled) in tallies.items()]


def hours(learner: User, since: date) -> list[DayHour]:
    """Answers by the hour of the learner's clock, and how many of the reviews among them were recalled."""
    rows = (
        CardEvent.objects.of(learner)
        .answers()
        .filter(day__gte=since)
        .annotate(hour=ExtractHour("happened_at", tzinfo=learner.zone))
        .values_list("hour")
        .annotate(
            answers=Count("pk"),
            reviews=Count("pk", filter=Q(state_before=State.REVIEW)),
            recalled=Count("pk", filter=Q(state_before=State.REVIEW) & ~Q(rating=Rating.AGAIN)),
        )
    )
    found = {hour: DayHour(hour, *counts) for hour, *counts in rows}
    return [found.get(hour, DayHour(hour, 0, 0, 0)) for hour in range(24)]


def year_of_answers(learner: User, today: date) -> list[DayCount]:
    """Answers on each day of whole weeks, about a year back, Monday first, up to today."""
    first = today - timedelta(days=today.weekday() + 52 * 7)
    rows = CardEvent.objects.of(learner).answers().filter(day__gte=first).values_list("day").annotate(Count("pk"))
    counts = dict(rows)
    return [DayCount(day, counts.get(day, 0)) for day in _days(first, (today - first).days + 1)]


def ratings(learner: User, since: date) -> dict[Rating, int]:
    """How often each button was pressed since a day."""
    rows = CardEvent.objects.of(learner).answers().filter(day__gte=since).values_list("rating")
    counts = dict(rows.annotate(Count("pk")))
    return {rating: counts.get(rating, 0) for rating in Rating}


def distributions(learner: User, settings: FlashcardSettings, today: date) -> list[tuple[str, list[tuple[str, int]]]]:
    """How stability, difficulty and recall now are spread over the cards that were seen."""
    seen = LearnerCard.objects.of(learner).filter(stability__isnull=False, last_on__isnull=False)
    rows = [(s, d, day) for s, d, day in seen.values_list("stability", "difficulty", "last_on") if s and d and day]
    fsrs = FSRS(tuple(policy_of(settings).weights))
    elapsed = np.array([max(0, (today - day).days) for _, _, day in rows], dtype=float)
    recall = fsrs.retrievability(np.array([s for s, _, _ in rows]), elapsed) if rows else []
    return [
        ("Stability in days", _classes([s for s, _, _ in rows], _STABILITIES)),
        ("Difficulty", _classes([d for _, d, _ in rows], {str(level): float(level) for level in range(1, 11)})),
        ("Recall now", _classes([float(r) for r in recall], _RECALLS)),
    ]


def _classes(values: Sequence[float], edges: Mapping[str, float]) -> list[tuple[str, int]]:
    return list(zip(edges, histogram(values, list(edges.values())), strict=True))


def histogram(values: Iterable[float], edges: list[float]) -> list[int]:
    """How many values lie from one edge to below the next; the last class is open."""
    counts = [0] * len(edges)
    for value in values:
        counts[max(place for place, edge in enumerate(edges) if value >= edge)] += 1
    return counts


def _days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=place) for place in range(count)]
