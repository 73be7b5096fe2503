"""Who somebody is by what they typed: a name, or else an address, with one look at one password."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.http import HttpRequest

from progress.accounts.models import User


class OneHashBackend(AuthenticationBackend):
    """allauth's, but for what the time would tell: it tries the password on each account that has the address.

    One account answers for what was typed, so that each failed sign-in costs one hash whoever is behind the name.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        typed = credentials.get("username") or credentials.get("email") or ""
        found: User | None = self._check_password(account_of(typed), credentials.get("password") or "")
        return found


def account_of(typed: str) -> User | None:
    """The account of that name; else of that address: of who proved it, or of who had it first."""
    named: User | None = get_user_by_username(typed)
    if named or "@" not in typed:
        return named
    having: list[User] = filter_users_by_email(typed, prefer_verified=True, for_login=True)
    return min(having, key=lambda user: user.pk, default=None)
