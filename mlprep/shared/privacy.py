"""What is somebody's own stays out of caches, and leaves the browser when they sign out."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse


class PrivacyMiddleware:
    """Sets Cache-Control: no-store on what was made for somebody, and Clear-Site-Data on signing out.

    A view that says itself how long its answer may be kept has the last word.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        by_session = request.session.accessed and SESSION_KEY in request.session
        if by_session or "Authorization" in request.headers:
            response.setdefault("Cache-Control", "private, no-store")
        if request.META.get("mlprep.signed_out"):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class ApiOverHttpsMiddleware:
    """Refuses calls of the API without TLS where the site has it: a redirect would hide that a token went open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and request.path_info.startswith("/api/v1/") and not request.is_secure():
            told = f"Call the API by https: {settings.SITE_URL}/api/v1/. Replace the token if you sent one."
            return JsonResponse({"detail": told}, status=403)
        return self.get_response(request)
