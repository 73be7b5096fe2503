"""API tokens: made, found by what a program sends, and taken back."""

import hashlib
import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q

from progress.accounts.models import ApiToken, Scope, User

LIFETIME = timedelta(days=90)
"""How long a token is good for unless its learner says otherwise."""
MOST = 20
"""Tokens a learner has at once, expired ones included."""
MOST_BY_PASSWORD = 5
"""Of these, tokens that programs made with name and password; a further one replaces the oldest."""
BY_PASSWORD = "Made with name and password"  # noqa: S105 (a name)
_NOTED_EVERY = timedelta(hours=1)
_log = logging.getLogger(__name__)


class TooManyTokens(Exception):
    """The learner has MOST tokens."""

    def __str__(self) -> str:
        return f"You have {MOST} API tokens; take one back on your account page first."


def digest_of(key: str) -> str:
    """What is kept of a token: its 240 random bits need no salt and no work."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def make_token(
    *, learner: User, name: str, scope: Scope, lifetime: timedelta | None, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token; gives it and what to send, which is nowhere kept. lifetime: None for no end.

    Raises TooManyTokens.
    """
    User.objects.select_for_update().get(pk=learner.pk)
    if ApiToken.objects.of(learner).count() >= MOST:
        raise TooManyTokens
    key = f"mlprep_{secrets.token_urlsafe(30)}"
    expires_at = None if lifetime is None else now + lifetime
    token = ApiToken.objects.create(
        learner=learner, name=name, scope=scope, digest=digest_of(key), created_at=now, expires_at=expires_at
    )
    return token, key


@transaction.atomic
def make_token_by_password(*, learner: User, now: datetime) -> str:
    """What a program is to send that gave name and password. Raises TooManyTokens."""
    User.objects.select_for_update().get(pk=learner.pk)
    former = ApiToken.objects.of(learner).filter(name=BY_PASSWORD)
    ApiToken.objects.filter(pk__in=former.values_list("pk", flat=True)[MOST_BY_PASSWORD - 1 :]).delete()
    return make_token(learner=learner, name=BY_PASSWORD, scope=Scope.WRITE, lifetime=LIFETIME, now=now)[1]


def find_token(*, key: str, now: datetime) -> ApiToken | None:
    """The token that a program sent, with its learner; None for one that is unknown, expired or of a closed account.

    Looked up by its digest, so that the time the database takes tells nothing of the token.
    """
    return ApiToken.objects.live(now).select_related("learner").filter(digest=digest_of(key)).first()


def note_use(*, token: ApiToken, now: datetime) -> None:
    """Keep when a token was last used, to the hour; where nothing can be written, reading goes on after the wait."""
    if token.last_used_at is not None and token.last_used_at > now - _NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - _NOTED_EVERY)
    try:
        with transaction.atomic():
            ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    except DatabaseError:
        _log.warning("The last use of an API token could not be noted")


def revoke_all(*, users: Iterable[User]) -> int:
    """Take back all tokens of the users; gives how many there were."""
    count, _ = ApiToken.objects.filter(learner__in=list(users)).delete()
    return count
