"""Reading from a copy of the database that lags behind: only where nobody would notice.

A request reads the replica if it only reads (GET, HEAD), comes without a token, and its browser has not written for
some seconds. From its first write on it reads the primary. Who somebody is, sessions and tokens are always read from
the primary, so that what was revoked is revoked. Commands and tasks never read the replica.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

_log = logging.getLogger(__name__)
_PAUSE = 10.0
_SAFE = {"GET", "HEAD"}
_PRIMARY_APPS = {"account", "admin", "auth", "authtoken", "django_tasks_database", "mfa", "mlprep", "sessions"}
_PRIMARY_APPS |= {"socialaccount", "usersessions"}
_reads_replica: ContextVar[bool] = ContextVar("reads_replica", default=False)


class ReplicaRouter:
    """Sends reads to the replica while a request may read it, and everything else to the primary."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        if not _reads_replica.get() or connections["default"].in_atomic_block:
            return "default"
        meta = model._meta
        is_primary = meta.app_label in _PRIMARY_APPS or meta.label in {settings.AUTH_USER_MODEL, "progress.ApiToken"}
        return "default" if is_primary else "replica"

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return "default"

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"


class ReplicaMiddleware:
    """Decides which database a request reads, and marks the browsers that wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._silent_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        only_reads = (
            request.method in _SAFE
            and settings.WROTE_COOKIE_NAME not in request.COOKIES
            and "Authorization" not in request.headers
        )
        watch = _WriteWatch()
        reading = _reads_replica.set(only_reads and self._replica_answers())
        try:
            with connections["default"].execute_wrapper(watch):
                response = self.get_response(request)
        finally:
            _reads_replica.reset(reading)
        if watch.wrote or request.method not in _SAFE:
            response.set_cookie(
                settings.WROTE_COOKIE_NAME,
                "1",
                max_age=settings.REPLICA_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def _replica_answers(self) -> bool:
        """Whether there is a connection; a replica that is gone is not asked again for a while."""
        if time.monotonic() < self._silent_until:
            return False
        try:
            connections["replica"].cursor().close()
        except DatabaseError:
            self._silent_until = time.monotonic() + _PAUSE
            _log.warning("The replica does not answer; the primary is read")
            return False
        return True


class _WriteWatch:
    """Sees every statement to the primary; after one that writes, the request reads there too."""

    wrote = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            self.wrote = True
            _reads_replica.set(False)
        return execute(sql, params, many, context)
