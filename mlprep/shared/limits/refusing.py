"""How somebody is told to wait: 429 with Retry-After, or 503 where nothing can be counted."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from mlprep.shared.limits.taking import WAIT_WITHOUT_COUNT, LimitReached


def note(request: HttpRequest, reached: LimitReached) -> None:
    """Keep with the request that it was refused, for whoever answers it."""
    request.limit_reached = reached  # type: ignore[attr-defined]


def too_many(request: HttpRequest) -> HttpResponse:
    """The calm page."""
    reached = getattr(request, "limit_reached", None) or LimitReached(WAIT_WITHOUT_COUNT)
    if request.path_info.startswith("/api/"):
        response: HttpResponse = JsonResponse({"detail": str(reached)}, status=reached.status)
    else:
        response = render(request, "429.html", {"reached": reached}, status=reached.status)
    response["Retry-After"] = str(reached.wait)
    return response


class LimitsMiddleware:
    """Sees to it that whoever is refused is told by status and Retry-After, also where a form says it in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        reached: LimitReached | None = getattr(request, "limit_reached", None)
        if reached and request.method == "POST" and response.status_code == 200:
            response.status_code = reached.status
        if response.status_code in {429, 503} and reached:
            response.setdefault("Retry-After", str(reached.wait))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, LimitReached):
            return None
        note(request, exception)
        return too_many(request)
