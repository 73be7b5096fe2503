"""What a learner answers when looking back on a week."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from concepts.models import Concept, Topic
from progress.domain.weeks import ReviewWeek
from progress.subjects import Subject

if TYPE_CHECKING:
    from progress.accounts.models import User

MAX_ANSWER_LENGTH = 10_000
QUESTIONS = {
    "explain": "Can I explain each topic I finished, without notes?",
    "derive": "Can I derive its key equations?",
    "implement": "Can I write it from scratch?",
    "more_work": "What needs more work?",
}
"""The curriculum guide's four questions, by the field that keeps the answer."""


class WeeklyReviewQuerySet(models.QuerySet["WeeklyReview"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def done(self) -> Self:
        return self.exclude(done_at=None)

    def with_flags(self) -> Self:
        """With what they flag, for lists: `flagged` asks nothing more then."""
        return self.prefetch_related(
            models.Prefetch("concepts", Concept.objects.as_list(), to_attr="concepts_found"),
            models.Prefetch("topics", Topic.objects.defer("source"), to_attr="topics_found"),
        )


class WeeklyReview(models.Model):
    """A learner's review of the seven days up to `last_day`; known by the Monday of its calendar week."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="weekly_reviews")
    monday = models.DateField()
    last_day = models.DateField(help_text="The day of the review; it looks back on the seven days up to it")
    explain = models.TextField(QUESTIONS["explain"], max_length=MAX_ANSWER_LENGTH, blank=True)
    derive = models.TextField(QUESTIONS["derive"], max_length=MAX_ANSWER_LENGTH, blank=True)
    implement = models.TextField(QUESTIONS["implement"], max_length=MAX_ANSWER_LENGTH, blank=True)
    more_work = models.TextField(QUESTIONS["more_work"], max_length=MAX_ANSWER_LENGTH, blank=True)
    concepts = models.ManyToManyField(Concept, related_name="weekly_reviews", blank=True)
    topics = models.ManyToManyField(Topic, related_name="weekly_reviews", blank=True)
    flags_chosen = models.BooleanField(
        default=False, help_text="The learner has chosen what needs work; until then the week's evidence proposes it"
    )
    page = models.CharField(max_length=32, blank=True, editable=False, help_text="The page that wrote it last")
    done_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = WeeklyReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-monday"]
        constraints = [models.UniqueConstraint(fields=["learner", "monday"], name="one_review_a_week")]

    def __str__(self) -> str:
        return f"{self.learner}: week to {self.last_day}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:detail", args=[self.monday.isoformat()])

    @property
    def week(self) -> ReviewWeek:
        return ReviewWeek(self.monday, self.last_day)

    @property
    def flagged(self) -> set[Subject]:
        """What needs more work, as the learner has chosen."""
        if hasattr(self, "concepts_found") and hasattr(self, "topics_found"):
            return {*self.concepts_found, *self.topics_found}
        return {*self.concepts.as_list(), *self.topics.defer("source")}


def source_of(monday: date) -> str:
    """The name by which the plan knows that a request comes from this review."""
    return f"review:{monday.isoformat()}"


def place_of(monday: date, question: str) -> str:
    """Where an answer that was kept aside belongs."""
    return f"review:{monday.isoformat()}:{question}"
