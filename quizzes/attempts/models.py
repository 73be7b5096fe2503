"""A timed quiz as one learner takes it."""

import hashlib
import json
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from quizzes.bank.models import QuestionVersion


def digest(answer: object) -> str:
    """A short word for an answer as it is stored, by which a page knows what it was made with."""
    return hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()[:16]


class Mode(models.TextChoices):
    """When a learner is told what was right."""

    EXAM = "exam", "At the end"
    PRACTICE = "practice", "After each answer"


class Confidence(models.TextChoices):
    """How sure a learner is of an answer."""

    SURE = "sure", "Sure"
    THINK = "think", "Think so"
    GUESS = "guess", "Guess"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def of(self, learner: object) -> Self:
        return self.filter(learner=learner)

    def running(self) -> Self:
        return self.filter(finished_at=None)

    def closed(self) -> Self:
        return self.exclude(finished_at=None)

    def overdue(self, now: datetime) -> Self:
        """Not closed yet although their time is up."""
        return self.running().filter(deadline__lt=now)


class Attempt(models.Model):
    """One quiz: the server's clock runs from `started_at` to `deadline`, where it has one."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="attempts")
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, help_text="Empty for a quiz without a clock")
    finished_at = models.DateTimeField(null=True, help_text="When it was closed; empty while it runs")
    active_at = models.DateTimeField(null=True, help_text="When its learner last answered, flagged or went on")
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.EXAM)
    seed = models.BigIntegerField(help_text="Draws the questions and the order of their options")
    selection = models.JSONField(help_text="What the learner asked for: weeks, sections, priorities, …")
    key = models.CharField(
        max_length=64, null=True, help_text="Of the press that started it; one press starts one quiz"
    )
    finish_key = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Of the press that closed it, where it had one"
    )
    score = models.FloatField(null=True)
    max_score = models.FloatField()

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["learner", "-started_at"], name="attempt_of_learner")]
        constraints = [models.UniqueConstraint(fields=["learner", "key"], name="attempt_once_a_press")]

    def __str__(self) -> str:
        return f"Quiz of {self.learner} on {self.started_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:attempt", args=[self.pk])

    @property
    def is_practice(self) -> bool:
        """Whether each answer is explained at once."""
        return self.mode == Mode.PRACTICE

    @property
    def percent(self) -> int:
        """The score in percent, of a closed attempt."""
        return round(100 * (self.score or 0) / self.max_score)

    def resume_at(self) -> int:
        """The number to go on with: the first open question after the last answer saved, else the first open one."""
        saved = dict(self.questions.values_list("number", "saved_at"))
        answered = {number: at for number, at in saved.items() if at}
        last = max(answered, key=lambda number: answered[number], default=0)
        following = [*range(last + 1, len(saved) + 1), *range(1, last + 1)]
        return next((number for number in following if number not in answered), last or 1)


class AttemptQuestionQuerySet(models.QuerySet["AttemptQuestion"]):
    def of(self, learner: object) -> Self:
        """What the learner was asked."""
        return self.filter(attempt__learner=learner)

    def in_full(self) -> Self:
        """With what was asked and on which concept, in one query."""
        return self.select_related("version__question__concept")

    def open(self) -> Self:
        return self.filter(answer__isnull=True)

    def unrated(self) -> Self:
        """Open answers of closed quizzes that their learner has not rated yet."""
        return self.filter(version__question__kind="open", answer__covered=None).exclude(answer=None)

    def missed(self, right_from: float) -> Self:
        """Graded below a credit; an open answer that nobody has rated is not known to be missed."""
        return self.filter(credit__lt=right_from).exclude(pk__in=self.unrated())

    def flagged_ones(self) -> Self:
        return self.filter(flagged=True)


class AttemptQuestion(models.Model):
    """A question as it was put in an attempt, with the answer saved last."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(help_text="1 for the first")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="asked")
    presentation = models.JSONField(help_text="What was drawn for this attempt, such as the order of the options")
    answer = models.JSONField(null=True, help_text="As given, empty while unanswered")
    saved_at = models.DateTimeField(null=True)
    flagged = models.BooleanField(default=False)
    confidence = models.CharField(max_length=5, choices=Confidence, blank=True)
    seconds = models.FloatField(default=0.0, help_text="Time spent on it, without longer pauses")
    revealed_at = models.DateTimeField(null=True, help_text="When practice showed the answer; closed since then")
    credit = models.FloatField(null=True, help_text="0 to 1, once the question is closed")

    objects = AttemptQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="question_number_in_attempt")]

    def __str__(self) -> str:
        return f"Question {self.number} of {self.attempt}"
