"""The second step of signing in, sessions, and acts that ask for the password again."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from progress.models import ApiToken

SIGN_IN = {"login": "alice", "password": "alice's long password"}


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def signed_in(alice, client) -> Client:
    client.post("/accounts/login/", SIGN_IN)
    client.post("/accounts/reauthenticate/", {"password": SIGN_IN["password"]})
    return client


@pytest.fixture
def secret(signed_in) -> str:
    """Alice has an authenticator app with this secret."""
    signed_in.get("/accounts/2fa/totp/activate/")
    secret = get_secret(signed_in)
    signed_in.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert Authenticator.objects.filter(type="totp").exists()
    return secret


def get_secret(client: Client) -> str:
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    return re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)[1]


def test_with_an_app_the_password_alone_lets_nobody_in(secret):
    visitor = Client()
    answer = visitor.post("/accounts/login/", SIGN_IN, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/2fa/authenticate/")
    assert visitor.get("/progress/").status_code == 302
    visitor.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert visitor.get("/progress/").status_code == 302


@pytest.mark.same_anywhere
def test_an_unproved_address_keeps_nobody_from_a_second_step(signed_in, alice):
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=False)
    for page in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"):
        assert signed_in.get(page).status_code == 200
    signed_in.post("/accounts/2fa/totp/activate/", {"code": code_of(get_secret(signed_in))})
    signed_in.post("/accounts/2fa/recovery-codes/generate/")
    assert {one.type for one in Authenticator.objects.filter(user=alice)} == {"totp", "recovery_codes"}
    visitor = Client()
    assert "/2fa/authenticate/" in visitor.post("/accounts/login/", SIGN_IN).headers["Location"]
    page = signed_in.post("/accounts/email/", {"email": "second@example.org", "action_add": "1"})
    assert page.status_code == 302
    assert EmailAddress.objects.filter(user=alice, email="second@example.org").exists()


@pytest.mark.same_anywhere
def test_somebody_elses_second_step_takes_an_address_from_nobody(secret, alice, client):
    """Alice's address is not proved; Bob, whose it is, signs up, proves it and signs in by it."""
    EmailAddress.objects.create(user=alice, email="bob@example.org", primary=True, verified=False)
    owner = Client()
    owner.post(
        "/accounts/signup/", {"username": "bob", "email": "bob@example.org", "password1": "some long words of bob"}
    )
    EmailAddress.objects.filter(user__username="bob").update(verified=True)
    visitor = Client()
    visitor.post("/accounts/login/", {"login": "bob@example.org", "password": "some long words of bob"})
    assert visitor.get("/progress/").status_code == 200


def test_an_apps_code_is_good_once(secret):
    cache.clear()
    first, second = Client(), Client()
    for visitor, status in ((first, 200), (second, 302)):
        visitor.post("/accounts/login/", SIGN_IN)
        visitor.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
        assert visitor.get("/progress/").status_code == status


def test_a_recovery_code_stands_in_for_a_lost_phone_once(secret, signed_in):
    page = signed_in.get("/accounts/2fa/recovery-codes/").content.decode()
    recovery = re.search(r"\b\d{8}\b", page)[0]
    for status in (200, 302):
        visitor = Client()
        visitor.post("/accounts/login/", SIGN_IN)
        visitor.post("/accounts/2fa/authenticate/", {"code": recovery})
        assert visitor.get("/progress/").status_code == status


def test_the_database_does_not_hold_the_apps_secret_in_clear(secret):
    kept = str(Authenticator.objects.get(type="totp").data)
    assert secret not in kept


def test_the_administration_is_behind_the_same_door(mona, client):
    assert client.get("/admin/login/").headers["Location"].startswith("/accounts/login/")


def test_a_program_cannot_go_round_the_second_step(secret, client):
    body = {"username": "alice", "password": "alice's long password"}
    refused = Client().post("/api/v1/auth/token/", body, content_type="application/json")
    assert refused.status_code == 400
    assert "account page" in str(refused.json())
    assert not ApiToken.objects.exists()


def test_an_old_sign_in_is_asked_for_the_password_again_before_a_token_is_made(as_alice, alice):
    answer = as_alice.post("/accounts/tokens/", {"name": "Script", "scope": "write", "days": "30"})
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()
    as_alice.post("/accounts/reauthenticate/", {"password": "alice's long password"})
    as_alice.post("/accounts/tokens/", {"name": "Script", "scope": "write", "days": "30"})
    assert ApiToken.objects.filter(learner=alice).exists()


def test_other_sessions_are_listed_and_ended(signed_in):
    elsewhere = Client()
    elsewhere.post("/accounts/login/", SIGN_IN, headers={"User-Agent": "Lost Laptop"})
    assert "Lost Laptop" in signed_in.get("/accounts/sessions/").content.decode()
    assert elsewhere.get("/progress/").status_code == 200
    signed_in.post("/accounts/sessions/")
    assert elsewhere.get("/progress/").status_code == 302
    assert signed_in.get("/progress/").status_code == 200


def test_one_session_is_ended_alone_and_nobody_elses(signed_in, bob):
    lost, kept, strange = Client(), Client(), Client()
    for client, agent in ((lost, "Lost Laptop"), (kept, "Phone")):
        client.post("/accounts/login/", SIGN_IN, headers={"User-Agent": agent})
        client.get("/progress/", headers={"User-Agent": agent})
    strange.post("/accounts/login/", {"login": "bob", "password": "bob's long password"})
    card = next(part for part in signed_in.get("/accounts/sessions/").content.decode().split("<form") if "Lost" in part)
    signed_in.post("/accounts/sessions/", {"session": re.search(r'name="session" value="(\d+)"', card)[1]})
    assert lost.get("/progress/").status_code == 302
    assert kept.get("/progress/").status_code == 200
    bobs = UserSession.objects.get(user=bob)
    for number in (str(bobs.pk), "0", "x", "9" * 40):
        assert signed_in.post("/accounts/sessions/", {"session": number}).status_code == 404
    assert strange.get("/progress/").status_code == 200


def test_a_provider_is_offered_where_one_is_set(client, db, settings):
    assert "Sign in by" not in client.get("/accounts/login/").content.decode()
    address = {"server_url": "https://id.example.org"}
    app = {"provider_id": "oidc", "name": "The Lab", "client_id": "x", "secret": "y", "settings": address}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    assert "Sign in by The Lab" in client.get("/accounts/login/").content.decode()
