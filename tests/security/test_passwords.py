"""Passwords by NIST SP 800-63B: long enough and not common; nothing about their characters, and no end to them."""

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from mlprep import settings as product
from progress.models import User


def test_passwords_are_kept_by_argon2_with_at_least_owasps_work():
    assert product.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    hasher = Argon2PasswordHasher()
    # OWASP's password storage cheat sheet: at least 19 MiB and two passes.
    assert hasher.memory_cost >= 19_456
    assert hasher.time_cost >= 2
    assert hasher.encode("some long words", "a salt of its own").startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    "password",
    ["seven77", "password", "12345678", "qwertyuiop", "iloveyou1", "mlprep2026!", "Machine-Learning-1", "alice2025"],
)
def test_what_is_short_common_or_made_of_known_words_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(username="alice", email="alice@example.org"))


@pytest.mark.parametrize(
    "password",
    ["aaaa bbbb", "eulerian", "вороны летят", "🐦🐧🦉🦅🦆🐓🦃🦤", "a machine that learns nothing", "x" * 1000],
)
def test_any_characters_and_any_length_will_do(password):
    validate_password(password, User(username="alice", email="alice@example.org"))


def test_the_list_of_common_passwords_has_more_than_asvs_asks():
    from django.contrib.auth.password_validation import CommonPasswordValidator

    assert len([word for word in CommonPasswordValidator().passwords if len(word) >= 8]) > 3000


@pytest.mark.parametrize("password", [" Wide of the Mark ", "ends in blanks  ", "p" * 200 + "q"])
def test_a_password_counts_as_it_was_typed(password, client, db):
    client.post("/accounts/signup/", {"username": "newcomer", "password1": password})
    assert User.objects.get().check_password(password)
    for other in (password.strip(), password.lower(), password[:-1]):
        if other != password:
            answer = Client().post("/accounts/login/", {"login": "newcomer", "password": other})
            assert answer.status_code != 302
    assert Client().post("/accounts/login/", {"login": "newcomer", "password": password}).status_code == 302


def test_the_first_administrator_signs_in_with_what_was_typed(client, db, monkeypatch):
    from progress.accounts.middleware import FirstRunMiddleware

    monkeypatch.setattr(FirstRunMiddleware, "has_user", False)
    client.post("/accounts/first-run/", {"username": "ada", "password": " with blanks around "})
    assert User.objects.get().check_password(" with blanks around ")


def test_changing_a_password_takes_the_one_before(as_alice, alice):
    wrong = {"oldpassword": "not hers", "password1": "quite different words", "password2": "quite different words"}
    as_alice.post("/accounts/password/change/", wrong)
    alice.refresh_from_db()
    assert alice.check_password("alice's long password")


def test_password_fields_hide_what_is_typed_and_let_managers_fill_them(client, bob):
    for path, purpose in (("/accounts/login/", "current-password"), ("/accounts/signup/", "new-password")):
        page = client.get(path).content.decode()
        assert 'type="password"' in page
        assert f'autocomplete="{purpose}"' in page
        assert "onpaste" not in page


def test_no_password_has_to_be_renewed():
    assert not [name for name in dir(settings) if "PASSWORD" in name and ("EXPIR" in name or "ROTAT" in name)]
