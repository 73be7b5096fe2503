"""The focus timer over the API."""

import pytest

from tests.factories import make_focus, make_topic

URL = "/api/v1/focus/"


@pytest.fixture
def topic(db):
    return make_topic(4, slug="attention", title="Attention")


def send(client, method, path="", body=None):
    return getattr(client, method)(f"{URL}{path}", body or {}, content_type="application/json")


def test_a_timer_is_started_paused_taken_up_and_stopped(as_alice, topic):
    made = send(as_alice, "post", body={"subject": "attention", "minutes": 50})
    assert made.status_code == 201
    body = made.json()
    assert (body["topic"], body["concept"], body["planned_minutes"], body["running"]) == ("attention", None, 50, True)
    one = f"{body['id']}/"
    assert send(as_alice, "patch", one, {"action": "pause"}).json()["paused_at"]
    assert send(as_alice, "patch", one, {"action": "resume"}).json()["paused_at"] is None
    assert send(as_alice, "patch", one, {"action": "stop"}).json()["running"] is False
    assert as_alice.get(URL).json()["results"][0]["id"] == body["id"]
    assert as_alice.delete(f"{URL}{one}").status_code == 204
    assert as_alice.get(URL).json()["count"] == 0


def test_a_second_timer_is_refused(as_alice, topic):
    send(as_alice, "post", body={"subject": "attention"})
    again = send(as_alice, "post", body={"subject": "attention"})
    assert (again.status_code, again.json()["detail"]) == (409, "A timer runs already; stop it first.")


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "subject"), ({"subject": "nothing"}, "subject"), ({"subject": "attention", "minutes": 0}, "minutes")],
)
def test_a_bad_start_is_refused_and_says_where(as_alice, topic, body, field):
    refused = send(as_alice, "post", body=body)
    assert refused.status_code == 400
    assert field in refused.json()


def test_an_action_that_there_is_not_is_refused(as_alice, alice, topic):
    session = make_focus(alice, topic, 10)
    assert send(as_alice, "patch", f"{session.pk}/", {"action": "fly"}).status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_needs_5_queries_however_long(rows, as_alice, alice, topic, django_assert_num_queries):
    for days in range(rows):
        make_focus(alice, topic, 10, days_ago=days)
    with django_assert_num_queries(5):
        as_alice.get(URL)
