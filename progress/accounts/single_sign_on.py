"""Signing in by an OpenID provider: what allauth leaves to the provider's good will is checked here.

allauth takes an answer without an ID token, does not ask for a nonce, skips the signature of what came by a connection
of its own, and believes userinfo about whoever it names (OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2, asks otherwise).
"""

import hashlib
import logging
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from requests import RequestException

from progress.accounts.adapter import use_invitation
from progress.accounts.models import User

RETRY_AFTER = 30
"""Seconds after which it is worth trying the provider again."""
# By key pairs alone: one by the client's secret could be made by whoever shares it.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_LEEWAY = 60
"""Seconds by which the provider's clock may be off."""
_DISCOVERED = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")

_log = logging.getLogger(__name__)


class ProviderAway(Exception):
    """The provider does not answer, or with nothing that can be used."""


class SingleSignOnAdapter(OpenIDConnectOAuth2Adapter):
    """allauth's, with every check of an ID token, and one error for whatever the provider does not deliver."""

    @property
    def openid_config(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = super().openid_config
        except RequestException as error:
            raise ProviderAway from error
        if missing := [name for name in _DISCOVERED if not isinstance(found.get(name), str)]:
            raise ProviderAway(f"discovery lacks {', '.join(missing)}")
        return found

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_access_token_data(*args, **kwargs)
        except RequestException as error:
            raise ProviderAway from error
        except OAuth2Error as error:
            # By RFC 6749, 5.2, a refusal says so; anything else is no answer.
            if '"error"' in str(error):
                raise
            raise ProviderAway from error

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        """Who came. Raises OAuth2Error where the provider's word is not for this request."""
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("The provider sent no id_token.")
        try:
            login: SocialLogin = super().complete_login(request, app, token, **kwargs)
        except RequestException as error:
            raise ProviderAway from error
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("The provider's answer lacks what it must have.") from error
        said = login.account.extra_data
        if "userinfo" in said and said["userinfo"].get("sub") != said["id_token"]["sub"]:
            raise OAuth2Error("userinfo and id_token are about two people.")
        for address in login.email_addresses:
            # "false" is true to Python, and None to no database.
            address.verified = address.verified is True
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        with get_adapter().get_requests_session() as session:
            answer = session.get(config["jwks_uri"])
            answer.raise_for_status()
        try:
            header = jwt.get_unverified_header(id_token)
            claims: dict[str, Any] = jwt.decode(
                id_token,
                _key(answer.json(), header),
                algorithms=_ALGORITHMS,
                issuer=config["issuer"],
                audience=app.client_id,
                leeway=_LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("The id_token is not one of the provider's for this site.") from error
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("The id_token is for another site.")
        if claims.get("nonce") != nonce_of(self.request.GET.get("state", "")):
            raise OAuth2Error("The id_token answers another request.")
        return claims


def _key(published: dict[str, Any], header: dict[str, Any]) -> jwt.PyJWK:
    """The provider's key that the token names, or its only one. Raises PyJWTError."""
    named = header.get("kid")
    keys = [key for key in jwt.PyJWKSet.from_dict(published).keys if named is None or key.key_id == named]
    if not keys or (named is None and len(keys) > 1):
        raise jwt.InvalidTokenError("signed by no key of the provider's")
    return keys[0]


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """How allauth makes accounts for whom a provider sends."""

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Save the newcomer; an invitation is used up, which allauth's form does and its way without one does not."""
        for address in sociallogin.email_addresses:
            taken = EmailAddress.objects.filter(email=address.email, verified=True)
            # An address proves one account; here it is noted, and proves nothing.
            address.verified = address.verified and not taken.exists()
        user: User = super().save_user(request, sociallogin, form=form)
        if form is None:
            use_invitation(request, user)
        return user


def check_by_our_adapter() -> None:
    """Let allauth's provider ask through our adapter, for which it has no setting."""
    OpenIDConnectProvider.oauth2_adapter_class = SingleSignOnAdapter


def nonce_of(state: str) -> str:
    """What the provider has to repeat in its ID token: made of the state, which only this session knows."""
    return hashlib.sha256(f"mlprep.nonce:{state}".encode()).hexdigest()


@login_not_required  # type: ignore[untyped-decorator]
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider."""
    response = _carry_out(OAuth2LoginView, request, provider_id)
    if isinstance(response, HttpResponseRedirect):
        state = parse_qs(urlsplit(response.url).query).get("state", [""])[0]
        response["Location"] = f"{response.url}&nonce={nonce_of(state)}"
    return response


@login_not_required  # type: ignore[untyped-decorator]
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take whom the provider sends back."""
    return _carry_out(OAuth2CallbackView, request, provider_id)


def _carry_out(view: type[OAuth2View], request: HttpRequest, provider_id: str) -> HttpResponse:
    adapter = SingleSignOnAdapter(request, provider_id)
    try:
        response: HttpResponse = view.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except ProviderAway as error:
        # Its cause names an address of the provider's, and nobody's secret.
        _log.warning("The provider of single sign-on does not answer: %s", error.__cause__ or error)
        name = adapter.get_provider().name
        response = render(request, "account/provider_away.html", {"name": name}, status=503)
        response["Retry-After"] = str(RETRY_AFTER)
        add_never_cache_headers(response)
    return response
