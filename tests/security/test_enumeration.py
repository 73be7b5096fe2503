"""Whether somebody has an account is told by no message, no status, and no time.

User names are public (they stand beside comments), so that signing up may say that one is taken.
"""

import re

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client

from progress.models import User
from tests.progress.accounts.test_accounts import NEWCOMER


@pytest.fixture
def hashed(monkeypatch) -> list[str]:
    """What was hashed at the product's own cost; the counting stands in for the clock, which is never quiet."""
    done: list[str] = []
    encode = Argon2PasswordHasher.encode

    def counting(self, password, salt):
        done.append(password)
        return encode(self, password, salt)

    verify = Argon2PasswordHasher.verify

    def counting_verify(self, password, encoded):
        done.append(password)
        return verify(self, password, encoded)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counting)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", counting_verify)
    return done


@pytest.fixture
def anna(db, settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    return User.objects.create_user("anna", "anna@example.org", "anna's long password")


def plain(page: bytes) -> str:
    """The page without what differs by chance or repeats what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", page.decode())
    return re.sub(r"(anna|nobody)(@example\.org)?", "…", text)


def both(hashed: list[str], ask) -> tuple[tuple[int, str, int], tuple[int, str, int]]:
    """Status, page and hashes for a known and for an unknown name."""
    found = []
    for name in ("anna", "nobody"):
        cache.clear()
        hashed.clear()
        answer = ask(Client(), name)
        found.append((answer.status_code, plain(answer.content), len(hashed)))
    return found[0], found[1]


@pytest.mark.parametrize("form", ["{}", "{}@example.org"])
def test_signing_in_answers_alike_and_hashes_once_either_way(form, anna, hashed):
    def ask(client, name):
        return client.post("/accounts/login/", {"login": form.format(name), "password": "not the password"})

    known, unknown = both(hashed, ask)
    assert known == unknown
    assert known[2] == 1


def test_one_without_a_password_answers_alike_too(anna, hashed):
    anna.set_unusable_password()
    anna.save()
    known, unknown = both(hashed, lambda c, n: c.post("/accounts/login/", {"login": n, "password": "some guess"}))
    assert known == unknown


def test_asking_for_a_token_answers_alike_and_hashes_once_either_way(anna, hashed):
    known, unknown = both(
        hashed, lambda c, n: c.post("/api/v1/auth/token/", {"username": n, "password": "not the password"})
    )
    assert known == unknown
    assert known[2] == 1


def test_resetting_a_password_answers_alike_and_sends_one_letter_either_way(anna, hashed):
    def ask(client, name):
        return client.post("/accounts/password/reset/", {"email": f"{name}@example.org"})

    known, unknown = both(hashed, ask)
    assert known == unknown
    assert sorted(letter.to[0] for letter in mail.outbox) == ["anna@example.org", "nobody@example.org"]
    assert "nobody" not in mail.outbox[0].body


def test_signing_up_does_not_tell_that_an_address_has_an_account(anna, hashed):
    def ask(client, name):
        answer = client.post("/accounts/signup/", {**NEWCOMER, "username": f"x{name}", "email": f"{name}@example.org"})
        assert answer.status_code == 302
        return answer

    known, unknown = both(hashed, ask)
    assert known == unknown
    assert known[2] == 1
    anna.refresh_from_db()
    assert anna.check_password("anna's long password")


def test_a_taken_name_costs_the_work_of_a_free_one_only_where_an_account_is_made(anna, hashed):
    answer = Client().post("/accounts/signup/", {**NEWCOMER, "username": "anna"})
    assert "already exists" in answer.content.decode()
