"""The plan over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from progress.models import StudyPlan
from tests.factories import make_plan_task

MINUTES = [60] * 7


def post(client, path, body):
    return client.post(f"/api/v1/plan/{path}", body, content_type="application/json")


def test_a_plan_is_made_and_read(as_alice, alice, small_course):
    date = f"{alice.day_of(timezone.now()) + timedelta(days=18)}"
    made = post(as_alice, "", {"minutes": MINUTES, "interview_date": date})
    assert made.status_code == 201
    body = as_alice.get("/api/v1/plan/").json()
    assert body == made.json()
    assert body["interview_date"] == date
    assert body["tasks"][0]["key"] == "read:topic-1"
    assert set(body["tasks"][0]) == {"id", "day", "kind", "key", "title", "minutes", "url", "done"}
    assert post(as_alice, "", {"minutes": MINUTES, "focus": "theory"}).status_code == 200
    assert StudyPlan.objects.count() == 1


def test_today_has_what_is_asked_for_and_what_stayed_open(as_alice, alice):
    task = make_plan_task(alice, minutes=20)
    missed = make_plan_task(alice, days=-1)
    body = as_alice.get("/api/v1/plan/today/").json()
    assert (body["minutes"], body["minutes_left"]) == (20, 20)
    assert [row["id"] for row in body["tasks"]] == [task.pk]
    assert [row["id"] for row in body["missed"]] == [missed.pk]


def test_a_task_is_ticked_and_the_tick_taken_back(as_alice, alice):
    task = make_plan_task(alice)
    assert post(as_alice, f"tasks/{task.pk}/done/", {}).json()["done"] is True
    assert post(as_alice, f"tasks/{task.pk}/done/", {"done": False}).json()["done"] is False


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": [60] * 6},
        {"minutes": [0] * 7},
        {"minutes": [-1] * 7},
        {"minutes": "many"},
        {"kind": "lazy"},
        {"role": "king"},
        {"focus": "nothing"},
        {"interview_date": "2020-01-01"},
        {"days_off": ["Christmas"]},
        {"review_weekday": 9},
    ],
)
def test_what_makes_no_sense_is_refused(as_alice, change):
    answer = post(as_alice, "", {"minutes": MINUTES, **change})
    assert answer.status_code == 400
    assert list(answer.json()) == list(change)
    assert not StudyPlan.objects.exists()


def test_without_a_plan_there_is_none(as_alice):
    assert as_alice.get("/api/v1/plan/").status_code == 404
    assert as_alice.get("/api/v1/plan/today/").status_code == 404


def test_another_learners_task_is_not_there(as_bob, alice):
    task = make_plan_task(alice)
    assert post(as_bob, f"tasks/{task.pk}/done/", {}).status_code == 404


@pytest.mark.parametrize("path", ["", "today/", "tasks/1/done/"])
def test_a_visitor_is_refused(client, db, path):
    assert client.get(f"/api/v1/plan/{path}").status_code in {401, 403}


def test_other_methods_are_refused(as_alice, alice):
    task = make_plan_task(alice)
    assert as_alice.get(f"/api/v1/plan/tasks/{task.pk}/done/").status_code == 405
    assert as_alice.delete("/api/v1/plan/").status_code == 405
    assert as_alice.post("/api/v1/plan/today/").status_code == 405
