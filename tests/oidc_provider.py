"""A small OpenID provider on 127.0.0.1: discovery, authorisation code with PKCE, RS256, keys, userinfo.

Tests bend it: `claims` and `userinfo` replace what it says, `broken` names what does not answer.

    with Provider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.setting()
        answer = sign_in(client, provider, sub="17", email="anna@example.org", email_verified=True)
"""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpResponseBase
from django.test import Client

CLIENT_ID, CLIENT_SECRET = "mlprep", "the client's secret, which is long enough"
LOGIN, CALLBACK = "/accounts/oidc/oidc/login/", "/accounts/oidc/oidc/login/callback/"
_OURS, _STRANGE = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
_SIGNERS: dict[str, tuple[Any, str]] = {
    "ours": (_OURS, "RS256"),
    "strange": (_STRANGE, "RS256"),
    "shared secret": (CLIENT_SECRET, "HS256"),
    "nobody": (None, "none"),
}


class Provider:
    """The provider; `person` is who is signed in there, as claims."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {"sub": "17"}
        self.claims: dict[str, Any] = {}
        """What the ID token says instead; None leaves a claim out."""
        self.userinfo: dict[str, Any] = {}
        self.signed_by = "ours"
        self.sends_id_token = True
        self.broken: set[str] = set()
        """Paths that answer with 500, such as `/token`; `silent` ones close without an answer."""
        self.silent: set[str] = set()
        self.discovery: dict[str, Any] = {}
        self.asked: list[str] = []
        self.sent: list[dict[str, str]] = []
        """What was posted to the token endpoint."""
        self._codes: dict[str, dict[str, str]] = {}
        self._tokens: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> "Provider":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Go away: connections are refused from now on."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def setting(self) -> dict[str, Any]:
        """SOCIALACCOUNT_PROVIDERS as mlprep's settings make it of OIDC_SERVER_URL."""
        app = {"provider_id": "oidc", "name": "Example", "client_id": CLIENT_ID, "secret": CLIENT_SECRET}
        return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [{**app, "settings": {"server_url": self.url}}]}}

    def consent(self, address: str) -> dict[str, str]:
        """What the provider sends the browser back with, once the person has agreed at `address`."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, form: dict[str, str], bearer: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON for a request of the client's."""
        match path:
            case "/.well-known/openid-configuration":
                names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
                ends = {name: f"{self.url}/{end}" for name, end in {**names, "userinfo_endpoint": "userinfo"}.items()}
                return 200, {"issuer": self.url, **ends, **self.discovery}
            case "/keys":
                key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_OURS.public_key()))
                return 200, {"keys": [{**key, "kid": "ours", "use": "sig", "alg": "RS256"}]}
            case "/token":
                return self._token(form)
            case "/userinfo":
                return (200, {**self.person, **self.userinfo}) if bearer in self._tokens else (401, {})
        return 404, {}

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.sent.append(form)
        asked = self._codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        is_right = (
            asked is not None
            and (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
            and form.get("redirect_uri") == asked["redirect_uri"]
            and challenge.decode().rstrip("=") == asked.get("code_challenge", "").rstrip("=")
        )
        if asked is None or not is_right:
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(8)
        self._tokens.add(access)
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked.get("nonce")}
        claims = {name: value for name, value in {**said, **self.person, **self.claims}.items() if value is not None}
        signed = jwt.encode(claims, *_SIGNERS[self.signed_by], headers={"kid": "ours"})
        token = {"access_token": access, "token_type": "Bearer", "expires_in": 300}
        return 200, {**token, "id_token": signed} if self.sends_id_token else token


def begin(client: Client, path: str = LOGIN) -> str:
    """The address at the provider to which the button leads."""
    answer = client.post(path)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def sign_in(client: Client, provider: Provider, *, login: str = LOGIN, **person: Any) -> HttpResponseBase:
    """What the site answers once `person` (claims; the one before, where none are given) comes back."""
    if person:
        provider.person = person
    return client.get(f"{CALLBACK}?{urlencode(provider.consent(begin(client, login)))}")


def _handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            if path in provider.silent:
                self.close_connection = True
                return
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, said = (500, {}) if path in provider.broken else provider.answer(path, form, bearer)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
