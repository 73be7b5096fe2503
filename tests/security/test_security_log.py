"""The log tells of what concerns security when it happened and to which account, and never who that is."""

import json
import logging
import re

import pytest
from django.conf import settings
from django.test import Client

from mlprep.watching.lines import JsonLineFormatter, LineFormatter

pytestmark = pytest.mark.same_anywhere

PERSONAL = ("alice", "example.org", "long password", "not the password", "Her Own Browser")


@pytest.fixture
def told(caplog):
    def events() -> list[str]:
        assert not [word for word in PERSONAL if word in caplog.text]
        return [record.event for record in caplog.records if record.name == "mlprep.security"]

    caplog.set_level(logging.INFO)
    return events


def test_signing_in_and_out_and_failing_to_are_logged_without_a_name(client, alice, told, caplog):
    for password in ("not the password", "alice's long password"):
        form = {"login": "alice", "password": password}
        client.post("/accounts/login/", form, headers={"User-Agent": "Her Own Browser"})
    client.post("/accounts/logout/")
    assert told() == ["sign-in failed", "authenticated", "signed in", "signed out"]
    assert f"signed in user={alice.pk}" in caplog.text
    assert "method=password" in caplog.text


def test_a_change_of_the_password_is_logged(client, alice, told):
    client.post("/accounts/login/", {"login": "alice", "password": "alice's long password"})
    words = "quite different words"
    change = {"oldpassword": "alice's long password", "password1": words, "password2": words}
    client.post("/accounts/password/change/", change)
    assert "password changed" in told()


def test_a_failed_call_of_the_api_is_logged(alice, told):
    body = {"username": "alice", "password": "not the password"}
    Client().post("/api/v1/auth/token/", body, content_type="application/json")
    Client().get("/api/v1/quizzes/")
    assert told() == ["sign-in failed", "refused"]


@pytest.mark.parametrize("form", ["line", "json"])
def test_times_are_utc_and_say_so(form):
    given = {name: value for name, value in settings.LOGGING["formatters"][form].items() if name != "()"}
    given.pop("rename_fields", None)
    formatter = (LineFormatter if form == "line" else JsonLineFormatter)(fmt=given.pop("format"), **given)
    record = logging.makeLogRecord({"created": 0.25, "msecs": 250, "msg": "two\nlines", "request_id": "r"})
    line = formatter.format(record)
    assert re.search(r"1970-01-01T00:00:00\.250Z", line)
    if form == "json":
        assert json.loads(line)["message"] == "two\nlines"
        assert "\n" not in line
