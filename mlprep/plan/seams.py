"""What other features tell the plan."""

from datetime import date, datetime

from django.db.models import Count, F, Max, OuterRef, Subquery
from django.urls import NoReverseMatch, reverse

from concepts.models import Topic
from progress.models import FocusSession, PartRead, User, WeeklyReview
from progress.reviews.services import due_week
from quizzes.models import MockInterview


def mocks_sat(learner: User, since: datetime) -> list[datetime]:
    """When the learner finished mock interviews since a moment, in order."""
    finished = MockInterview.objects.of(learner).filter(finished_at__gte=since).order_by("finished_at")
    return [moment for moment in finished.values_list("finished_at", flat=True) if moment]


def weekly_reviews_written(learner: User, since: date) -> set[date]:
    """The learner's days since `since` on which they wrote a weekly review."""
    done = WeeklyReview.objects.of(learner).done().values_list("done_at", flat=True)
    days = {learner.day_of(moment) for moment in done if moment}
    return {day for day in days if day >= since}


def weekly_review_waiting(learner: User, today: date) -> str:
    """The address of the weekly review that waits to be written; empty where none does."""
    week = due_week(learner, today)
    return reverse("reviews:detail", args=[week.monday.isoformat()]) if week else ""


def reading_minutes(learner: User) -> tuple[float, float]:
    """Minutes that the focus timer measured on topics until they were read, and the minutes these are said to take."""
    reads = PartRead.objects.of(learner).filter(topic=OuterRef("pk")).order_by().values("topic")
    done, last = reads.annotate(found=Count("pk")).values("found"), reads.annotate(found=Max("read_at")).values("found")
    topics = Topic.objects.annotate(all=Count("parts"), done=Subquery(done), last=Subquery(last))
    topics = topics.filter(done__gte=F("all"))
    read = {pk: (minutes, last) for pk, minutes, last in topics.values_list("pk", "minutes", "last")}
    measured = dict.fromkeys(read, 0.0)
    sessions = FocusSession.objects.of(learner).filter(topic__in=read).exclude(seconds=None)
    for topic, started, seconds in sessions.values_list("topic_id", "started_at", "seconds"):
        if topic is not None and started <= read[topic][1]:
            measured[topic] += (seconds or 0) / 60
    timed = [topic for topic, minutes in measured.items() if minutes > 0]
    return sum(measured[topic] for topic in timed), float(sum(read[topic][0] for topic in timed))


def mocks_url() -> str:
    """The page of mock interviews; empty where there is none."""
    return _address("mocks:home")


def weekly_review_url() -> str:
    """The page of weekly reviews; empty where there is none."""
    return _address("reviews:list")


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
