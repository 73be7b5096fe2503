"""What a learner has done: statuses set by hand and evidence from practice."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from concepts.models import Concept, Status
from progress.accounts.models import Invitation, User
from progress.comments.models import Comment
from progress.focus.models import FocusSession
from progress.kept.models import KeptText
from progress.notes.models import Note
from progress.plans.models import ReviewRequest
from progress.queries import ConceptStatusQuerySet, EvidenceQuerySet
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
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.credit:.2f} on {self.concept.code}"


__all__ = [
    "Comment",
    "ConceptStatus",
    "Evidence",
    "FocusSession",
    "Invitation",
    "ItemDone",
    "KeptText",
    "Note",
    "PartRead",
    "ReviewRequest",
    "User",
    "WeeklyReview",
]
