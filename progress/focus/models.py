"""Stretches of work on one thing, on the server's clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from concepts.models import Concept, Topic
from progress.domain.focus import Marks
from progress.subjects import Subject, is_one_subject, lookup_of, title_of

if TYPE_CHECKING:
    from progress.accounts.models import User

LONGEST_FOCUS = 180
"""Minutes that a timer may be set to."""


class FocusQuerySet(models.QuerySet["FocusSession"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def open(self) -> Self:
        """Not stopped; time may be up all the same (see `FocusSession.is_over`)."""
        return self.filter(ended_at=None)

    def on(self, subject: Subject) -> Self:
        return self.filter(**lookup_of(subject))

    def with_subject(self) -> Self:
        return self.select_related("concept", "topic").only(
            "learner",
            "day",
            "planned_minutes",
            "started_at",
            "paused_at",
            "paused_seconds",
            "ended_at",
            "seconds",
            "concept__code",
            "concept__name",
            "topic__slug",
            "topic__title",
            "topic__retired",
        )

    def times(self) -> Self:
        """With just what `seconds_at` needs."""
        return self.only("day", "planned_minutes", "started_at", "paused_at", "paused_seconds", "ended_at", "seconds")


class FocusSession(models.Model):
    """One run of the timer. Its marks alone say how it stands, so it needs nothing to watch it; one is open at a time.

    A session whose time is up counts its planned minutes, whether or not anybody has stopped it.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="focus_sessions")
    concept = models.ForeignKey(Concept, models.CASCADE, null=True, blank=True, related_name="focus_sessions")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="focus_sessions")
    day = models.DateField(help_text="The learner's day on which it began")
    planned_minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_FOCUS)]
    )
    started_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True, help_text="Since when it pauses; empty while it runs")
    paused_seconds = models.FloatField(default=0.0, help_text="Of the pauses that are over")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was stopped, or its time was up")
    seconds = models.FloatField(null=True, blank=True, help_text="At work, once it has ended")

    objects = FocusQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["learner", "day"], name="focus_of_day")]
        constraints = [
            is_one_subject("a_focus_is_on_a_concept_or_a_topic"),
            models.UniqueConstraint(
                fields=["learner"], condition=models.Q(ended_at__isnull=True), name="one_focus_runs_a_learner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} on {title_of(self.subject)}, {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> Subject:
        """What the time went to."""
        return self.concept or self.topic  # type: ignore[return-value]  # the constraint leaves no third case

    @property
    def title(self) -> str:
        return title_of(self.subject)

    @property
    def marks(self) -> Marks:
        return Marks(self.started_at, 60.0 * self.planned_minutes, self.paused_at, self.paused_seconds)

    def is_over(self, now: datetime) -> bool:
        """Whether it was stopped or its time is up."""
        return self.ended_at is not None or self.marks.is_over(now)

    def seconds_at(self, now: datetime) -> float:
        """Seconds at work until now."""
        return self.marks.elapsed(now) if self.seconds is None else self.seconds
