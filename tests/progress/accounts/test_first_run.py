"""A new installation that others can reach lets only whoever runs it make the administrator."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from progress.accounts.first_run import first_run_code
from progress.accounts.middleware import FirstRunMiddleware
from progress.models import User

PAGE = "/accounts/first-run/"
ADMINISTRATOR = {"username": "ada", "password": "correct horse battery"}


@pytest.fixture
def new_public_installation(db, monkeypatch, settings):
    settings.OPEN_TO_OTHERS, settings.SITE_URL = True, "https://prep.example.org"
    monkeypatch.setattr(FirstRunMiddleware, "has_user", False)


@pytest.fixture
def said(monkeypatch, capsys) -> str:
    """What set_up says at its end; the library is another test's."""
    monkeypatch.setattr("mlprep.management.commands.set_up.STEPS", [])
    call_command("set_up")
    return capsys.readouterr().out


def test_set_up_prints_address_and_code_and_they_let_one_in_once(client, new_public_installation, said):
    page, code = re.search(r"at (\S+) with the code ([a-z2-7-]{19})$", said, re.MULTILINE).groups()
    assert page == f"https://prep.example.org{PAGE}"
    assert "First-run code" in client.get("/", follow=True).content.decode()
    assert client.post(PAGE, {**ADMINISTRATOR, "code": code}).url == "/"
    assert User.objects.get().is_superuser
    assert client.get("/admin/").status_code == 200
    second = Client().post(PAGE, {**ADMINISTRATOR, "username": "eve", "code": code})
    assert second.status_code == 404
    assert User.objects.count() == 1


@pytest.mark.parametrize("code", ["", "abcd-efgh-ijkl-mnop", "ä" * 16, "\x00", "a" * 5000])
def test_without_the_code_or_with_another_nobody_becomes_administrator(client, new_public_installation, code):
    answer = client.post(PAGE, {**ADMINISTRATOR, "code": code})
    assert answer.status_code == 422
    assert not User.objects.exists()
    assert client.post(PAGE, ADMINISTRATOR).status_code == 422


def test_the_code_is_known_again_however_it_is_typed(client, new_public_installation):
    typed = f" {first_run_code().upper().replace('-', ' ')} "
    assert client.post(PAGE, {**ADMINISTRATOR, "code": typed}).status_code == 302


def test_an_address_has_so_many_attempts_and_another_one_has_its_own(client, new_public_installation, settings):
    settings.LIMITS = settings.LIMITS | {"first_run": "3/10m"}
    right = {**ADMINISTRATOR, "code": first_run_code()}
    for _ in range(3):
        assert client.post(PAGE, {**ADMINISTRATOR, "code": "wrong"}).status_code == 422
    refused = client.post(PAGE, right)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 600
    assert Client(REMOTE_ADDR="192.0.2.7").post(PAGE, right).status_code == 302


def test_a_wrong_code_is_in_the_log_without_being_told(client, new_public_installation, caplog):
    with caplog.at_level("INFO"):
        client.post(PAGE, {**ADMINISTRATOR, "code": "my-own-password"})
    assert "first-run code refused" in caplog.text
    assert "my-own-password" not in caplog.text


def test_every_process_has_the_same_code_and_another_key_or_database_has_another(new_public_installation, settings):
    code = first_run_code()
    assert code == first_run_code()
    settings.SECRET_KEY = "another key " * 5
    of_another_key = first_run_code()
    first = MigrationRecorder.Migration.objects.order_by("pk").first()
    first.applied += timedelta(microseconds=1)
    first.save()
    assert len({code, of_another_key, first_run_code()}) == 3


def test_where_nobody_else_can_be_first_no_code_is_asked_for(client, db, monkeypatch):
    monkeypatch.setattr(FirstRunMiddleware, "has_user", False)
    assert "code" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, ADMINISTRATOR).url == "/"


def test_with_a_user_set_up_tells_no_code(alice, new_public_installation, said):
    assert "Ready for https://prep.example.org" in said
    assert first_run_code() not in said
