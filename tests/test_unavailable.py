"""A database that cannot just now: told calmly, with what was typed; a fault of ours stays one."""

import logging
import sqlite3

import pytest
from django.db import OperationalError
from django.test import Client

from mlprep import unavailable
from progress.comments import views
from tests.factories import make_concept

pytestmark = pytest.mark.django_db
URL = "/comments/on/MATH-001/"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def sqlite_error(text: str, code: int) -> OperationalError:
    cause = sqlite3.OperationalError(text)
    cause.sqlite_errorcode = code
    error = OperationalError(text)
    error.__cause__ = cause
    return error


@pytest.fixture
def busy(alice, monkeypatch) -> Client:
    """Alice, where every comment finds the database locked."""
    make_concept("MATH-001")
    client = Client(raise_request_exception=False)
    client.force_login(alice)

    def locked(**_):
        raise sqlite_error("database is locked", sqlite3.SQLITE_BUSY)

    monkeypatch.setattr(views, "post_comment", locked)
    return client


def test_a_form_gets_a_page_that_sends_it_again(busy):
    answer = busy.post(URL, {"body": 'Two <b>"lines"</b>\r\nof text', "key": "a-key-of-the-page"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    page = answer.content.decode()
    assert f'action="{URL}"' in page
    assert 'name="body" value="Two &lt;b&gt;&quot;lines&quot;&lt;/b&gt;\r\nof text"' in page
    assert 'name="key" value="a-key-of-the-page"' in page
    assert answer.headers["Cache-Control"] == "no-store"


def test_htmx_is_told_above_the_page_so_that_the_form_stays(busy):
    answer = busy.post(URL, {"body": "Text"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (503, "#unavailable")
    assert "<form" not in answer.content.decode()
    assert 'id="unavailable"' in busy.get("/concepts/MATH-001/").content.decode()


def test_the_api_gets_a_code_and_a_sentence(busy, monkeypatch):
    from progress.comments import api

    monkeypatch.setattr(api, "post_comment", views.post_comment)
    answer = busy.post("/api/v1/concepts/MATH-001/comments/", {"body": "Text"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "unavailable", "5")


def test_a_password_is_never_put_into_a_page(busy, monkeypatch):
    monkeypatch.setattr("progress.accounts.views.delete_account", views.post_comment)
    password = {"password": "alice's long password"}
    busy.post("/accounts/reauthenticate/", password)
    answer = busy.post("/accounts/delete/", {"username": "alice", **password})
    assert answer.status_code == 503
    assert "alice&#x27;s long" not in answer.content.decode()
    assert "Go back to the form" in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (sqlite_error("database or disk is full", sqlite3.SQLITE_FULL), True),
        (sqlite_error("disk I/O error", sqlite3.SQLITE_IOERR | 10 << 8), True),
        (sqlite_error("no such table: x", sqlite3.SQLITE_ERROR), False),
        (OperationalError("the connection is closed"), True),
        (ValueError("a fault of ours"), False),
        (None, False),
    ],
)
def test_what_passes_and_what_is_a_fault_of_ours(error, expected):
    assert unavailable.passes(error) is expected


def test_a_fault_of_ours_is_a_500_with_its_trace_in_the_log(busy, monkeypatch, caplog):
    def broken(**_):
        raise sqlite_error("no such column: x", sqlite3.SQLITE_ERROR)

    monkeypatch.setattr(views, "post_comment", broken)
    assert busy.post(URL, {"body": "Text"}).status_code == 500
    record = caplog.records[-1]
    assert unavailable.WithoutTraces().filter(record)
    assert record.exc_info


def test_what_passes_is_one_line_of_the_log(busy, caplog):
    busy.post(URL, {"body": "Text"})
    record = caplog.records[-1]
    assert unavailable.WithoutTraces().filter(record)
    assert (record.exc_info, record.levelno) == (None, logging.WARNING)
    assert "database is locked" in record.getMessage()
