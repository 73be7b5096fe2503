"""How the queue stands, for whoever watches."""

from dataclasses import dataclass

from django.db.models import Count, Min
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult


@dataclass(frozen=True, slots=True)
class Figures:
    """counts: tasks by state, such as `ready`. oldest: seconds that the longest waiting due task waits, 0 for none."""

    counts: dict[str, int]
    oldest: float


def queue_figures() -> Figures:
    """The queue in two queries."""
    found = dict(DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk")))
    first = DBTaskResult.objects.ready().aggregate(first=Min("enqueued_at"))["first"]
    counts = {status.value.lower(): found.get(status.value, 0) for status in TaskResultStatus}
    return Figures(counts, max(0.0, (timezone.now() - first).total_seconds()) if first else 0.0)
