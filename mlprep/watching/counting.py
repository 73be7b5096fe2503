"""Requests as Prometheus counts them: how many, how long, by route. Imported with the logging, before any model."""

from django.conf import settings
from prometheus_client import Counter, Histogram

_REQUESTS = Counter("mlprep_requests", "Requests answered", ["method", "route", "status"])
_SECONDS = Histogram(
    "mlprep_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def observe(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count one request; costs nothing where nobody may read the figures."""
    if settings.METRICS_TOKEN:
        _REQUESTS.labels(method if method in _METHODS else "other", route, str(status)).inc()
        _SECONDS.labels(route).observe(seconds)
