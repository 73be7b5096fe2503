"""API tokens: shown once, kept as digests, with scopes and an end, and gone when what they stood on changes."""

import hashlib
import json
import logging
import re
from datetime import timedelta
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core import mail
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token

from mlprep.chores import tidy_up
from progress.accounts.tokens import MOST, MOST_BY_PASSWORD
from progress.models import ApiToken, User
from tests.factories import make_concept, make_token
from tests.security.test_recovery import choose

WEEKS = "/api/v1/progress/weeks/"
ASK = "/api/v1/auth/token/"
PASSWORD = {"alice": "alice's long password", "bob": "bob's long password"}
NEW = {"name": "Backup script", "scope": "write", "days": "30"}


def call(key: str, path: str = WEEKS, method: str = "GET", body: object = None):
    headers = {"Authorization": f"Token {key}"}
    return Client().generic(method, path, json.dumps(body or {}), content_type="application/json", headers=headers)


def works(key: str) -> bool:
    return call(key).status_code == 200


@pytest.fixture
def proved(alice, as_alice) -> Client:
    """Alice, who has just typed her password."""
    as_alice.post("/accounts/reauthenticate/", {"password": PASSWORD["alice"]})
    return as_alice


def shown_key(client: Client, **changes: str) -> str:
    page = client.post("/accounts/tokens/", NEW | changes).content.decode()
    return page.split('data-copy="')[1].split('"')[0]


def test_a_token_is_shown_once_and_taken_back(proved):
    key = shown_key(proved)
    page = proved.get("/accounts/tokens/").content.decode()
    assert "Backup script" in page
    assert key not in page
    assert works(key)
    proved.post(f"/accounts/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert call(key).status_code == 401
    assert "Backup script" not in Client().get("/accounts/tokens/", follow=True).content.decode()


def test_the_database_holds_no_token_but_a_digest(proved):
    key = shown_key(proved)
    (row,) = ApiToken.objects.values()
    assert row["digest"] == hashlib.sha256(key.encode()).hexdigest()
    assert key not in str(row)
    assert not works(row["digest"])


def test_taking_a_token_back_asks_for_no_password(as_alice, alice):
    key = make_token(alice)
    as_alice.post(f"/accounts/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert not works(key)


def test_a_stolen_session_makes_no_token(as_alice):
    answer = as_alice.post("/accounts/tokens/", NEW)
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"scope": "all"}, {"days": "1000"}, {"name": "x" * 61}, {"name": "a\x00b"}]
)
def test_a_token_that_cannot_be_made_says_why(proved, change):
    answer = proved.post("/accounts/tokens/", NEW | change)
    assert answer.status_code == 422
    assert 'class="errors"' in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_nobody_has_more_tokens_than_they_can_watch(proved, alice):
    for _ in range(MOST):
        make_token(alice)
    answer = proved.post("/accounts/tokens/", NEW)
    assert answer.status_code == 422
    assert f"You have {MOST} API tokens" in answer.content.decode()
    refused = Client().post(ASK, {"username": "alice", "password": PASSWORD["alice"]}, content_type="application/json")
    assert refused.status_code == 400
    assert f"You have {MOST} API tokens" in refused.json()["non_field_errors"][0]


def test_a_token_that_reads_does_nothing_else(alice):
    concept, key = make_concept("READ-001"), make_token(alice, "read")
    path = f"/api/v1/concepts/{concept.code}/status/"
    refused = call(key, path, "PUT", {"status": "mastered"})
    assert refused.status_code == 403
    assert "may only read" in refused.json()["detail"]
    assert not alice.concept_statuses.exists()
    assert works(key)
    assert call(key, WEEKS, "HEAD").status_code == 200
    assert call(make_token(alice), path, "PUT", {"status": "mastered"}).status_code == 200


def test_a_disguised_method_is_the_one_that_was_sent(alice):
    path = f"/api/v1/concepts/{make_concept('READ-002').code}/status/"
    disguise = {"Authorization": f"Token {make_token(alice, 'read')}", "X-HTTP-Method-Override": "PUT"}
    Client().get(f"{path}?_method=PUT&status=mastered", headers=disguise)
    Client().post(f"{path}?_method=GET", {"status": "mastered", "_method": "GET"}, headers=disguise)
    assert not alice.concept_statuses.exists()


@pytest.mark.parametrize("days", [-1, 0])
def test_an_expired_token_is_refused_with_the_reason(alice, as_alice, days):
    answer = call(make_token(alice, days=days))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert "has expired" in answer.json()["detail"]
    assert "expired" in as_alice.get("/accounts/tokens/").content.decode()


def test_a_token_without_an_end_stays(alice):
    assert works(make_token(alice, days=None))


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("token {}", 200),
        ("Token   {}  ", 200),
        ("Token {} {}", 401),
        ("Token", 401),
        ("Token {}x", 401),
        ("Token é{}", 401),
        ("Bearer {}", 401),
        ("Token\x00{}", 401),
    ],
)
def test_a_token_is_taken_whole_or_not_at_all(alice, header, status):
    given = header.replace("{}", make_token(alice))
    assert Client().get(WEEKS, headers={"Authorization": given}).status_code == status


def test_a_token_in_other_letters_is_another_token(alice):
    key = make_token(alice)
    assert not works(key.upper())
    assert not works(key.swapcase())


@pytest.mark.parametrize("name", ["token", "key", "auth_token", "access_token", "Authorization"])
def test_a_token_in_an_address_opens_nothing(client, alice, name):
    assert client.get(WEEKS, {name: make_token(alice)}).status_code == 401


def test_a_token_opens_no_page(alice, mona):
    for who in (alice, mona):
        visitor = Client(headers={"Authorization": f"Token {make_token(who)}"})
        for path in ("/progress/", "/accounts/", "/accounts/tokens/", "/admin/"):
            assert visitor.get(path).status_code == 302, path


def test_a_bad_token_does_not_keep_one_from_getting_a_new_one(alice):
    body = {"username": "alice", "password": PASSWORD["alice"]}
    answer = call(make_token(alice, days=-1), ASK, "POST", body)
    assert works(answer.json()["token"])


def test_a_read_token_is_no_way_to_one_that_writes(alice):
    body = {"username": "alice", "password": "guess"}
    assert call(make_token(alice, "read"), ASK, "POST", body).status_code == 400


def test_a_closed_account_gets_no_token_and_the_same_answer(alice):
    body = {"username": "alice", "password": PASSWORD["alice"]}
    wrong = call("none", ASK, "POST", body | {"password": "guess"})
    alice.is_active = False
    alice.save()
    closed = call("none", ASK, "POST", body)
    assert (closed.status_code, closed.json()) == (wrong.status_code, wrong.json()) == (400, wrong.json())


def test_a_session_is_not_looked_at_where_a_token_is_sent(as_alice, alice):
    path = f"/api/v1/concepts/{make_concept('READ-003').code}/status/"
    both = {"Authorization": f"Token {make_token(alice, 'read')}"}
    answer = as_alice.put(path, {"status": "mastered"}, content_type="application/json", headers=both)
    assert answer.status_code == 403
    assert as_alice.get(WEEKS, headers={"Authorization": "Token gone"}).status_code == 401


def test_a_name_is_shown_as_it_was_typed(proved, mona, as_mona):
    name = "<script>alert(1)</script>{{ 7 }}"
    page = proved.post("/accounts/tokens/", NEW | {"name": name}).content.decode()
    page += as_mona.get("/admin/progress/apitoken/").content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}") >= 3


def test_tokens_by_password_end_and_do_not_pile_up(alice):
    body = {"username": "alice", "password": PASSWORD["alice"]}
    keys = [call("none", ASK, "POST", body).json()["token"] for _ in range(MOST_BY_PASSWORD + 2)]
    assert [works(key) for key in keys] == [False, False, *[True] * MOST_BY_PASSWORD]
    ends = ApiToken.objects.first().expires_at
    assert timedelta(days=89) < ends - timezone.now() < timedelta(days=91)


# What they stood on changes


def change_password(alice: User) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD["alice"]})
    change = {
        "oldpassword": PASSWORD["alice"],
        "password1": "another long sentence",
        "password2": "another long sentence",
    }
    client.post("/accounts/password/change/", change)


def reset_password(alice: User) -> None:
    Client().post("/accounts/password/reset/", {"email": "alice@example.org"})
    choose(re.search(r"/accounts/password/reset/key/\S+", mail.outbox[-1].body)[0])


def password_by_administrator(alice: User) -> None:
    alice.set_password("another long sentence")
    alice.save()


def no_password_any_more(alice: User) -> None:
    alice.set_unusable_password()
    alice.save()


def closed(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    alice.refresh_from_db()
    alice.save()
    User.objects.filter(pk=alice.pk).update(is_active=True)


def second_step(alice: User) -> None:
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})


def no_second_step(alice: User) -> None:
    Authenticator.objects.filter(user=alice).delete()


CHANGES = [
    change_password,
    reset_password,
    password_by_administrator,
    no_password_any_more,
    closed,
    second_step,
    no_second_step,
]


@pytest.mark.parametrize("change", CHANGES)
def test_tokens_go_with_what_they_stood_on(alice, bob, change, caplog):
    if change is no_second_step:
        second_step(alice)
    key, bobs = make_token(alice), make_token(bob)
    with caplog.at_level(logging.INFO, "mlprep.security"):
        change(alice)
    assert not works(key)
    assert works(bobs)
    assert f"API tokens revoked user={alice.pk} count=1" in caplog.text


def test_a_closed_account_is_not_served_however_it_was_closed(alice):
    key = make_token(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert call(key).status_code == 401
    assert ApiToken.objects.exists()


def test_what_changes_nothing_about_signing_in_leaves_tokens_alone(alice, settings):
    key = make_token(alice)
    alice.time_factor = 1.5
    alice.save()
    # The next sign-in hashes the same password anew.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    before = alice.password
    Client().post("/accounts/login/", {"login": "alice", "password": PASSWORD["alice"]})
    alice.refresh_from_db()
    assert alice.password != before
    assert works(key)


def test_the_page_says_when_tokens_go(as_alice):
    assert "when your password is changed, reset or taken away" in as_alice.get("/accounts/tokens/").content.decode()


def test_the_last_use_is_kept_to_the_hour(alice, django_assert_num_queries):
    key = make_token(alice)
    call(key)
    first = ApiToken.objects.get().last_used_at
    assert timezone.now() - first < timedelta(minutes=1)
    call(key)
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(hours=1, minutes=1))
    call(key)
    assert ApiToken.objects.get().last_used_at > first


def test_where_nothing_can_be_written_tokens_still_read(alice, monkeypatch):
    key = make_token(alice)

    def full(*args, **kwargs):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr("django.db.models.query.QuerySet.update", full)
    assert works(key)


# From the release before


def test_tokens_of_before_go_on_and_are_not_kept_in_clear(alice, bob):
    Token.objects.create(user=alice, key="a" * 40)
    Token.objects.create(user=bob, key="b" * 40)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    import_module("progress.migrations.0015_api_tokens").carry_over(apps, None)
    User.objects.update(is_active=True)
    assert works("a" * 40)
    assert not works("b" * 40)
    tidy_up.call()
    assert not Token.objects.exists()
    assert works("a" * 40)


def test_the_schema_names_tokens(client, db):
    from yaml import safe_load

    schemes = safe_load(client.get("/api/schema/").content)["components"]["securitySchemes"]
    assert schemes["tokenAuth"]["name"] == "Authorization"
    assert "read" in schemes["tokenAuth"]["description"]
