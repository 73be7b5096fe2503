"""Every way to guess what signs somebody in is counted; who is refused gets a calm page that says for how long."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from progress.models import Invitation, User

pytestmark = pytest.mark.same_anywhere
PASSWORD = "alice's long password"  # noqa: S105


@pytest.fixture(autouse=True)
def two_a_minute(settings):
    ways = {"login", "signup", "reset_password", "reset_password_from_key", "confirm_email"}
    settings.ACCOUNT_RATE_LIMITS = {
        **dict.fromkeys(ways - {"confirm_email"}, "2/m/ip"),
        **dict.fromkeys(("reauthenticate", "change_password", "manage_email"), "2/m/user"),
        "login_failed": "2/m/ip,2/m/key",
        "confirm_email": "1/3m/key",
    }


def password(client: Client) -> object:
    return client.post("/accounts/login/", {"login": "alice", "password": "a wrong one"})


def administration(client: Client) -> object:
    return client.post("/accounts/login/?next=/admin/", {"login": "alice", "password": "a wrong one"})


def token(client: Client) -> object:
    return client.post("/api/v1/auth/token/", {"username": "alice", "password": "a wrong one"})


def second_step(client: Client) -> object:
    if not client.session.get("account_login"):
        client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    return client.post("/accounts/2fa/authenticate/", {"code": "000000"})


def recovery_code(client: Client) -> object:
    if not client.session.get("account_login"):
        client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    return client.post("/accounts/2fa/authenticate/", {"code": "12345678"})


def reset(client: Client) -> object:
    return client.post("/accounts/password/reset/", {"email": "alice@example.org"})


def reset_key(client: Client) -> object:
    return client.post("/accounts/password/reset/key/1-abcdef-0123456789abcdef0123456789abcdef/", {"password1": "x"})


def sign_up(client: Client) -> object:
    return client.post("/accounts/signup/?invitation=guessed", {"username": "alice", "password1": "x"})


def again(client: Client) -> object:
    return client.post("/accounts/reauthenticate/", {"password": "a wrong one"})


def change(client: Client) -> object:
    return client.post("/accounts/password/change/", {"oldpassword": "a wrong one", "password1": "y", "password2": "y"})


VISITORS = [password, administration, token, second_step, recovery_code, reset, reset_key, sign_up]


@pytest.fixture
def with_app(alice) -> User:
    TOTP.activate(alice, generate_totp_secret())
    Authenticator.objects.create(user=alice, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    return alice


def assert_calm(answer) -> None:
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    assert re.search(r"too many|Too many|wait|again in", text), text[:2000]


@pytest.mark.parametrize("way", VISITORS, ids=lambda way: way.__name__)
def test_guessing_is_refused_calmly(with_app, client, way):
    found = [way(client).status_code for _ in range(2)]
    assert 429 not in found
    assert_calm(way(client))


@pytest.mark.parametrize("way", [again, change], ids=lambda way: way.__name__)
def test_guessing_in_somebodys_open_session_is_refused_calmly(alice, as_alice, way):
    as_alice.post("/accounts/reauthenticate/", {"password": PASSWORD})
    found = [way(as_alice) for _ in range(3)]
    assert_calm(found[-1])


def test_a_new_session_and_another_way_do_not_begin_the_count_anew(with_app):
    for ask in (password, token):
        ask(Client())
    assert_calm(administration(Client()))
    assert_calm(token(Client()))


def test_who_guesses_the_second_step_from_many_addresses_is_refused_for_the_account(with_app, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = []
    for number in range(3):
        client = Client(headers={"X-Forwarded-For": f"192.0.2.{number}"})
        answers.append(second_step(client))
    assert_calm(answers[-1])


def test_guessed_invitations_let_nobody_in_and_are_counted(client, bob, settings):
    settings.REGISTRATION = "invite"
    Invitation.objects.create()
    for guess in ("a", "b"):
        client.get(f"/accounts/signup/?invitation={guess}")
        client.post("/accounts/signup/", {"username": "newcomer", "password1": "some quite long words"})
    assert not User.objects.filter(username="newcomer").exists()
    assert_calm(client.post("/accounts/signup/", {"username": "newcomer", "password1": "some quite long words"}))


def test_letters_to_one_address_are_counted_and_the_page_says_so(as_alice, alice):
    as_alice.post("/accounts/email/", {"email": "alice@example.org", "action_send": "1"})
    page = as_alice.post("/accounts/email/", {"email": "alice@example.org", "action_send": "1"}, follow=True)
    assert len(mail.outbox) == 1
    assert "was sent a moment ago" in page.content.decode()
    assert urlsplit(page.request["PATH_INFO"]).path == "/accounts/email/"
