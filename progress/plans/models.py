"""The study plan with its tasks, and what a learner wants to look at again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone

from concepts.models import Concept, Topic
from progress.domain.plan.focus import Focus
from progress.domain.plan.items import Kind, Task
from progress.domain.plan.schedules import MADE

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


FOCUS_NAMES = {
    Focus.ALL: "Everything",
    Focus.HIGH: "High priority",
    Focus.THEORY: "Theory",
    Focus.CODING: "Coding",
}
FOCUS_CHOICES = [(key.value, name) for key, name in FOCUS_NAMES.items()]


class StudyPlanQuerySet(models.QuerySet["StudyPlan"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)


class StudyPlan(models.Model):
    """A learner's plan: what they wished for, and what found no place.

    The interview date and the weekday of the weekly review are the learner's own.
    """

    learner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="study_plan")
    kind = models.CharField(max_length=32, default=MADE, help_text="made, or the key of a fixed schedule")
    minutes = models.JSONField(help_text="Monday to Sunday")
    days_off = models.JSONField(default=list, help_text="ISO dates")
    focus = models.CharField(max_length=8, choices=FOCUS_CHOICES, default="all")
    role = models.CharField(max_length=32, blank=True)
    starts_on = models.DateField(help_text="The learner's day on which it, or its schedule, begins")
    made_at = models.DateTimeField(default=timezone.now)
    laid_at = models.DateTimeField(default=timezone.now)
    left_out = models.JSONField(default=list, help_text="Items without a place: key, title, minutes, reason")
    calendar_digest = models.CharField(max_length=64, null=True, unique=True, help_text="SHA-256 of the secret address")
    alarm_hour = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(23)], help_text="Of the calendar's alarms; empty for none"
    )

    objects = StudyPlanQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Plan of {self.learner}"

    @property
    def dates_off(self) -> list[date]:
        return [date.fromisoformat(day) for day in self.days_off]


class PlanTaskQuerySet(models.QuerySet["PlanTask"]):
    def of(self, learner: User) -> Self:
        return self.filter(plan__learner=learner)

    def open(self) -> Self:
        return self.filter(done_at=None)


class PlanTask(models.Model):
    """A task on a day. key: what it is about, such as read:attention; one key may come in several portions."""

    plan = models.ForeignKey(StudyPlan, models.CASCADE, related_name="tasks")
    day = models.DateField()
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=160)
    portion = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value.title()) for kind in Kind])
    title = models.CharField(max_length=250)
    minutes = models.PositiveSmallIntegerField()
    topic = models.SlugField(blank=True)
    pieces = models.JSONField(default=list, help_text="Names of the parts; empty for the whole of it")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = PlanTaskQuerySet.as_manager()

    class Meta:
        ordering = ["day", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "key", "portion"], name="a_portion_is_planned_once")]
        indexes = [models.Index(fields=["plan", "day"], name="plan_tasks_of_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.title}"

    @property
    def as_task(self) -> Task:
        """The task as the planner knows it."""
        return Task(
            self.day, self.key, Kind(self.kind), self.title, self.minutes, self.portion, self.topic, tuple(self.pieces)
        )
