"""What there is to learn: sections, sub-sections, concepts, and the library's texts on them."""

from urllib.parse import urlsplit

from django.core.validators import validate_slug
from django.db import models
from django.urls import reverse

from concepts.curriculum.models import Diagram, Guide, Topic, TopicFile, TopicPart
from concepts.queries import (
    ConceptManager,
    ConceptQuerySet,
    SectionManager,
    SubsectionManager,
    SubsectionQuerySet,
)
from concepts.syllabus.models import SyllabusSource


class Priority(models.TextChoices):
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class Status(models.TextChoices):
    """How far a learner says they are with a concept, in the tracker's words."""

    NOT_STARTED = "not_started", "Not started"
    LEARNING = "learning", "Learning"
    MASTERED = "mastered", "Mastered"


class Section(models.Model):
    """A part of the tracker, such as Deep Learning."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100, unique=True)
    position = models.PositiveSmallIntegerField()

    objects = SectionManager()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Subsection(models.Model):
    """A heading under a section, such as Transformer; it may hold no concept yet."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="subsections")
    slug = models.SlugField()
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()

    objects = SubsectionManager.from_queryset(SubsectionQuerySet)()

    class Meta:
        ordering = ["section__position", "position"]
        constraints = [models.UniqueConstraint(fields=["section", "slug"], name="subsection_slug_in_section")]

    def __str__(self) -> str:
        return f"{self.section.name}, {self.name}"

    def natural_key(self) -> tuple[str, str]:
        return (self.section.slug, self.slug)

    natural_key.dependencies = ["concepts.section"]  # type: ignore[attr-defined]


class Concept(models.Model):
    """One line of the tracker, its fields word for word, and the formula's LaTeX form beside them."""

    code = models.CharField(max_length=20, unique=True, validators=[validate_slug])
    name = models.CharField(max_length=200)
    subsection = models.ForeignKey(Subsection, models.PROTECT, related_name="concepts")
    position = models.PositiveIntegerField(default=0, help_text="Place on the tracker's page")
    priority = models.CharField(max_length=6, choices=Priority.choices)
    tracker_status = models.CharField(
        max_length=11,
        choices=Status.choices,
        default=Status.NOT_STARTED,
        help_text="What the tracker's page says; a learner's own status is in their progress",
    )
    week = models.PositiveSmallIntegerField()
    formula = models.TextField(blank=True, help_text="The tracker's plain text, word for word")
    formula_latex = models.TextField(blank=True)
    formula_html = models.TextField(blank=True, editable=False)
    interview_question = models.TextField(blank=True)
    resource_url = models.URLField(max_length=500, blank=True)
    notes = models.TextField(blank=True)
    prerequisites = models.ManyToManyField(
        "self", symmetrical=False, related_name="unlocks", blank=True, help_text="To be learnt first"
    )
    confused_with = models.ManyToManyField(
        "self", blank=True, help_text="Easily taken for one another: apart while new, side by side once known"
    )

    objects = ConceptManager.from_queryset(ConceptQuerySet)()

    class Meta:
        ordering = ["position", "code"]
        indexes = [
            models.Index(fields=["position", "code"], name="concept_page_order"),
            models.Index(fields=["week"], name="concept_week"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    natural_key.dependencies = ["concepts.subsection"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("concepts:detail", args=[self.code])

    @property
    def resource_host(self) -> str:
        """The site of the resource, such as youtube.com."""
        return (urlsplit(self.resource_url).hostname or "").removeprefix("www.")


class ModelAnswer(models.Model):
    """The library's answer to a concept's interview question, with a correction of its tracker line."""

    concept = models.OneToOneField(Concept, models.CASCADE, related_name="model_answer")
    body = models.TextField()
    body_html = models.TextField(editable=False)
    correction_formula = models.TextField(blank=True, help_text="Plain text, where the tracker's line is inexact")
    correction_latex = models.TextField(blank=True)
    correction_latex_html = models.TextField(blank=True, editable=False)
    correction_reason = models.TextField(blank=True)
    correction_reason_html = models.TextField(blank=True, editable=False)

    def __str__(self) -> str:
        return f"Model answer of {self.concept.code}"


class SearchEntry(models.Model):
    """A concept's words as the search engine sees them (see `concepts.domain.search_text`).

    The database itself keeps a full-text index on this table: FTS5 by triggers on SQLite, a generated column
    on PostgreSQL (migration 0002).
    """

    concept = models.OneToOneField(Concept, models.CASCADE, primary_key=True, related_name="search_entry")
    code = models.TextField()
    name = models.TextField()
    formula = models.TextField()
    interview_question = models.TextField()
    notes = models.TextField()
    answer = models.TextField()

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"Search entry of {self.code}"


class SearchHit(models.Model):
    """SQLite's FTS5 index on SearchEntry, as a table to join: `match` takes a query, `rank` is its BM25."""

    concept = models.OneToOneField(
        Concept, models.DO_NOTHING, primary_key=True, db_column="rowid", related_name="search_hit"
    )
    match = models.TextField(db_column="concepts_search")
    rank = models.FloatField()

    class Meta:
        managed = False
        db_table = "concepts_search"

    def __str__(self) -> str:
        return f"Search hit {self.concept_id}"


class LibraryFile(models.Model):
    """A file of the library as it was last loaded, so that unchanged files cost nothing."""

    path = models.CharField(max_length=200, primary_key=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.path


__all__ = [
    "Concept",
    "Diagram",
    "Guide",
    "LibraryFile",
    "ModelAnswer",
    "Priority",
    "SearchEntry",
    "SearchHit",
    "Section",
    "Status",
    "Subsection",
    "SyllabusSource",
    "Topic",
    "TopicFile",
    "TopicPart",
]
