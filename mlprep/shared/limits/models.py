"""Where PostgreSQL counts; SQLite has a file of its own for it, so that no count waits for the disk."""

from django.db import models


class LimitCounter(models.Model):
    """When something was done. The key is a digest: no address or name is kept."""

    key = models.CharField(max_length=40, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.FloatField(help_text="Seconds since 1970")
    last_at = models.BigIntegerField(db_default=0, help_text="The last moment, in microseconds since 1970")
    moments = models.JSONField(null=True, help_text="Microseconds since 1970, in order")

    class Meta:
        app_label = "mlprep"
        indexes = [models.Index(fields=["ends_at"])]

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at:.0f}"
