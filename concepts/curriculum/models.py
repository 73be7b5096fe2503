"""Topics to read and guides, as they were last loaded from the library."""

from django.db import models
from django.urls import reverse

from concepts.curriculum.queries import GuideQuerySet, TopicPartQuerySet, TopicQuerySet


class Phase(models.IntegerChoices):
    """The four phases of the course."""

    MATHEMATICS = 1, "Mathematical foundations"
    FUNDAMENTALS = 2, "Deep learning fundamentals"
    ARCHITECTURES = 3, "Architectures"
    PRACTICE = 4, "Practice"


class Topic(models.Model):
    """One of the course's topics."""

    slug = models.SlugField(unique=True)
    number = models.PositiveSmallIntegerField(help_text="Its place in the course, from 1")
    phase = models.PositiveSmallIntegerField(choices=Phase)
    title = models.CharField(max_length=120)
    summary = models.TextField(help_text="What one can do afterwards, in one sentence")
    minutes = models.PositiveSmallIntegerField(help_text="To read it with a pencil")
    prerequisites = models.ManyToManyField("self", symmetrical=False, related_name="unlocks", blank=True)
    concepts = models.ManyToManyField("concepts.Concept", related_name="topics", blank=True)
    source = models.TextField(help_text="The Markdown, for the folder to download")
    retired = models.BooleanField(default=False, help_text="The library has it no more; what learners did stays")

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("topics:detail", args=[self.slug])


class TopicPart(models.Model):
    """One of a topic's eight parts, rendered. outline: its sections as pairs of anchor and title."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="parts")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    html = models.TextField()
    outline = models.JSONField(default=list)

    objects = TopicPartQuerySet.as_manager()

    class Meta:
        ordering = ["topic__number", "position"]
        constraints = [models.UniqueConstraint(fields=["topic", "slug"], name="part_slug_in_topic")]

    def __str__(self) -> str:
        return f"{self.topic}: {self.title}"


class Diagram(models.Model):
    """A drawing of a topic in one of two colour schemes."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="diagrams")
    name = models.SlugField()
    theme = models.CharField(max_length=5, choices=[("light", "Light"), ("dark", "Dark")])
    svg = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "name", "theme"], name="one_diagram_a_theme")]

    def __str__(self) -> str:
        return f"{self.topic}: {self.name} ({self.theme})"


class TopicFile(models.Model):
    """A picture, or what it is drawn from, for the folder to download. path: within the folder."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="files")
    path = models.CharField(max_length=120)
    text = models.TextField()

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["topic", "path"], name="one_file_a_path")]

    def __str__(self) -> str:
        return f"{self.topic}: {self.path}"


class Guide(models.Model):
    """A page beside the course, such as the foundations of calculus. checklist: ids and texts of its items."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    summary = models.TextField()
    position = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    html = models.TextField()
    outline = models.JSONField(default=list)
    checklist = models.JSONField(default=list)
    retired = models.BooleanField(default=False)

    objects = GuideQuerySet.as_manager()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("guides:detail", args=[self.slug])
