"""The plan in a calendar program, by its secret address."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from progress.models import StudyPlan
from progress.plans.calendar_address import new_key
from progress.reading.services import mark_read
from tests.factories import make_plan_task, make_topic


@pytest.fixture
def plan(alice) -> StudyPlan:
    make_plan_task(alice, title="Attention, masks; and more", kind="read")
    make_plan_task(alice, title="Softmax → stable", kind="exercise")
    make_plan_task(alice, days=1, title="Next day")
    alice.interview_date = alice.day_of(timezone.now()) + timedelta(days=5)
    alice.save()
    return StudyPlan.objects.get()


def test_a_calendar_program_reads_the_plan_without_a_session(plan, alice):
    answer = Client().get("/plan.ics", {"key": new_key(plan=plan)})
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    calendar = Calendar.from_ical(answer.content)
    events = calendar.walk("VEVENT")
    assert not any(event.errors for event in events)
    today = alice.day_of(timezone.now())
    assert [event["DTSTART"].dt for event in events] == [today, today + timedelta(days=1), today + timedelta(days=5)]
    assert str(events[0]["SUMMARY"]) == "mlprep: 20 min, Read: Attention, masks; and more and 1 more"
    assert "Exercise: Softmax → stable (10 min)" in str(events[0]["DESCRIPTION"])
    assert str(events[0]["URL"]).startswith(f"{settings.SITE_URL}/plan/?view=list#day-")
    assert str(events[2]["SUMMARY"]) == "Interview"
    assert len({str(event["UID"]) for event in events}) == 3


def test_an_event_keeps_its_name_when_the_plan_is_laid_anew(plan, as_alice, alice):
    key = new_key(plan=plan)
    before = Calendar.from_ical(Client().get("/plan.ics", {"key": key}).content).walk("VEVENT")[0]
    plan.laid_at += timedelta(hours=1)
    plan.save()
    after = Calendar.from_ical(Client().get("/plan.ics", {"key": key}).content).walk("VEVENT")[0]
    assert before["UID"] == after["UID"]
    assert before["DTSTAMP"].dt < after["DTSTAMP"].dt


@pytest.mark.parametrize("key", ["", "wrong", "\x00", "é" * 50, "x" * 5_000])
def test_any_other_key_finds_nothing(plan, key):
    new_key(plan=plan)
    assert Client().get("/plan.ics", {"key": key}).status_code == 404
    assert Client().get("/plan.ics").status_code == 404


def test_without_an_address_there_is_no_calendar(plan):
    assert plan.calendar_digest is None
    assert Client().get("/plan.ics?key=None").status_code == 404


def test_the_address_is_shown_once_made_anew_and_taken_back(plan, as_alice):
    def address(page: str) -> str:
        return re.search(r"/plan\.ics\?key=[\w-]+", page)[0]

    first = address(as_alice.post("/plan/calendar/", {"action": "new"}).content.decode())
    assert Client().get(first).status_code == 200
    page = as_alice.get("/plan/").content.decode()
    assert "/plan.ics?key=" not in page
    assert "Make a new address" in page
    second = address(as_alice.post("/plan/calendar/", {"action": "new"}).content.decode())
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    as_alice.post("/plan/calendar/", {"action": "revoke"})
    assert Client().get(second).status_code == 404


def test_the_key_is_not_stored(plan):
    key = new_key(plan=plan)
    assert key not in str(StudyPlan.objects.values().get())


def test_the_address_of_someone_who_was_locked_out_finds_nothing(plan, alice):
    key = new_key(plan=plan)
    alice.is_active = False
    alice.save()
    assert Client().get("/plan.ics", {"key": key}).status_code == 404


@pytest.mark.parametrize(("hour", "kept"), [("7", 7), ("", None), ("25", None), ("\x00", None)])
def test_alarms_are_the_learners_choice(plan, as_alice, hour, kept):
    as_alice.post("/plan/calendar/", {"action": "alarm", "hour": hour})
    plan.refresh_from_db()
    assert plan.alarm_hour == kept
    events = Calendar.from_ical(Client().get("/plan.ics", {"key": new_key(plan=plan)}).content).walk("VEVENT")
    assert len(events[0].walk("VALARM")) == (kept is not None)


def test_the_calendar_is_only_read(plan):
    assert Client().post("/plan.ics", {"key": new_key(plan=plan)}).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_the_calendar_needs_11_queries_however_long(rows, alice, django_assert_num_queries):
    for days in range(rows):
        make_plan_task(alice, days=days)
    key = new_key(plan=StudyPlan.objects.get())
    with django_assert_num_queries(11):
        Client().get("/plan.ics", {"key": key})


def test_the_calendar_ticks_what_was_done_by_doing_it(plan, alice):
    topic = make_topic(slug="read-topic")
    make_plan_task(
        alice, title="Read topic", kind="read", key="read:read-topic", topic="read-topic", pieces=["overview"]
    )
    mark_read(learner=alice, topic=topic, part="overview", read=True, now=timezone.now())
    event = Calendar.from_ical(Client().get("/plan.ics", {"key": new_key(plan=plan)}).content).walk("VEVENT")[0]
    assert "✓ Read: Read topic (10 min)" in str(event["DESCRIPTION"])
    assert "– Exercise: Softmax → stable (10 min)" in str(event["DESCRIPTION"])


def test_a_calendar_that_is_read_too_often_is_told_to_wait(plan, settings):
    settings.LIMITS = {**settings.LIMITS, "calendar": "2/h"}
    key = new_key(plan=plan)
    statuses = [Client().get("/plan.ics", {"key": key}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
