"""Where PostgreSQL counts; SQLite has a file of its own for it, so that no count waits for the disk."""

from django.db import models


class LimitCounter(models.Model):
    """How often something was done in a window of time. The key is a digest: no address or name is kept."""

    key = models.CharField(max_length=40, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.FloatField(help_text="Seconds since 1970")

    class Meta:
        app_label = "mlprep"
        indexes = [models.Index(fields=["ends_at"])]

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at:.0f}"
