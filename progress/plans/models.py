"""What a learner wants to look at again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from concepts.models import Concept, Topic

if TYPE_CHECKING:
    from progress.accounts.models import User


class ReviewRequestQuerySet(models.QuerySet["ReviewRequest"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def open(self) -> Self:
        return self.filter(done_at=None)


class ReviewRequest(models.Model):
    """A concept or topic to look at again, because a mock interview or a weekly review showed the need."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="review_requests")
    concept = models.ForeignKey(Concept, models.CASCADE, null=True, blank=True, related_name="review_requests")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="review_requests")
    source = models.CharField(max_length=60, help_text="What it came from, such as mock:17 or review:2026-11-22")
    reason = models.CharField(max_length=200, help_text="Why, in words for the learner")
    requested_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewRequestQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(concept__isnull=True) ^ models.Q(topic__isnull=True),
                name="a_review_is_of_a_concept_or_a_topic",
            ),
            models.UniqueConstraint(
                fields=["learner", "source", "concept"],
                condition=models.Q(concept__isnull=False),
                name="a_source_asks_once_a_concept",
            ),
            models.UniqueConstraint(
                fields=["learner", "source", "topic"],
                condition=models.Q(topic__isnull=False),
                name="a_source_asks_once_a_topic",
            ),
        ]

    @property
    def subject(self) -> Concept | Topic:
        """What is to be looked at."""
        return self.concept or self.topic  # type: ignore[return-value]  # the constraint leaves no third case

    def __str__(self) -> str:
        return f"{self.learner}: {self.subject} ({self.reason})"
