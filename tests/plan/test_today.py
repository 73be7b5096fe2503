"""The first page by the plan."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mlprep.activity import activity_of
from quizzes.models import Attempt
from tests.factories import make_attempt, make_card, make_concept, make_evidence, make_plan_task


def test_today_has_the_days_tasks_with_their_minutes_and_the_first_to_start_with(as_alice, alice, small_course):
    make_plan_task(
        alice, key="read:topic-1", kind="read", title="Topic 1", topic="topic-1", pieces=["overview"], minutes=12
    )
    make_plan_task(alice, key="quiz:topic-1", kind="quiz", title="Topic 1", topic="topic-1", minutes=10)
    make_plan_task(alice, days=1, title="Tomorrow's")
    page = as_alice.get("/").content.decode()
    assert "About 22 minutes today." in page
    assert "0 of 2 done" in page
    assert 'href="/topics/topic-1/#overview"' in page
    assert 'href="/quizzes/?concept=C-001"' in page
    assert page.count("btn primary") == 1
    assert "Start: read Topic 1" in page
    assert "Tomorrow&#x27;s" not in page


def test_what_is_done_is_ticked_and_the_next_thing_comes_first(as_alice, alice):
    done = make_plan_task(alice, key="cards:1", kind="cards", title="Cards")
    make_plan_task(alice, key="weekly:1", kind="weekly", title="Weekly review", minutes=15)
    page = as_alice.get("/").content.decode()
    assert f'id="task-{done.pk}" class="task done"' in page
    assert "1 of 2 done, 15 min left" in page


def test_a_day_that_is_done_says_so_and_what_comes_next(as_alice, alice):
    make_plan_task(alice, done_at=timezone.now())
    make_plan_task(alice, days=2, minutes=25)
    page = as_alice.get("/").content.decode()
    assert "All done for today." in page
    assert "1 task, 25 minutes" in page


def test_a_running_quiz_is_the_one_thing_to_go_on_with(as_alice, alice, small_course):
    make_plan_task(alice, key="read:topic-1", kind="read", topic="topic-1", pieces=["overview"])
    make_attempt(alice)
    assert Attempt.objects.exists()
    page = as_alice.get("/").content.decode()
    assert page.count("btn primary") == 1
    assert "Resume the quiz" in page


def test_open_tasks_of_earlier_days_are_named_without_reproach(as_alice, alice):
    make_plan_task(alice, days=-1)
    make_plan_task(alice, days=-1, kind="cards", key="cards:0")
    page = as_alice.get("/").content.decode()
    assert "1 task of earlier days is still open" in page


@pytest.mark.parametrize(
    ("days", "shown"), [(18, "days until the interview"), (0, "The interview is today."), (-3, "")]
)
def test_the_countdown_runs_to_the_interview(as_alice, alice, days, shown):
    alice.interview_date = alice.day_of(timezone.now()) + timedelta(days=days)
    alice.save()
    page = as_alice.get("/").content.decode()
    assert (shown in page) if shown else ("until the interview" not in page)
    if days == 18:
        assert '<b class="num">18</b>' in page


def test_without_a_plan_the_page_invites_to_make_one(as_alice):
    make_concept()
    page = as_alice.get("/").content.decode()
    assert "0 of 1 concepts mastered" in page
    assert "Make a plan" in page


def test_a_visitor_sees_what_the_app_is_with_concepts_to_read(client, small_course):
    page = client.get("/").content.decode()
    assert "Concept 1" in page
    assert "2 topics" in page


def test_the_heatmap_counts_by_the_learners_own_days(alice):
    alice.time_zone = "Pacific/Auckland"
    alice.save()
    today = alice.day_of(timezone.now())
    concept = make_concept()
    for days_ago in (0, 0, 1, 200):
        make_evidence(alice, concept, days_ago=days_ago)
    activity = activity_of(alice, today)
    assert activity.answers == 3
    assert [cell.value for cell in activity.cells[-2:]] == [1, 2]
    assert len(activity.cells) == 25 * 7 + today.weekday() + 1
    assert sum(count for _, count in activity.weeks) == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_today_with_a_plan_needs_28_queries_however_long(rows, alice, small_course, django_assert_num_queries):
    for number in range(rows):
        make_plan_task(alice, key=f"quiz:t{number}", kind="quiz", topic=f"topic-{number}")
        make_plan_task(alice, days=1, key=f"read:t{number}", kind="read", topic=f"topic-{number}", pieces=["overview"])
        make_evidence(alice, make_concept())
        make_card()
    client = Client()
    client.force_login(alice)
    with django_assert_num_queries(28):
        client.get("/")


@pytest.mark.parametrize("rows", [1, 3])
def test_today_without_a_plan_needs_21_queries_however_long(rows, alice, django_assert_num_queries):
    for _ in range(rows):
        make_evidence(alice, make_concept())
        make_card()
    client = Client()
    client.force_login(alice)
    with django_assert_num_queries(21):
        client.get("/")
