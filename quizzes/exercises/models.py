"""Exercises as loaded from the library, and what a learner did with them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from concepts.models import Concept, Topic

if TYPE_CHECKING:
    from progress.models import User


class Difficulty(models.TextChoices):
    EASY = "easy", "Easy"
    MEDIUM = "medium", "Medium"
    HARD = "hard", "Hard"


class ExerciseQuerySet(models.QuerySet["Exercise"]):
    def current(self) -> Self:
        """Those that the library still has, in the course's order."""
        return self.filter(retired=False, topic__retired=False).order_by("topic__number", "position")

    def listed(self) -> Self:
        """With just what a list shows."""
        return self.current().only("slug", "title", "difficulty", "minutes", "position", "topic__slug", "topic__title")


class Exercise(models.Model):
    """One function to write, with the tests that say whether it is right."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="exercises")
    slug = models.CharField(max_length=60, help_text="The function's name")
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    difficulty = models.CharField(max_length=6, choices=Difficulty)
    minutes = models.PositiveSmallIntegerField()
    concepts = models.ManyToManyField(Concept, related_name="exercises", blank=True)
    statement_html = models.TextField()
    stub = models.TextField(help_text="Without the hints")
    folder_stub = models.TextField(default="", help_text="For the folder to download: with statement and hints")
    hints = models.JSONField(default=list)
    solution = models.TextField()
    tests = models.TextField()
    digest = models.CharField(max_length=16, help_text="Of stub, tests and solution; runs say theirs")
    retired = models.BooleanField(default=False)

    objects = ExerciseQuerySet.as_manager()

    class Meta:
        ordering = ["topic__number", "position"]
        constraints = [models.UniqueConstraint(fields=["topic", "slug"], name="exercise_slug_in_topic")]

    def __str__(self) -> str:
        return f"{self.topic.slug}/{self.slug}"

    def get_absolute_url(self) -> str:
        return reverse("exercises:detail", args=[self.topic.slug, self.slug])


def digest_of(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()[:16]


class ExerciseWorkQuerySet(models.QuerySet["ExerciseWork"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)


class ExerciseWork(models.Model):
    """A learner at an exercise: the draft, hints taken, time, and whether it is solved."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exercise_works")
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="works")
    code = models.TextField(help_text="What stands in the editor")
    page = models.CharField(max_length=36, blank=True, help_text="The page that the code was typed in last")
    edit = models.PositiveIntegerField(default=0, help_text="How often that page had changed it")
    hints_taken = models.PositiveSmallIntegerField(default=0)
    gave_up_at = models.DateTimeField(null=True, blank=True)
    solution_seen_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0, help_text="Time spent; a pause counts as five minutes at most")
    started_at = models.DateTimeField(default=timezone.now)
    active_at = models.DateTimeField(default=timezone.now)

    objects = ExerciseWorkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "exercise"], name="one_work_an_exercise")]

    def __str__(self) -> str:
        return f"{self.learner}: {self.exercise}"

    @property
    def digest(self) -> str:
        """Of the code, by which a page says which text it was made with."""
        return digest_of(self.code)


class ExerciseRunQuerySet(models.QuerySet["ExerciseRun"]):
    def of(self, learner: User) -> Self:
        return self.filter(work__learner=learner)

    def ended(self) -> Self:
        return self.filter(result__isnull=False)

    def tries(self) -> Self:
        """Those that show an attempt: of more than the stub, and something could be tested."""
        return self.ended().filter(is_try=True)


class ExerciseRun(models.Model):
    """One press of Run. result: what the sandbox said, None while it runs."""

    id = models.UUIDField(primary_key=True)
    work = models.ForeignKey(ExerciseWork, models.CASCADE, related_name="runs")
    code = models.TextField()
    passed = models.BooleanField(default=False)
    result: models.JSONField[dict[str, Any] | None] = models.JSONField(null=True, blank=True)
    is_try = models.BooleanField(default=True, help_text="Of more than the stub, and something could be tested")
    exercise_digest = models.CharField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ExerciseRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["work", "-created_at"], name="runs_of_work")]

    def __str__(self) -> str:
        return f"{self.work}: {self.created_at:%Y-%m-%d %H:%M}"
