"""A provider (OpenID Connect) that says what a test wants, without a network."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.test import Client

SERVER = "https://id.example.org"
APP = {"provider_id": "oidc", "name": "The Lab", "client_id": "x", "secret": "y", "settings": {"server_url": SERVER}}
ADDRESSES = {
    "issuer": SERVER,
    "authorization_endpoint": f"{SERVER}/ask",
    "token_endpoint": f"{SERVER}/token",
    "userinfo_endpoint": f"{SERVER}/who",
    "jwks_uri": f"{SERVER}/keys",
}


class Provider:
    """Signs in whoever `uid` names, who was asked `asked` seconds ago; None where the provider does not say."""

    def __init__(self, monkeypatch: Any, settings: Any) -> None:
        self.uid, self.asked = "alice-there", 0.0
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [APP]}}
        monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "openid_config", ADDRESSES)
        monkeypatch.setattr(OpenIDConnectOAuth2Adapter, "_fetch_user_info", lambda *_: {"sub": self.uid})
        monkeypatch.setattr(OAuth2Client, "get_access_token", lambda *_, **__: self._tokens())

    def _tokens(self) -> dict[str, str]:
        now = time.time()
        claims = {"iss": SERVER, "aud": "x", "sub": self.uid, "iat": int(now), "exp": int(now) + 60}
        claims["jti"] = f"{now}"
        if self.asked is not None:
            claims["auth_time"] = int(now - self.asked)
        return {"access_token": "a", "id_token": jwt.encode(claims, "k" * 32, "HS256")}

    def knows(self, user: Any) -> Client:
        """Somebody of this provider's who has no password here, signed in by it."""
        user.set_unusable_password()
        user.save()
        SocialAccount.objects.create(user=user, provider="oidc", uid=f"{user.username}-there")
        client = Client()
        self.uid = f"{user.username}-there"
        self.answer(client, client.post("/accounts/oidc/oidc/login/?process=login"))
        return client

    def answer(self, client: Client, asked: Any) -> Any:
        """The browser comes back from the address that it was sent to."""
        state = parse_qs(urlsplit(asked.headers["Location"]).query)["state"][0]
        return client.get(f"/accounts/oidc/oidc/login/callback/?code=c&state={state}")
