"""Proving anew who one is, before an act that matters: by password, second step, or where one signs in elsewhere.

allauth lets whoever has neither password nor second step of ours pass unasked. Here a provider is asked again; allauth
has no setting for it, so its function is replaced, and a test sees that it is still the one.
"""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from progress.accounts.single_sign_on import SocialAccountAdapter

AGAIN = {"prompt": "login", "max_age": "0"}
"""Has a provider (OpenID Connect Core 1.0, 3.1.2.1) ask its user again, and say when it did."""
_CLOCKS_DIFFER = 60


def ask_everybody() -> None:
    """Let allauth ask those who sign in elsewhere, too."""
    reauthentication.did_recently_reauthenticate = has_proved


def has_proved(request: HttpRequest) -> bool:
    """Whether whoever is signed in has proved who they are in the last five minutes, beyond signing in."""
    if request.user.is_anonymous:
        return False
    proofs = [each for each in get_authentication_records(request, request.user) if each.get("reauthenticated")]
    return bool(proofs) and time.time() - proofs[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def prove_path(next_path: str) -> str:
    """Where to prove it, and come back from; nothing of the request is kept."""
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': next_path})}"


class ElsewhereAdapter(SocialAccountAdapter):
    """What happens when a provider has answered."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take the answer to a question that was asked to prove who is signed in; they stay signed in.

        Raises ImmediateHttpResponse with what was about to be done, or with the question anew.
        """
        if sociallogin.state.get("process") != AuthProcess.REDIRECT:
            return
        if not request.user.is_authenticated:
            raise ImmediateHttpResponse(redirect("account_login"))
        next_path = sociallogin.get_redirect_url(request) or reverse("account")
        is_same = sociallogin.is_existing and sociallogin.user == request.user
        if not (is_same and _is_fresh(sociallogin)) or reauthentication.get_reauthentication_flows(request.user):
            messages.error(request, "That did not show that it is you. Sign in there with your own account, anew.")
            question = f"{reverse('account_prove_elsewhere')}?{urlencode({'next': next_path})}"
            raise ImmediateHttpResponse(redirect(question))
        account = sociallogin.account
        proof = {"provider": account.provider, "uid": account.uid, "reauthenticated": True}
        record_authentication(request, request.user, "socialaccount", **proof)
        # Where allauth looks for what was about to be done.
        request.GET = QueryDict(urlencode({"next": next_path}))
        raise ImmediateHttpResponse(reauthentication.resume_request(request) or redirect("account"))


def _is_fresh(sociallogin: SocialLogin) -> bool:
    """Whether the provider asked just now; one that does not say when it did is believed."""
    claims: Any = sociallogin.account.extra_data.get("id_token") or {}
    asked_at = claims.get("auth_time")
    if asked_at is None:
        return True
    return isinstance(asked_at, int | float) and time.time() - asked_at < (
        app_settings.REAUTHENTICATION_TIMEOUT + _CLOCKS_DIFFER
    )
