"""Other sites may not load what is served here."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class IsolationMiddleware:
    """Sets Cross-Origin-Resource-Policy: pages, pictures and answers of the API are for this site alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
