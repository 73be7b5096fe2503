"""An empty installation first wants its administrator; a mail server may be away."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from progress.accounts.letters import LetterNotSent, answer_letter_not_sent
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


class LetterMiddleware:
    """Answers calmly where the mail server is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page that says so for a letter that was not sent; everything else goes on."""
        return answer_letter_not_sent(request) if isinstance(exception, LetterNotSent) else None
