"""The focus timer through its pages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from progress.focus.services import (
    TimerRunning,
    minutes_by_day,
    minutes_on,
    pause_timer,
    resume_timer,
    running_timer,
    start_timer,
    stop_timer,
)
from progress.models import FocusSession
from tests.factories import make_concept, make_focus, make_topic

URL = "/notes/focus/"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def after(minutes):
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def concept(db):
    return make_concept("DL-021", name="Softmax")


def test_a_timer_is_started_paused_and_stopped_by_plain_forms(as_alice, alice, concept):
    assert as_alice.post(f"{URL}start/", {"subject": "DL-021", "length": "50"}).url == URL
    session = FocusSession.objects.of(alice).get()
    assert (session.concept, session.planned_minutes) == (concept, 50)
    assert 'data-focus="3000"' in as_alice.get(URL).content.decode()
    as_alice.post(f"{URL}{session.pk}/", {"action": "pause"})
    page = as_alice.get(URL).content.decode()
    assert "Paused" in page
    assert "data-focus" not in page
    as_alice.post(f"{URL}{session.pk}/", {"action": "resume"})
    assert as_alice.post(f"{URL}{session.pk}/", {"action": "stop"}).url == "/notes/concepts/DL-021/"
    session.refresh_from_db()
    assert session.ended_at is not None
    assert session.seconds < 60


@pytest.mark.parametrize(
    ("sent", "minutes"),
    [({"length": "25"}, 25), ({"minutes": "10"}, 10), ({"length": "50", "minutes": "7"}, 7), ({}, 25)],
)
def test_its_length_is_one_of_the_usual_or_ones_own(sent, minutes, as_alice, concept):
    as_alice.post(f"{URL}start/", {"subject": "softmax", **sent})
    assert FocusSession.objects.get().planned_minutes == minutes


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"subject": "nothing"},
        {"subject": "\x00"},
        {"subject": "DL-021", "minutes": "0"},
        {"subject": "DL-021", "minutes": "181"},
        {"subject": "DL-021", "length": "zz"},
    ],
)
def test_a_bad_start_is_refused(bad, as_alice, concept):
    response = as_alice.post(f"{URL}start/", bad)
    assert response.status_code == 422
    assert not FocusSession.objects.exists()


def test_one_runs_at_a_time(as_alice, alice, bob, concept):
    start_timer(learner=alice, subject=concept, minutes=25, now=NOON)
    start_timer(learner=bob, subject=concept, minutes=25, now=NOON)
    with pytest.raises(TimerRunning):
        start_timer(learner=alice, subject=make_topic(), minutes=25, now=after(5))
    assert FocusSession.objects.of(alice).count() == 1
    as_alice.post(f"{URL}start/", {"subject": "DL-021"})
    response = as_alice.post(f"{URL}start/", {"subject": "DL-021"}, follow=True)
    assert "running already" in response.content.decode()


def test_a_forgotten_timer_counts_its_planned_length_and_lets_the_next_start(alice, concept):
    forgotten = start_timer(learner=alice, subject=concept, minutes=25, now=NOON)
    assert running_timer(alice, after(24)) == forgotten
    assert running_timer(alice, after(600)) is None
    assert minutes_on(alice, concept, now=after(600)) == 25
    start_timer(learner=alice, subject=concept, minutes=25, now=after(600))
    forgotten.refresh_from_db()
    assert (forgotten.seconds, forgotten.ended_at) == (1500, after(25))


def test_pauses_do_not_count(alice, concept):
    session = start_timer(learner=alice, subject=concept, minutes=25, now=NOON)
    pause_timer(session=session, now=after(5))
    pause_timer(session=session, now=after(6))
    resume_timer(session=session, now=after(60))
    resume_timer(session=session, now=after(61))
    pause_timer(session=session, now=after(65))
    session = stop_timer(session=session, now=after(300))
    assert session.seconds == 600
    assert stop_timer(session=session, now=after(400)).seconds == 600


def test_looking_writes_nothing(as_alice, alice, concept):
    start_timer(learner=alice, subject=concept, minutes=25, now=timezone.now() - timedelta(hours=3))
    page = as_alice.get(URL).content.decode()
    assert "25 minutes on Softmax are logged" in page
    assert FocusSession.objects.get().ended_at is None


def test_a_timer_can_be_taken_back(as_alice, alice, concept):
    session = start_timer(learner=alice, subject=concept, minutes=25, now=timezone.now())
    as_alice.post(f"{URL}{session.pk}/", {"action": "discard"})
    assert not FocusSession.objects.exists()


def test_minutes_are_counted_by_the_learners_own_days(alice, bob, concept):
    alice.time_zone, alice.day_begins_at = "Asia/Tokyo", 4
    alice.save()
    before_four = datetime(2026, 3, 4, 18, tzinfo=UTC)  # 03:00 on the 5th in Tokyo: still the 4th
    for begin in (before_four, before_four + timedelta(hours=2)):
        session = start_timer(learner=alice, subject=concept, minutes=25, now=begin)
        stop_timer(session=session, now=begin + timedelta(minutes=10))
    make_focus(bob, concept)
    now = before_four + timedelta(days=1)
    assert minutes_by_day(alice, date(2026, 3, 1), now=now) == {date(2026, 3, 4): 10, date(2026, 3, 5): 10}
    assert minutes_by_day(alice, date(2026, 3, 5), now=now) == {date(2026, 3, 5): 10}
    assert minutes_by_day(alice, date(2026, 3, 1), until=date(2026, 3, 4), now=now) == {date(2026, 3, 4): 10}


def test_the_pages_of_concept_topic_and_note_lead_to_the_timer(as_alice, alice, concept):
    make_topic(4, slug="attention")
    make_focus(alice, concept, 40)
    assert 'name="subject" value="DL-021"' in as_alice.get("/concepts/DL-021/").content.decode()
    assert "40 min" in as_alice.get("/concepts/DL-021/").content.decode()
    assert 'name="subject" value="attention"' in as_alice.get("/topics/attention/").content.decode()
    assert "40 minutes by the timer" in as_alice.get("/notes/concepts/DL-021/").content.decode()
    assert 'value="attention"' in as_alice.get(f"{URL}?on=attention").content.decode()
    assert as_alice.get(f"{URL}?on=%00zzz").status_code == 200


def test_somebody_elses_timer_is_not_there(as_bob, alice, concept):
    session = start_timer(learner=alice, subject=concept, minutes=25, now=timezone.now())
    assert as_bob.post(f"{URL}{session.pk}/", {"action": "stop"}).status_code == 404
    assert "Softmax</a>" not in as_bob.get(URL).content.decode()
    session.refresh_from_db()
    assert session.ended_at is None


def test_odd_and_wrong_requests(client, as_alice, alice, concept):
    session = start_timer(learner=alice, subject=concept, minutes=25, now=timezone.now())
    assert as_alice.post(f"{URL}{session.pk}/", {"action": "zzz"}).status_code == 422
    assert as_alice.get(f"{URL}{session.pk}/").status_code == 405
    assert as_alice.get(f"{URL}start/").status_code == 405
    assert as_alice.post(URL).status_code == 405
    assert as_alice.post(f"{URL}{'9' * 30}/", {"action": "stop"}).status_code == 404
    assert client.get(URL).url.startswith("/accounts/login/")
    assert client.post(f"{URL}start/").url.startswith("/accounts/login/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_needs_as_many_queries_however_much_is_logged(
    rows, as_alice, alice, concept, django_assert_num_queries
):
    for _ in range(rows):
        make_focus(alice, make_concept())
    with django_assert_num_queries(8):
        as_alice.get(URL)


def test_minutes_by_day_are_one_query(alice, concept, django_assert_num_queries):
    make_focus(alice, concept)
    make_focus(alice, concept, days_ago=2)
    with django_assert_num_queries(1):
        minutes_by_day(alice, date(2020, 1, 1), now=timezone.now())
