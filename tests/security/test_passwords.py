"""Passwords by NIST SP 800-63B-4 (2025), 3.1.1.2: long and not common; nothing about their characters, and no end."""

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from mlprep import settings as product
from progress.models import User
from tests.deployment.test_configuration import run
from tests.progress.accounts.test_second_step import SIGN_IN

LEAST = """
import json
import django
django.setup()
from django.conf import settings
print(json.dumps([settings.PASSWORD_MIN_LENGTH, settings.AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"]["min_length"]]))
"""
LENGTH = product.AUTH_PASSWORD_VALIDATORS[0]


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


@pytest.fixture
def page(browser):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("settings", "least"),
    [
        ({"HOST": "127.0.0.1"}, 8),
        ({"HOST": "127.0.0.1", "SITE_URL": "http://localhost:8000"}, 8),
        ({"SITE_URL": "https://prep.example.org"}, 15),
        ({"HOST": "0.0.0.0"}, 15),  # noqa: S104 (as others do it)
        ({"SITE_URL": "https://prep.example.org", "PASSWORD_MIN_LENGTH": "10"}, 10),
    ],
    ids=str,
)
def test_where_others_can_reach_the_site_a_password_alone_has_fifteen_characters(settings, least, tmp_path):
    assert run(LEAST, tmp_path, **settings) == [least, least]


def test_fewer_than_eight_characters_cannot_be_set(tmp_path):
    with pytest.raises(AssertionError, match="PASSWORD_MIN_LENGTH is '6'; set a whole number from 8 to 64"):
        run(LEAST, tmp_path, PASSWORD_MIN_LENGTH="6")


@pytest.mark.same_anywhere
def test_every_form_asks_for_the_length_that_is_set_and_who_is_in_stays_in(client, as_alice, alice, settings):
    settings.AUTH_PASSWORD_VALIDATORS = [{**LENGTH, "OPTIONS": {"min_length": 30}}]
    page = client.post("/accounts/signup/", {"username": "newcomer", "password1": "twenty-one characters"})
    assert "at least 30 characters" in page.content.decode()
    assert not User.objects.filter(username="newcomer").exists()
    old = SIGN_IN["password"]
    as_alice.post("/accounts/reauthenticate/", {"password": old})
    new = {"oldpassword": old, "password1": "twenty-one characters", "password2": "twenty-one characters"}
    assert "at least 30 characters" in as_alice.post("/accounts/password/change/", new).content.decode()
    assert Client().post("/accounts/login/", SIGN_IN).status_code == 302


@pytest.mark.same_anywhere
def test_each_character_of_any_script_counts_as_one():
    with pytest.raises(ValidationError):
        validate_password("🐦🐧🦉🦅🦆🐓🦃")
    validate_password("🐦🐧🦉🦅🦆🐓🦃🦤")


@pytest.mark.same_anywhere
def test_a_password_can_be_looked_at_and_pasted_and_is_sent_as_one(live_server, page, db):
    User.objects.create_user("alice", "", "alice's long password")
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Login").fill("alice")
    field = page.get_by_label("Password", exact=True)
    assert field.get_attribute("type") == "password"
    field.focus()
    page.evaluate('navigator.clipboard.writeText("alice\'s long password")')
    page.keyboard.press("Control+V")
    page.get_by_role("button", name="Show password").click()
    assert field.get_attribute("type") == "text"
    assert field.input_value() == "alice's long password"
    page.get_by_role("button", name="Show password").click()
    assert field.get_attribute("type") == "password"
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{live_server.url}/")


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
