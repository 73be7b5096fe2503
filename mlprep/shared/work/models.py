"""What django-tasks' tables do not hold: who still works at a task, and when what recurs is next."""

from django.db import models


class Lease(models.Model):
    """Says that a worker was at a task lately; without it a task that is under way has lost its worker."""

    task = models.UUIDField(primary_key=True)
    seen_at = models.DateTimeField(help_text="By the database's clock")

    class Meta:
        app_label = "mlprep"

    def __str__(self) -> str:
        return f"{self.task}, {self.seen_at:%H:%M:%S}"


class Chore(models.Model):
    """Something that recurs. Whoever moves `next_at` on has it to do."""

    name = models.CharField(max_length=40, primary_key=True)
    next_at = models.DateTimeField()

    class Meta:
        app_label = "mlprep"

    def __str__(self) -> str:
        return f"{self.name}, {self.next_at:%Y-%m-%d %H:%M}"
