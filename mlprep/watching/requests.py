"""An id for every request, in its response and in every line that is logged while it is answered."""

import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from mlprep.watching.counting import observe

_current: ContextVar[str] = ContextVar("request_id", default="-")
_FROM_PROXY = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_log = logging.getLogger("mlprep.requests")
_security = logging.getLogger("mlprep.security")
_REFUSED = {401, 403, 429}


class RequestIdMiddleware:
    """Gives the request its id, and logs one line of it without anything that tells who asked or for what words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = _given(request) or uuid4().hex
        token = _current.set(name)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            route = _route(request)
            observe(method=request.method or "", route=route, status=response.status_code, seconds=seconds)
            facts = {"method": request.method, "route": route, "status": response.status_code}
            _log.info("request", extra={**facts, "ms": round(1000 * seconds, 1)})
            if response.status_code in _REFUSED:
                told = {"event": "refused", "user": _user_id(request), **facts}
                _security.warning("refused user=%(user)s %(method)s %(route)s: %(status)s", told, extra=told)
        finally:
            _current.reset(token)
        response["X-Request-ID"] = name
        return response


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _current.get()
        return True


def _given(request: HttpRequest) -> str:
    """The id that a trusted proxy gave."""
    name = request.headers.get("X-Request-ID", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return name if _FROM_PROXY.fullmatch(name) else ""


def _user_id(request: HttpRequest) -> str:
    """The number of whoever is signed in, as far as it was asked for while the request was answered."""
    session = getattr(request, "session", None)
    return str(session.get(SESSION_KEY, "-")) if session is not None and session.accessed else "-"


def _route(request: HttpRequest) -> str:
    """The pattern that the address matched, such as `concepts/<slug:code>/`, without what stands in it."""
    match = request.resolver_match
    return (match.route or "/") if match else "none"
