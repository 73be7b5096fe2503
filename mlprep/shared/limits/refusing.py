"""How somebody is told to wait: 429 with Retry-After, or 503 where nothing can be counted."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from mlprep.shared.htmx import render_page
from mlprep.shared.limits.taking import WAIT_WITHOUT_COUNT, LimitReached, take_one


def note(request: HttpRequest, reached: LimitReached) -> None:
    """Keep with the request that it was refused, for whoever answers it."""
    request.limit_reached = reached  # type: ignore[attr-defined]


def too_many(request: HttpRequest) -> HttpResponse:
    """The calm page."""
    reached = getattr(request, "limit_reached", None) or LimitReached(WAIT_WITHOUT_COUNT)
    if request.path_info.startswith("/api/"):
        response: HttpResponse = JsonResponse({"detail": str(reached)}, status=reached.status)
    else:
        response = render_page(request, "429.html", {"reached": reached}, fragment="told", status=reached.status)
    response["Retry-After"] = str(reached.wait)
    return response


def limited(limit: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let a signed-in learner call a view as often as the limit says; stands below `login_required`.

    Where nothing can be counted, such as on a full disk, what only reads goes on.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                take_one(limit, request.user.pk)
            except LimitReached as reached:
                if not reached.uncounted or request.method not in {"GET", "HEAD"}:
                    raise
            return view(request, *args, **kwargs)

        return counted

    return decorate


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
