"""The figures as Prometheus reads them: requests over all processes of one machine, and the queue of tasks."""

import os
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from mlprep.shared.work.figures import queue_figures


class QueueCollector(Collector):
    """The queue of long tasks as the database has it, the same from every machine."""

    def collect(self) -> Iterator[Metric]:
        figures = queue_figures()
        tasks = GaugeMetricFamily("mlprep_tasks", "Long tasks by state; outcomes of two weeks", labels=["state"])
        for state, count in figures.counts.items():
            tasks.add_metric([state], count)
        yield tasks
        yield GaugeMetricFamily(
            "mlprep_task_waiting_seconds", "How long the first due task has waited", value=figures.oldest
        )


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever sends METRICS_TOKEN as a bearer token; without that setting there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    registry: CollectorRegistry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    queue = CollectorRegistry()
    queue.register(QueueCollector())
    return HttpResponse(generate_latest(registry) + generate_latest(queue), content_type=CONTENT_TYPE_LATEST)
