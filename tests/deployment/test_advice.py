"""What set_up tells about settings that let the app start, and may still not be what is meant."""

import pytest
from django.db import connection

from mlprep.advice import advice

pytestmark = pytest.mark.same_anywhere


@pytest.fixture(autouse=True)
def sound(settings, tmp_path):
    """A public installation about which there is nothing to tell."""
    settings.SITE_URL, settings.BIND_HOST = "https://prep.example.org", "127.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.REGISTRATION = "open"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.LIMITS_REDIS_URL = "redis://cache:6379/0"
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o700)
    return tmp_path


def test_where_all_is_well_nothing_is_told(settings):
    assert list(advice()) == []
    settings.SITE_URL, settings.ALLAUTH_TRUSTED_PROXY_COUNT = "http://127.0.0.1:8000", 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert list(advice()) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "no e-mail can be sent"),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, "TRUSTED_PROXY_COUNT is 0"),
        ({"SITE_URL": "http://192.168.1.20"}, "ALLOW_HTTP is on"),
        ({"SITE_URL": "http://127.0.0.1:8000", "BIND_HOST": "0.0.0.0"}, "but SITE_URL is http://127.0.0.1:8000"),  # noqa: S104
    ],
)
def test_what_may_not_be_meant_is_told(changed, told, settings):
    for name, value in changed.items():
        setattr(settings, name, value)
    (note,) = advice()
    assert told in note


def test_without_mail_nothing_is_told_where_nobody_signs_up_alone(settings):
    settings.EMAIL_BACKEND, settings.REGISTRATION = "django.core.mail.backends.console.EmailBackend", "invite"
    assert list(advice()) == []


def test_a_folder_that_others_may_look_into_is_told(sound):
    sound.chmod(0o750)
    (note,) = advice()
    assert f"chmod 700 {sound}" in note


def test_postgresql_without_redis_is_told(settings, monkeypatch):
    settings.LIMITS_REDIS_URL = ""
    monkeypatch.setattr(connection, "vendor", "postgresql")
    (note,) = advice()
    assert "limits are counted in PostgreSQL" in note
