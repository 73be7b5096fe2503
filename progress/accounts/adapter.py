"""How allauth signs people up here: open, by invitation, or not at all."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from progress.accounts.models import Invitation, User

REGISTRATION_MODES = ("open", "invite", "closed")
_SESSION_KEY = "invitation"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """By the setting REGISTRATION; an invitation's code is remembered from the link that was opened."""
        if settings.REGISTRATION != "invite":
            return bool(settings.REGISTRATION == "open")
        if code := request.GET.get("invitation", "")[:50].replace("\x00", ""):
            request.session[_SESSION_KEY] = code
        return Invitation.objects.usable(timezone.now()).filter(code=invitation_of(request)).exists()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """As allauth does it, but with one look at the password.

        Given an address as address and as name, allauth would hash twice where there is such an account and once
        where there is none, and the time would tell which.
        """
        if credentials.get("email") and credentials.get("email") == credentials.get("username"):
            del credentials["email"]
        return super().authenticate(request, **credentials)

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> Any:
        """Save the new user; by invitation only if nobody has used it in the meantime."""
        saved = super().save_user(request, user, form, commit=commit)
        use_invitation(request, saved)
        return saved

    def is_safe_url(self, url: str) -> bool:
        """Whether one may go there after signing in: a page of the host that was asked, and of no other allowed one."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={context.request.get_host()})


def invitation_of(request: HttpRequest) -> str:
    """The code of the link by which somebody came."""
    return str(request.session.get(_SESSION_KEY, ""))


def use_invitation(request: HttpRequest, user: User) -> None:
    """Note who came by the invitation, where one is needed; who finds it used is led back, and no account stays."""
    if settings.REGISTRATION != "invite":
        return
    usable = Invitation.objects.usable(timezone.now()).filter(code=invitation_of(request))
    if not usable.update(accepted_by=user):
        raise ImmediateHttpResponse(redirect("account_signup"))
