"""Sessions that end: two weeks after they were last used, and a month after signing in, however busy."""

import time
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from progress.accounts.models import User

LIFETIME = 30 * 86_400
"""Seconds from signing in until signing in is asked for again (NIST SP 800-63B's bound for one factor)."""
_TOUCHED_EVERY = 86_400
_SIGNED_IN_AT, _SEEN_AT = "signed_in_at", "seen_at"


class SessionStore(DatabaseSessions):
    """Django's sessions in the database; SESSION_COOKIE_AGE counts from the last day on which one was used."""

    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        if SESSION_KEY not in data:
            return data
        now = int(time.time())
        if now - data.setdefault(_SIGNED_IN_AT, now) > LIFETIME:
            self._session_key: str | None = None
            return {}
        if now - data.get(_SEEN_AT, 0) > _TOUCHED_EVERY:
            data[_SEEN_AT] = now
            # Once a day: it is stored, and the cookie sent, with a new end.
            self.modified = True
        return data


def begin_session(sender: type[User], **facts: Any) -> None:
    """Count a session's life from this moment, in which somebody has signed in."""
    session = facts["request"].session
    session[_SIGNED_IN_AT] = session[_SEEN_AT] = int(time.time())
