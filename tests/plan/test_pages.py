"""Making a plan, looking at it, laying it anew, ticking its tasks."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mlprep.plan.composing import schedules
from progress.models import PlanTask, ReviewRequest, StudyPlan
from progress.plans.services import request_reviews
from tests.factories import make_plan_task, make_topic


def today_of(learner) -> date:
    return learner.day_of(timezone.now())


@pytest.fixture
def plan(as_alice, alice, small_course, wishes) -> StudyPlan:
    assert as_alice.post("/plan/setup/", wishes).status_code == 302
    return StudyPlan.objects.get(learner=alice)


def keys(plan: StudyPlan) -> list[str]:
    return list(plan.tasks.values_list("key", flat=True))


def test_without_a_plan_the_page_leads_to_its_making(as_alice):
    assert as_alice.get("/plan/").headers["Location"] == "/plan/setup/"
    page = as_alice.get("/plan/setup/").content.decode()
    assert "Four weeks, intensive" in page
    assert "Made for me" in page


def test_a_fixed_schedule_says_from_when_to_when_it_goes_and_what_an_earlier_interview_cuts_off(as_alice, alice):
    page = as_alice.get("/plan/setup/").content.decode()
    monday = today_of(alice) + timedelta(days=-today_of(alice).weekday() % 7)
    for weeks in (4, 6):
        last = monday + timedelta(weeks=weeks, days=-1)
        assert f"{monday:%a} {monday.day} {monday:%b} to {last:%a} {last.day} {last:%b}; an interview before" in page


def test_a_plan_is_laid_in_the_order_of_the_course(plan, alice):
    found = keys(plan)
    assert found.index("read:topic-1") < found.index("exercise:topic-1/double_1")
    assert found.index("read:topic-1") < found.index("read:topic-2")
    assert {"quiz:topic-1", "quiz:topic-2", "derive:topic-1", "aloud:topic-2"} <= set(found)
    alice.refresh_from_db()
    assert alice.interview_date == today_of(alice) + timedelta(days=18)
    assert plan.left_out == []


def test_the_plan_is_shown_as_a_calendar_and_as_a_list(as_alice, plan, alice):
    page = as_alice.get("/plan/").content.decode()
    assert "18 days to go" in page
    assert '<table class="month">' in page
    page = as_alice.get("/plan/?view=list").content.decode()
    assert f'id="day-{today_of(alice)}"' in page
    assert "Doubling 1" in page
    later = today_of(alice) + timedelta(days=18)
    assert "Interview</b>" in as_alice.get(f"/plan/?month={later:%Y-%m}").content.decode()


@pytest.mark.parametrize("query", ["month=%00", "month=9999-99", "month=0001-01", "view=x&month=2026-13"])
def test_an_odd_month_is_this_one(as_alice, plan, alice, query):
    page = as_alice.get(f"/plan/?{query}")
    assert page.status_code == 200
    assert f"{today_of(alice):%B %Y}" in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("interview_date", "2020-01-01", "Choose a day from tomorrow on"),
        ("interview_date", "yes", "Enter a valid date"),
        ("kind", "lazy", "not one of the available choices"),
        ("focus", "", "This field is required"),
        ("minutes_0", "-1", "greater than or equal to 0"),
        ("minutes_0", "9000", "less than or equal to 720"),
        ("days_off", "Christmas", "Write days as 2026-12-24"),
        ("days_off", "2026-12-26 to 2026-12-24", "Write days as 2026-12-24"),
        ("days_off", "\x00", "Null characters"),
        ("role", "king", "not one of the available choices"),
        ("review_weekday", "7", "not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_kept(as_alice, alice, wishes, field, value, said):
    answer = as_alice.post("/plan/setup/", {**wishes, field: value})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not StudyPlan.objects.exists()


def test_a_week_without_minutes_is_refused(as_alice, wishes):
    nothing = {f"minutes_{place}": "" for place in range(7)}
    answer = as_alice.post("/plan/setup/", {**wishes, **nothing})
    assert answer.status_code == 422
    assert "at least one weekday" in answer.content.decode()


def test_days_off_stay_free(as_alice, alice, small_course, wishes):
    first = today_of(alice)
    span = f"{first} to {first + timedelta(days=1)}, {first + timedelta(days=3)}"
    as_alice.post("/plan/setup/", {**wishes, "days_off": span})
    plan = StudyPlan.objects.get()
    assert len(plan.days_off) == 3
    assert not plan.tasks.filter(day__in=plan.days_off).exists()
    assert plan.days_off[0] in as_alice.get("/plan/setup/").content.decode()


@pytest.mark.parametrize("kind", ["intensive", "comfortable", "deep-learning"])
def test_a_fixed_schedule_begins_its_topics_on_its_days(as_alice, alice, wishes, kind):
    slugs = dict.fromkeys(slug for schedule in schedules().values() for slug in schedule.topics)
    for number, slug in enumerate(slugs, start=1):
        make_topic(number, slug=slug, title=slug)
    minutes = {f"minutes_{place}": "270" for place in range(7)}
    far = today_of(alice) + timedelta(days=90)
    as_alice.post("/plan/setup/", {**wishes, **minutes, "kind": kind, "interview_date": f"{far}"})
    plan = StudyPlan.objects.get()
    assert plan.starts_on.weekday() == 0
    assert plan.starts_on - today_of(alice) < timedelta(days=7)
    days = dict(plan.tasks.filter(kind="read", portion=1).values_list("key", "day"))
    first = {"intensive": "derivatives-gradients", "comfortable": "derivatives-gradients"}.get(kind, "forward-pass")
    assert days[f"read:{first}"] == plan.starts_on
    count = {"intensive": 20, "comfortable": 20, "deep-learning": 11}[kind]
    assert len([key for key in days if key.startswith("read:")]) == count
    if kind == "intensive":
        assert days["read:optimizers"] == plan.starts_on + timedelta(days=11)
        assert days["read:transformers"] == plan.starts_on + timedelta(days=22)
    assert {left["reason"] for left in plan.left_out} <= {"Not in the schedule that you chose"}
    assert len(plan.left_out) == len(slugs) - count


def test_what_is_left_out_is_said_with_its_reason(as_alice, small_course, wishes, alice):
    soon = f"{today_of(alice) + timedelta(days=1)}"
    as_alice.post("/plan/setup/", {**wishes, "interview_date": soon})
    page = as_alice.get("/plan/").content.decode()
    assert "No room for it before the interview" in page
    assert "Builds on what is left out too" in page


def test_a_missed_day_is_laid_anew_and_the_preview_changes_nothing(as_alice, plan, alice):
    plan.tasks.update(day=today_of(alice) - timedelta(days=2))
    before = keys(plan)
    page = as_alice.get("/plan/moves/").content.decode()
    assert "Open tasks of earlier days" in page
    assert "Topic 1" in page
    assert keys(plan) == before
    assert "still open" in as_alice.get("/").content.decode()
    as_alice.post("/plan/lay/")
    assert not plan.tasks.filter(day__lt=today_of(alice)).exists()
    assert set(keys(plan)) >= {"read:topic-1", "read:topic-2"}
    assert "still open" not in as_alice.get("/").content.decode()
    assert "Nothing would move" in as_alice.get("/plan/moves/").content.decode()


def test_what_is_done_stays_where_it_is_when_the_plan_is_laid_anew(as_alice, plan, alice):
    task = plan.tasks.get(key="exercise:topic-1/double_1")
    as_alice.post(f"/plan/tasks/{task.pk}/", {"done": "on"})
    as_alice.post("/plan/lay/")
    task.refresh_from_db()
    assert task.done_at
    assert plan.tasks.filter(key=task.key).count() == 1


def test_changing_the_plan_keeps_what_is_done(as_alice, plan, wishes):
    task = plan.tasks.get(key="quiz:topic-1")
    as_alice.post(f"/plan/tasks/{task.pk}/", {"done": "on"})
    as_alice.post("/plan/setup/", {**wishes, "focus": "theory", "interview_date": ""})
    assert StudyPlan.objects.count() == 1
    assert PlanTask.objects.filter(key="quiz:topic-1").get().done_at
    assert not PlanTask.objects.filter(kind="exercise").exists()


def test_a_tick_is_given_and_taken_back(as_alice, plan):
    task = plan.tasks.get(key="quiz:topic-1")
    assert as_alice.post(f"/plan/tasks/{task.pk}/", {"done": "on", "from": "today"}).headers["Location"] == "/"
    task.refresh_from_db()
    assert task.done_at
    as_alice.post(f"/plan/tasks/{task.pk}/", {"done": "off"})
    task.refresh_from_db()
    assert task.done_at is None


def test_htmx_gets_the_row_or_the_session(as_alice, alice):
    task = make_plan_task(alice)
    headers = {"HX-Request": "true"}
    row = as_alice.post(f"/plan/tasks/{task.pk}/", {"done": "on", "from": "plan"}, headers=headers).content.decode()
    assert row.strip().startswith("<li")
    assert 'aria-pressed="true"' in row
    session = as_alice.post(
        f"/plan/tasks/{task.pk}/", {"done": "off", "from": "today"}, headers=headers
    ).content.decode()
    assert session.strip().startswith("<section")
    assert "0 of 1 done" in session


def test_what_a_mock_interview_asked_for_comes_first_and_a_tick_ends_it(as_alice, plan, alice, small_course):
    now = timezone.now()
    request_reviews(learner=alice, source="mock:1", reason="Left open", now=now, topics=small_course[:1])
    as_alice.post("/plan/lay/")
    task = plan.tasks.filter(kind="review").first()
    assert task.key.startswith("request:")
    assert task.day == today_of(alice)
    as_alice.post(f"/plan/tasks/{task.pk}/", {"done": "on"})
    assert ReviewRequest.objects.get().done_at


def test_a_plan_is_thrown_away_once_asked(as_alice, plan):
    assert "Throw the plan away?" in as_alice.get("/plan/end/").content.decode()
    assert StudyPlan.objects.exists()
    as_alice.post("/plan/end/")
    assert not StudyPlan.objects.exists()


def test_another_learners_task_is_not_there(as_bob, alice):
    task = make_plan_task(alice)
    assert as_bob.post(f"/plan/tasks/{task.pk}/", {"done": "on"}).status_code == 404
    task.refresh_from_db()
    assert task.done_at is None


@pytest.mark.parametrize("path", ["moves/", "lay/", "calendar/", "end/"])
def test_without_a_plan_there_is_nothing_to_change(as_bob, path):
    answer = as_bob.get("/plan/moves/") if path == "moves/" else as_bob.post(f"/plan/{path}")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["", "setup/", "moves/", "lay/", "calendar/", "end/", "tasks/1/"])
def test_a_visitor_is_asked_to_sign_in(client, db, path):
    for answer in (client.get(f"/plan/{path}"), client.post(f"/plan/{path}")):
        assert answer.status_code in {302, 405}
        assert answer.status_code == 405 or "/accounts/login/" in answer.headers["Location"]


@pytest.mark.parametrize("path", ["lay/", "calendar/", "tasks/1/"])
def test_looking_changes_nothing(as_alice, path):
    assert as_alice.get(f"/plan/{path}").status_code == 405


@pytest.mark.parametrize("path", ["", "moves/"])
def test_pages_that_only_show_take_no_post(as_alice, path):
    assert as_alice.post(f"/plan/{path}").status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_the_plan_needs_19_queries_however_long_it_is(rows, as_alice, alice, django_assert_num_queries):
    for days in range(rows):
        make_plan_task(alice, days=days, key=f"review:t{days}:1", kind="review", topic="t")
    with django_assert_num_queries(19):
        as_alice.get("/plan/")
