"""Questions and their versions."""

from typing import Self

from django.db import models
from django.utils import timezone

from concepts.models import Concept
from quizzes.domain.questions import KINDS


class QuestionQuerySet(models.QuerySet["Question"]):
    def askable(self) -> Self:
        """Questions that the library still holds."""
        return self.filter(retired=False)

    def answered(self) -> Self:
        """Questions that somebody answered in a closed quiz."""
        return self.filter(
            versions__asked__answer__isnull=False, versions__asked__attempt__finished_at__isnull=False
        ).distinct()


class Question(models.Model):
    """A question of the library, known by its stable slug; what it says is in its versions."""

    slug = models.SlugField(max_length=100, unique=True)
    concept = models.ForeignKey(Concept, models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=20)
    difficulty = models.PositiveSmallIntegerField(help_text="1 recall, 2 understanding, 3 derivation or edge case")
    current = models.ForeignKey(
        "QuestionVersion", models.PROTECT, null=True, related_name="+", help_text="What new quizzes ask"
    )
    retired = models.BooleanField(default=False, help_text="No longer in the library; past quizzes keep it")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["concept", "retired"], name="question_of_concept")]

    def __str__(self) -> str:
        return self.slug

    @property
    def kind_name(self) -> str:
        return KINDS.get(self.kind, self.kind)


class QuestionVersion(models.Model):
    """What a question said at a time. Never changed: quizzes already taken keep the version they asked."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="versions")
    digest = models.CharField(max_length=64)
    content = models.JSONField(help_text="As in the library's file")
    rendered = models.JSONField(help_text="The same shape, its texts as HTML")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "digest"], name="one_version_a_content")]

    def __str__(self) -> str:
        return f"{self.question.slug} of {self.created_at:%Y-%m-%d}"
