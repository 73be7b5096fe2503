"""What pages may use of the device: nothing, unless the page itself says so."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

NOTHING = "camera=(), geolocation=(), microphone=()"


class PermissionsPolicyMiddleware:
    """Sets `Permissions-Policy` where the page has not set its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", NOTHING)
        return response
