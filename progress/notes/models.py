"""What a learner writes down on a concept or topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from concepts.models import Concept, Topic
from progress.subjects import Subject, is_one_subject, lookup_of, title_of

if TYPE_CHECKING:
    from progress.accounts.models import User

MAX_NOTE_LENGTH = 50_000
MAX_MINUTES = 60_000
EXCERPT = 220
"""Characters of a note in the list."""


class Difficulty(models.TextChoices):
    """How hard a learner finds something."""

    EASY = "easy", "Easy"
    MEDIUM = "medium", "Medium"
    HARD = "hard", "Hard"


class Confidence(models.IntegerChoices):
    """Could you explain it in an interview?"""

    NO = 1, "1 not at all"
    HARDLY = 2, "2 hardly"
    ROUGHLY = 3, "3 roughly"
    WELL = 4, "4 well"
    SURELY = 5, "5 without notes"


class NoteQuerySet(models.QuerySet["Note"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def on(self, subject: Subject) -> Self:
        return self.filter(**lookup_of(subject))

    def with_subject(self) -> Self:
        """Each with the concept or topic it is on, in one query."""
        return self.select_related("concept", "topic").defer(
            "topic__source", "concept__interview_question", "concept__formula_html"
        )

    def naming(self, subject: Subject) -> Self:
        """Those whose text links to the subject, apart from the subject's own."""
        field = "concepts_named" if isinstance(subject, Concept) else "topics_named"
        return self.filter(**{field: subject}).exclude(**lookup_of(subject))

    def search(self, text: str) -> Self:
        """Those that have every word of `text`, in the note or in the name of what it is on."""
        notes = self
        for word in text.split():
            notes = notes.filter(
                models.Q(body__icontains=word)
                | models.Q(concept__name__icontains=word)
                | models.Q(concept__code__icontains=word)
                | models.Q(topic__title__icontains=word)
            )
        return notes


class Note(models.Model):
    """A learner's note on one concept or topic; its HTML is rendered when it is saved."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notes")
    concept = models.ForeignKey(Concept, models.CASCADE, null=True, blank=True, related_name="learner_notes")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="learner_notes")
    body = models.TextField(max_length=MAX_NOTE_LENGTH, blank=True)
    body_html = models.TextField(editable=False, blank=True)
    renderer_version = models.PositiveSmallIntegerField(editable=False)
    minutes = models.PositiveIntegerField(
        default=0, validators=[MaxValueValidator(MAX_MINUTES)], help_text="Spent without the focus timer"
    )
    difficulty = models.CharField(max_length=6, choices=Difficulty, blank=True)
    confidence = models.PositiveSmallIntegerField(
        choices=Confidence, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    review_needed = models.BooleanField(default=False)
    concepts_named = models.ManyToManyField(Concept, related_name="named_in_notes", blank=True, editable=False)
    topics_named = models.ManyToManyField(Topic, related_name="named_in_notes", blank=True, editable=False)
    page = models.CharField(max_length=32, blank=True, editable=False, help_text="The page that wrote it last")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [models.Index(fields=["learner", "-changed_at"], name="notes_of_learner")]
        constraints = [
            is_one_subject("a_note_is_on_a_concept_or_a_topic"),
            models.UniqueConstraint(
                fields=["learner", "concept"], condition=models.Q(concept__isnull=False), name="one_note_a_concept"
            ),
            models.UniqueConstraint(
                fields=["learner", "topic"], condition=models.Q(topic__isnull=False), name="one_note_a_topic"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} on {self.title}"

    def get_absolute_url(self) -> str:
        return note_address(self.subject)

    @property
    def subject(self) -> Subject:
        """What the note is on."""
        return self.concept or self.topic  # type: ignore[return-value]  # the constraint leaves no third case

    @property
    def title(self) -> str:
        return title_of(self.subject)

    @property
    def named(self) -> list[Subject]:
        """What the text links to, concepts first."""
        return [*self.concepts_named.all(), *self.topics_named.all()]

    @property
    def excerpt(self) -> str:
        """The beginning of the text on one line, without the signs of headings."""
        words = (word for word in self.body[: 3 * EXCERPT].split() if word.strip("#"))
        return Truncator(" ".join(words)).chars(EXCERPT)

    @property
    def place(self) -> str:
        """Where texts kept aside belong."""
        return f"note:{self.pk}"


def note_address(subject: Subject) -> str:
    """The page of a learner's note on the subject, written yet or not."""
    if isinstance(subject, Concept):
        return reverse("notes:concept", args=[subject.code])
    return reverse("notes:topic", args=[subject.slug])
