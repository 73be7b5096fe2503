"""A setting that cannot be meant is refused at the start, by name, with its value and what is allowed."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from mlprep.checked_environment import CheckedEnvironment
from mlprep.environment import SettingsRefused

pytestmark = pytest.mark.same_anywhere

WRONG = {
    "REGISTRATION": ("perhaps", "open, invite or closed"),
    "MODERATE_FIRST_COMMENT": ("ja", "on or off"),
    "WORKER": ("never", "on or off"),
    "DEBUG": ("maybe", "on or off"),
    "HSTS_SUBDOMAINS": ("2", "on or off"),
    "ALLOW_HTTP": ("please", "on or off"),
    "LOG_FORMAT": ("xml", "line or json"),
    "LOG_LEVEL": ("LOUD", "DEBUG, INFO, WARNING, ERROR or CRITICAL"),
    "SQLITE_JOURNAL_MODE": ("WAL; DROP TABLE x", "WAL or DELETE"),
    "DATABASE_WAIT": ("20s", "a whole number from 1 to 600"),
    "DATABASE_REPLICA_SECONDS": ("-1", "a whole number from 1"),
    "TRUSTED_PROXY_COUNT": ("yes", "a whole number from 0 to 10"),
    "WEB_CONCURRENCY": ("0", "a whole number from 1"),
    "THREADS": ("eight", "a whole number from 1"),
    "PORT": ("80000", "a whole number from 0 to 65535"),
    "TIME_ZONE": ("Middle Earth", "Europe/Berlin"),
    "LIMITS": ("comments=5/10m/ip", "comments=5/10m"),
    "OIDC_SERVER_URL": ("accounts.example.org", "with https"),
    "DEFAULT_FROM_EMAIL": ("nobody", "prep@example.org"),
}
SECRET = {
    "DATABASE_URL": ("mysql://me:hush@db/mlprep", "postgres://user:password@host/name"),
    "DATABASE_REPLICA_URL": ("postgres://me:hush@db:port/mlprep", "postgres://user:password@host/name"),
    "CACHE_URL": ("memcached://me:hush@cache", "redis://host:6379/0"),
    "EMAIL_URL": ("smtp+tls:me:hush@mail", "smtp+tls://user:password@host:587"),
}


def set_up(tmp_path, **given: str) -> subprocess.CompletedProcess:
    dropped = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "CACHE_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return subprocess.run(
        [sys.executable, "manage.py", "set_up"],
        cwd=settings.BASE_DIR,
        env={**kept, "DATA_DIR": str(tmp_path), **given},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def refusal(tmp_path_factory) -> str:
    """What `make run` says to all of them at once."""
    folder = tmp_path_factory.mktemp("data")
    ran = set_up(folder, **{name: value for name, (value, _) in (WRONG | SECRET).items()})
    assert ran.returncode == 1
    assert not (folder / "mlprep.sqlite3").exists()
    return ran.stderr


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named_with_its_value_and_what_is_allowed(name, refusal):
    value, allowed = WRONG[name]
    (line,) = [line for line in refusal.splitlines() if line.startswith(f"{name} ")]
    assert repr(value) in line
    assert allowed in line


@pytest.mark.parametrize("name", SECRET)
def test_of_what_holds_a_password_the_value_is_not_told(name, refusal):
    (line,) = [line for line in refusal.splitlines() if line.startswith(f"{name} ")]
    assert SECRET[name][1] in line
    assert "hush" not in refusal


def test_whoever_starts_it_sees_sentences_and_no_trace(refusal):
    assert refusal.startswith("mlprep does not start with these settings:\n")
    assert "Traceback" not in refusal


def test_a_folder_that_cannot_be_written_is_told_so(tmp_path):
    (tmp_path / "file").write_text("")
    ran = set_up(tmp_path / "file" / "data")
    assert ran.returncode == 1
    assert "DATA_DIR is " in ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_empty_file_of_the_key_is_told_by_its_name(tmp_path):
    """As a power cut may leave it; a new key is nothing to make unasked, where data were encrypted by the old one."""
    (tmp_path / "secret_key").touch()
    ran = set_up(tmp_path)
    assert ran.returncode == 1
    assert f"{tmp_path / 'secret_key'} is empty" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_provider_needs_its_name_for_this_installation(tmp_path):
    ran = set_up(tmp_path, OIDC_SERVER_URL="https://accounts.example.org")
    assert "OIDC_CLIENT_ID is empty" in ran.stderr


@pytest.mark.parametrize(("given", "meant"), [("on", True), ("Yes", True), ("1", True), ("no", False), ("OFF", False)])
def test_on_and_off_have_several_words(given, meant, monkeypatch):
    monkeypatch.setenv("WORKER", given)
    assert CheckedEnvironment().switch("WORKER", default=not meant) == meant


def test_an_empty_setting_is_its_default(monkeypatch):
    env = CheckedEnvironment()
    for name in ("WORKER", "REGISTRATION", "PORT", "TIME_ZONE", "DATABASE_URL", "EMAIL_URL"):
        monkeypatch.setenv(name, "")
    assert env.switch("WORKER", default=True)
    assert env.choice("REGISTRATION", ["open", "closed"], "open") == "open"
    assert env.number("PORT", 8000, least=1, most=65535) == 8000
    assert env.time_zone("TIME_ZONE", "UTC") == "UTC"
    assert env.database("DATABASE_URL", {"NAME": "x"}) == {"NAME": "x"}
    assert "console" in env.mail("EMAIL_URL")["EMAIL_BACKEND"]
    env.refuse()


def test_all_that_is_wrong_is_told_at_once(monkeypatch):
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("TIME_ZONE", "y")
    env = CheckedEnvironment()
    env.number("PORT", 8000, least=1, most=65535)
    env.time_zone("TIME_ZONE", "UTC")
    with pytest.raises(SettingsRefused, match="PORT is 'x'(.|\n)*TIME_ZONE is 'y'"):
        env.refuse()
