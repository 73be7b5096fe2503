"""What helps whoever lost a password or replaces a key, and nobody else."""

import re
from datetime import timedelta

import pytest
from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter
from django.conf import settings as django_settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client

pytestmark = pytest.mark.same_anywhere

NEW = {"password1": "quite different words", "password2": "quite different words"}


@pytest.fixture
def link(alice) -> str:
    Client().post("/accounts/password/reset/", {"email": "alice@example.org"})
    return re.search(r"/accounts/password/reset/key/\S+", mail.outbox[0].body)[0]


def choose(link: str) -> Client:
    visitor = Client()
    page = visitor.get(link)
    if page.status_code == 302:
        visitor.post(page.headers["Location"], NEW)
    return visitor


def test_a_letters_link_gives_a_new_password_once_and_lets_nobody_in(link, alice):
    visitor = choose(link)
    alice.refresh_from_db()
    assert alice.check_password(NEW["password1"])
    # Signing in, and its second step, are still to come.
    assert visitor.get("/settings/").status_code == 302
    alice.set_password("alice's long password")
    alice.save()
    choose(link)
    alice.refresh_from_db()
    assert alice.check_password("alice's long password")


def test_the_link_hides_from_the_address_before_a_page_is_shown(link):
    assert Client().get(link).headers["Location"].endswith("-set-password/")


def test_the_link_ends_after_an_hour(link, alice, monkeypatch):
    assert django_settings.PASSWORD_RESET_TIMEOUT == 3600
    now = PasswordResetTokenGenerator._now
    later = lambda self: now(self) + timedelta(minutes=61)  # noqa: E731
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", later)
    choose(link)
    alice.refresh_from_db()
    assert alice.check_password("alice's long password")


def test_a_replaced_key_still_reads_what_the_one_before_encrypted(settings):
    kept = get_adapter().encrypt("the secret of an app")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert get_adapter().decrypt(kept) == "the secret of an app"
    settings.SECRET_KEY_FALLBACKS = []
    assert get_adapter().decrypt(kept) == ""


def test_there_are_no_hints_and_no_secret_questions():
    names = {name for form in vars(account_forms).values() for name in getattr(form, "base_fields", {})}
    assert not [name for name in names if re.search("hint|question|answer", name)]
