"""An empty installation first wants its administrator."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from progress.accounts.models import User

_OPEN = ("/static/", "/healthz", "/readyz", "/metrics")


class FirstRunMiddleware:
    """Sends every page to the first-run page until there is a user; then costs no query."""

    has_user = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if FirstRunMiddleware.has_user or request.path_info.startswith(_OPEN):
            return self.get_response(request)
        FirstRunMiddleware.has_user = User.objects.exists()
        first_run = reverse("first_run")
        if FirstRunMiddleware.has_user or request.path == first_run:
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            return JsonResponse({"detail": f"This installation has no account yet: open {first_run}."}, status=503)
        return redirect(first_run)
