"""The log of what concerns security: who signed in or out, who failed to, and what changed about signing in.

People are named by their number, never by name or address; the request's id leads to the proxy's log.
"""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import signals as auth
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal
from django.http import HttpRequest

from progress.accounts.models import User
from progress.accounts.sessions import begin_session
from progress.accounts.tokens import revoke_all

_log = logging.getLogger("mlprep.security")

TOLD: list[tuple[Signal, str]] = [
    (auth.user_logged_in, "signed in"),
    (auth.user_logged_out, "signed out"),
    (auth.user_login_failed, "sign-in failed"),
    (account.user_signed_up, "signed up"),
    (account.password_set, "password set"),
    (account.password_changed, "password changed"),
    (account.password_reset, "password reset"),
    (account.email_added, "e-mail added"),
    (account.email_changed, "e-mail changed"),
    (account.email_removed, "e-mail removed"),
    (account.authentication_step_completed, "authenticated"),
    (mfa.authenticator_added, "second step added"),
    (mfa.authenticator_removed, "second step removed"),
    (mfa.authenticator_reset, "second step reset"),
    (mfa.authentication_failed, "second step failed"),
]
_WARN = {"sign-in failed", "second step failed"}


def record(event: str, *, user_id: int | None, **facts: str) -> None:
    """Log an event. user_id: whose account it concerns, None where that is not known. facts: no personal data."""
    told = "".join(f" {name}={value}" for name, value in facts.items())
    level = logging.WARNING if event in _WARN else logging.INFO
    _log.log(level, "%s user=%s%s", event, user_id or "-", told, extra={"event": event, "user": user_id, **facts})


def connect() -> None:
    """Have every event of TOLD logged, and what hangs on them done."""
    for signal, event in TOLD:
        signal.connect(_recorder(event), weak=False, dispatch_uid=f"security log: {event}")
    auth.user_logged_in.connect(begin_session, dispatch_uid="session begins")
    auth.user_logged_out.connect(_mark_signed_out, dispatch_uid="signed out")
    post_save.connect(_revoke_tokens_of_account, User, dispatch_uid="tokens go with the password")
    for signal in (post_save, post_delete):
        signal.connect(_revoke_tokens_of_step, Authenticator, dispatch_uid="tokens go with the second step")
    account.authentication_step_completed.connect(_renew_session, dispatch_uid="session is renewed")


def _recorder(event: str) -> Any:
    def note(sender: Any, **facts: Any) -> None:
        user = facts.get("user")
        # What was typed as a name may be a password in the wrong field: it is never told.
        record(event, user_id=getattr(user, "pk", None), **_method(facts))

    return note


def _method(facts: dict[str, Any]) -> dict[str, str]:
    if "authenticator" in facts:
        return {"method": str(facts["authenticator"].type)}
    return {"method": str(facts["method"])} if "method" in facts else {}


def _mark_signed_out(sender: Any, **facts: Any) -> None:
    if isinstance(request := facts.get("request"), HttpRequest):
        request.META["mlprep.signed_out"] = True


def _revoke_tokens_of_account(sender: Any, instance: User, created: bool, **facts: Any) -> None:
    """Whoever made a token while they knew the password, or were welcome, is not to stay in by it."""
    # A password that is only hashed anew is not in `_password`: Django clears it.
    has_new_password = getattr(instance, "_password", None) is not None or instance.password_withdrawn
    if not created and (has_new_password or not instance.is_active):
        _revoke_tokens(instance)
    instance.password_withdrawn = False


def _revoke_tokens_of_step(sender: Any, instance: Authenticator, created: bool = True, **facts: Any) -> None:
    if created and instance.type != Authenticator.Type.RECOVERY_CODES:
        _revoke_tokens(User(pk=instance.user_id))


def _revoke_tokens(user: User) -> None:
    if count := revoke_all(users=[user]):
        record("API tokens revoked", user_id=user.pk, count=str(count))


def _renew_session(sender: Any, **facts: Any) -> None:
    """Give the session a new name once the password was asked for again; its entry in the list goes along."""
    if not facts.get("reauthenticated"):
        return
    session = facts["request"].session
    former = session.session_key
    session.cycle_key()
    UserSession.objects.filter(session_key=former).update(session_key=session.session_key)
