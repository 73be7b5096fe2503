"""What a learner has done: statuses set by hand and evidence from practice."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from concepts.models import Concept, Status
from progress.accounts.models import ApiToken, Invitation, User
from progress.comments.models import Comment, CommentRevision
from progress.domain.traces import DIFFICULTY_LIMIT
from progress.focus.models import FocusSession
from progress.kept.models import KeptText
from progress.moderation.models import CommentReport, ModerationAct
from progress.notes.models import Note
from progress.plans.models import PlanTask, ReviewRequest, StudyPlan
from progress.queries import ConceptMemoryQuerySet, ConceptStatusQuerySet, EvidenceQuerySet
from progress.reading.models import ItemDone, PartRead
from progress.reviews.models import WeeklyReview


class ConceptStatus(models.Model):
    """How far a learner says they are with a concept; no row means not started."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="concept_statuses")
    concept = models.ForeignKey(Concept, models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=11, choices=Status.choices)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ConceptStatusQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "concept statuses"
        constraints = [models.UniqueConstraint(fields=["learner", "concept"], name="one_status_a_concept")]

    def __str__(self) -> str:
        return f"{self.learner}: {self.concept.code} {self.get_status_display()}"


class Evidence(models.Model):
    """One answer that shows how well a learner knows a concept."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="evidence")
    concept = models.ForeignKey(Concept, models.CASCADE, related_name="evidence")
    source = models.CharField(max_length=60, help_text="What it came from, such as quiz:17:3; counts once")
    credit = models.FloatField(help_text="0 (wrong) to 1 (right)")
    guess_chance = models.FloatField(default=0.0, help_text="The credit to expect of a blind guess")
    difficulty = models.FloatField(default=0.0, help_text="Of the item, in logits: 0 middle, 1 has the odds of e to 1")
    self_rated = models.BooleanField(default=False, help_text="The credit is the learner's own")
    happened_at = models.DateTimeField()

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        indexes = [models.Index(fields=["learner", "concept", "-happened_at"], name="evidence_of_learner")]
        constraints = [
            models.UniqueConstraint(fields=["learner", "source"], name="evidence_counts_once"),
            models.CheckConstraint(condition=models.Q(credit__range=(0, 1)), name="evidence_credit_0_to_1"),
            models.CheckConstraint(
                condition=models.Q(guess_chance__gte=0, guess_chance__lt=1), name="evidence_guess_chance_below_1"
            ),
            models.CheckConstraint(
                condition=models.Q(difficulty__range=(-DIFFICULTY_LIMIT, DIFFICULTY_LIMIT)),
                name="evidence_difficulty_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.credit:.2f} on {self.concept.code}"


class ConceptMemory(models.Model):
    """What a learner's evidence and status on a concept come to: a copy, kept so that mastery is read at once.

    The evidence is what counts; `progress.memories` keeps these and can make them anew. Of the four numbers
    `progress.domain.traces` says what they mean; they hold for `practised_at`.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="concept_memories")
    concept = models.ForeignKey(Concept, models.CASCADE, related_name="memories")
    strength = models.FloatField(help_text="Log-odds of a right answer to an item of middle difficulty")
    variance = models.FloatField(help_text="Of the strength")
    stability = models.FloatField(help_text="Days; the larger, the slower it is forgotten")
    start = models.FloatField(help_text="What part of the strength answers have not yet replaced, 1 to 0")
    answers = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    shown = models.FloatField(default=0.0, help_text="The credit in all, corrected for guessing")
    answered_at = models.DateTimeField(null=True, help_text="Of the last answer")
    practised_at = models.DateTimeField(null=True, help_text="Of the last answer or status")
    version = models.PositiveSmallIntegerField(help_text="Of the model that made this")

    objects = ConceptMemoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "concept memories"
        constraints = [models.UniqueConstraint(fields=["learner", "concept"], name="one_memory_a_concept")]

    def __str__(self) -> str:
        return f"{self.learner}: memory of {self.concept.code}"


__all__ = [
    "ApiToken",
    "Comment",
    "CommentReport",
    "CommentRevision",
    "ConceptMemory",
    "ConceptStatus",
    "Evidence",
    "FocusSession",
    "Invitation",
    "ItemDone",
    "KeptText",
    "ModerationAct",
    "Note",
    "PartRead",
    "PlanTask",
    "ReviewRequest",
    "StudyPlan",
    "User",
    "WeeklyReview",
]
