"""The syllabus as it was last loaded from the library."""

from django.db import models


class SyllabusSource(models.Model):
    """One of the lists that make up the syllabus. entries: its sections, as in `concepts.syllabus.schema.Entry`.

    A tree is read as a whole and no learner's record hangs on its bullets, so it is one document.
    """

    slug = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    entries = models.JSONField(default=list)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title
