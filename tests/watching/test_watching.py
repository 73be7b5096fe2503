"""What whoever runs an installation sees: request ids, metrics, readiness."""

import json
import logging
import re

import pytest
from django.db import DatabaseError

from mlprep import health
from mlprep.watching.requests import RequestIdFilter
from tests.factories import make_concept

BEARER = "for whoever watches"


def test_every_response_has_an_id_of_its_own(client, db):
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


def test_only_a_trusted_proxy_gives_the_id(client, db, settings):
    given = {"X-Request-ID": "from-the-proxy-1"}
    assert client.get("/healthz", headers=given).headers["X-Request-ID"] != "from-the-proxy-1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/healthz", headers=given).headers["X-Request-ID"] == "from-the-proxy-1"
    for forged in ("x" * 65, "a b", "line\nbreak", "short"):
        assert client.get("/healthz", headers={"X-Request-ID": forged}).headers["X-Request-ID"] != forged


def test_a_line_of_the_log_has_id_and_route_and_nothing_that_was_asked_for(as_alice, caplog):
    make_concept("CODE-001")
    logging.getLogger("mlprep.requests").addFilter(only := RequestIdFilter())
    try:
        with caplog.at_level(logging.INFO, logger="mlprep.requests"):
            answer = as_alice.get("/concepts/", {"search": "my-private-words"})
            as_alice.get("/concepts/CODE-001/")
    finally:
        logging.getLogger("mlprep.requests").removeFilter(only)
    first, second = caplog.records
    assert first.request_id == answer.headers["X-Request-ID"]
    assert (first.method, first.route, first.status) == ("GET", "concepts/", 200)
    assert second.route == "concepts/<code:code>/" or re.fullmatch(r"concepts/<\w+:code>/", second.route)
    said = json.dumps([record.__dict__ for record in caplog.records], default=str)
    assert "my-private-words" not in said
    assert "alice" not in said


def test_metrics_are_for_whoever_has_the_token(client, db, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = BEARER
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    client.get("/healthz")
    figures = client.get("/metrics", headers={"Authorization": f"Bearer {BEARER}"}).content.decode()
    assert 'mlprep_requests_total{method="GET",route="healthz",status="200"}' in figures
    assert 'mlprep_request_seconds_bucket{le="0.5",route="healthz"}' in figures


def test_a_server_without_its_database_is_alive_but_not_ready(client, db, monkeypatch):
    def refuse():
        raise DatabaseError

    with monkeypatch.context() as gone:
        gone.setattr(health.connection, "cursor", refuse)
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("address", ["/", "/concepts/", "/api/v1/concepts/", "/healthz"])
def test_every_answer_is_kept_from_other_sites(client, db, address):
    headers = client.get(address).headers
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
