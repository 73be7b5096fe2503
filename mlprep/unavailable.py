"""What is answered while the database cannot be written or reached: 503, when to try again, and what was typed.

The rule, told in DEPLOY.md: a writer waits up to 20 s for its turn; what still cannot be written then (a lock, a full
disk, a database that restarts) is refused whole, and the same request sent again later is safe.
"""

import sqlite3
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error as broken

from mlprep.shared.htmx import wants_fragment

RETRY_AFTER = 5
"""Seconds after which it is worth trying again."""

_DETAIL = "The database cannot take this just now, so nothing was changed. Send it again in a few seconds."
# By SQLite's primary result code; what is wrong with a statement has another one and stays an error of ours.
_SQLITE_PASSES = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM),
}


def passes(error: BaseException | None) -> bool:
    """Whether the error is the database's condition (locked, full, gone), which passes, and no fault of a statement."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return (getattr(cause, "sqlite_errorcode", 0) & 0xFF) in _SQLITE_PASSES
    return True


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request that raised: 503 for what passes, else 500. Django calls it while it handles the error."""
    if not passes(sys.exc_info()[1]):
        return broken(request)
    response = _answer(request)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": _DETAIL, "code": "unavailable"}, status=503)
    if wants_fragment(request):
        response = HttpResponse(render_to_string("503.html#told", {"wait": RETRY_AFTER}), status=503)
        # Told above the page, so that the form and what was typed into it stay.
        response["HX-Retarget"], response["HX-Reswap"] = "#unavailable", "innerHTML"
        return response
    return render(None, "503.html", {"wait": RETRY_AFTER, **_sent(request)}, status=503)


def _sent(request: HttpRequest) -> dict[str, Any]:
    """What a form sent, so that one press sends it again; nothing where a secret or a file was among it."""
    if request.method != "POST":
        return {"address": request.get_full_path()}
    is_secret = request.path_info.startswith("/accounts/") or any("password" in name for name in request.POST)
    if is_secret or request.FILES:
        return {"must_go_back": True}
    pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    return {"address": request.get_full_path(), "pairs": pairs}
