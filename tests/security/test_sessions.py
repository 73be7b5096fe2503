"""Sessions end by themselves, by their owner, by an administrator, and with the password."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from progress.accounts import sessions
from progress.models import ApiToken
from tests.factories import make_token

pytestmark = pytest.mark.same_anywhere

SIGN_IN = {"login": "alice", "password": "alice's long password"}
CHANGE = {
    "oldpassword": "alice's long password",
    "password1": "quite different words",
    "password2": "quite different words",
}


@pytest.fixture
def later(monkeypatch):
    now = time.time()

    def move(days: float) -> None:
        monkeypatch.setattr(sessions.time, "time", lambda: now + days * 86_400)

    return move


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def test_a_session_ends_a_month_after_signing_in_however_busy(as_alice, later):
    later(29.9)
    assert is_in(as_alice)
    later(30.1)
    assert not is_in(as_alice)


def test_a_visit_gives_an_idle_session_two_weeks_more_and_is_written_once_a_day(as_alice, later):
    (end,) = Session.objects.values_list("expire_date", flat=True)
    assert is_in(as_alice)
    assert Session.objects.get().expire_date == end
    later(1.1)
    answer = as_alice.get("/settings/")
    assert answer.cookies["session"]["max-age"] == 14 * 86_400
    assert Session.objects.get().expire_date > end


def test_an_idle_session_lets_nobody_in(as_alice):
    Session.objects.update(expire_date="2020-01-01T00:00Z")
    assert not is_in(as_alice)


def test_signing_in_and_typing_the_password_again_give_the_session_a_new_name(client, alice):
    client.get("/accounts/login/")
    names = [client.session.session_key]
    client.post("/accounts/login/", SIGN_IN)
    names.append(client.cookies["session"].value)
    client.post("/accounts/reauthenticate/", {"password": SIGN_IN["password"]})
    names.append(client.cookies["session"].value)
    assert len(set(names)) == 3
    assert not Session.objects.filter(pk=names[1]).exists()


def test_signing_out_ends_the_session_for_whoever_kept_its_name(as_alice):
    thief = Client()
    thief.cookies["session"] = as_alice.cookies["session"].value
    assert is_in(thief)
    answer = as_alice.post("/accounts/logout/")
    assert not is_in(thief)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["session"].value == ""


def test_a_new_password_ends_all_other_sessions(client, alice, as_alice):
    client.post("/accounts/login/", SIGN_IN)
    client.post("/accounts/password/change/", CHANGE)
    assert is_in(client)
    assert not is_in(as_alice)


def test_a_closed_account_is_signed_out_at_once(as_alice, alice):
    call = {"headers": {"Authorization": f"Token {make_token(alice)}"}}
    assert Client().get("/api/v1/quizzes/", **call).status_code == 200
    alice.is_active = False
    alice.save()
    assert not is_in(as_alice)
    assert Client().get("/api/v1/quizzes/", **call).status_code == 401


def test_an_administrator_signs_a_learner_out_everywhere(as_mona, as_alice, as_bob, alice):
    make_token(alice)
    as_mona.post("/accounts/reauthenticate/", {"password": "mona's long password"})
    as_mona.post("/admin/progress/user/", {"action": "sign_out", "_selected_action": [alice.pk]})
    assert not is_in(as_alice)
    assert is_in(as_bob)
    assert is_in(as_mona)
    assert not ApiToken.objects.exists()


def test_the_list_of_sessions_goes_along_with_the_new_name(client, alice):
    client.post("/accounts/login/", SIGN_IN, headers={"User-Agent": "Her Own Browser"})
    client.post("/accounts/reauthenticate/", {"password": SIGN_IN["password"]})
    assert client.get("/accounts/sessions/").content.decode().count("Her Own Browser") == 1
    client.post("/accounts/sessions/")
    assert is_in(client)


def test_ending_sessions_asks_an_old_sign_in_for_the_password_again(as_alice):
    assert as_alice.get("/accounts/sessions/").status_code == 200
    assert as_alice.post("/accounts/sessions/").headers["Location"].startswith("/accounts/reauthenticate/")
