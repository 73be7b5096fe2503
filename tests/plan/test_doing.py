"""Tasks are ticked by doing them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from concepts.models import Status
from mlprep.plan.doing import doings_of, done_by_doing
from mlprep.plan.items import MASTERED
from progress.models import ReviewRequest, StudyPlan
from progress.plans.services import end_reviews, request_reviews
from progress.reading.services import mark_read
from progress.services import record_evidence, set_status
from quizzes.models import ExerciseWork
from tests.factories import make_card, make_plan_task, make_topic


def is_done(task, *, cards_left: int = 1) -> bool:
    plan = StudyPlan.objects.select_related("learner").get()
    doings = doings_of(plan, timezone.now(), cards_left=cards_left)
    return task.pk in done_by_doing(plan.tasks.all(), doings)


def answer(learner, concept, number: int, *, days_ago: int = 0, source: str = "quiz") -> None:
    record_evidence(
        learner=learner,
        concept_id=concept.pk,
        source=f"{source}:1:{number}",
        credit=0.0,
        guess_chance=0.25,
        happened_at=timezone.now() - timedelta(days=days_ago),
    )


def test_reading_is_done_when_every_part_of_it_is_read(alice, small_course):
    pieces = ["overview", "worked-examples"]
    task = make_plan_task(alice, key="read:topic-1", kind="read", topic="topic-1", pieces=pieces)
    for part in pieces:
        assert not is_done(task)
        mark_read(learner=alice, topic=small_course[0], part=part, read=True, now=timezone.now())
    assert is_done(task)
    task.refresh_from_db()
    assert task.done_at is None


def test_an_exercise_is_done_when_it_is_solved(alice, small_course):
    task = make_plan_task(alice, key="exercise:topic-1/double_1", kind="exercise", topic="topic-1")
    work = ExerciseWork.objects.create(learner=alice, exercise=small_course[0].exercises.get(), code="")
    assert not is_done(task)
    work.solved_at = timezone.now()
    work.save()
    assert is_done(task)


def test_a_quiz_is_done_by_three_answers_right_or_wrong(alice, small_course):
    task = make_plan_task(alice, key="quiz:topic-1", kind="quiz", topic="topic-1")
    concept = small_course[0].concepts.get()
    answer(alice, small_course[1].concepts.get(), 9)
    answer(alice, concept, 8, source="card")
    for number in range(3):
        assert not is_done(task)
        answer(alice, concept, number)
    assert is_done(task)


def test_a_review_is_done_by_answers_since_its_day(alice, small_course):
    task = make_plan_task(alice, days=-1, key="review:topic-1:1", kind="review", topic="topic-1")
    for number in range(3):
        answer(alice, small_course[0].concepts.get(), number, days_ago=3)
    assert not is_done(task)
    for number in range(3, 6):
        answer(alice, small_course[0].concepts.get(), number)
    assert is_done(task)


def test_a_concept_is_done_by_an_answer_or_a_status(alice, small_course):
    first = make_plan_task(alice, key="concept:C-001", kind="read")
    second = make_plan_task(alice, key="concept:C-002", kind="read")
    answer(alice, small_course[0].concepts.get(), 1)
    assert is_done(first)
    assert not is_done(second)
    set_status(learner=alice, concept=small_course[1].concepts.get(), status=Status.LEARNING, now=timezone.now())
    assert is_done(second)


def test_cards_are_done_when_none_is_left_today(alice):
    today = make_plan_task(alice, key="cards:1", kind="cards")
    yesterday = make_plan_task(alice, days=-1, key="cards:0", kind="cards")
    assert not is_done(today)
    assert is_done(today, cards_left=0)
    assert not is_done(yesterday, cards_left=0)


def test_what_was_asked_for_is_done_when_the_request_is(alice, small_course):
    request_reviews(learner=alice, source="mock:1", reason="?", now=timezone.now(), topics=small_course[:1])
    request = alice.review_requests.get()
    task = make_plan_task(alice, key=f"request:{request.pk}:", kind="review", topic="topic-1")
    assert not is_done(task)
    end_reviews(learner=alice, ids=[request.pk], now=timezone.now())
    assert is_done(task)


def test_mock_interviews_and_weekly_reviews_are_told_by_their_features(alice, monkeypatch):
    mock = make_plan_task(alice, key="mock:2", kind="mock")
    weekly = make_plan_task(alice, key="weekly:2026-11-29", kind="weekly")
    assert not is_done(mock)
    assert not is_done(weekly)
    now = timezone.now()
    monkeypatch.setattr("mlprep.plan.doing.mocks_sat", lambda learner, since: [now, now])
    monkeypatch.setattr("mlprep.plan.doing.weekly_reviews_written", lambda learner, since: {alice.day_of(now)})
    assert is_done(mock)
    assert is_done(weekly)


def test_what_others_do_ticks_nothing(alice, bob, small_course):
    task = make_plan_task(alice, key="quiz:topic-1", kind="quiz", topic="topic-1")
    for number in range(3):
        answer(bob, small_course[0].concepts.get(), number)
    assert not is_done(task)


def test_laying_anew_keeps_what_was_done_by_doing_it(as_alice, alice, small_course, wishes):
    as_alice.post("/plan/setup/", wishes)
    for part in ("overview", "worked-examples"):
        mark_read(learner=alice, topic=small_course[0], part=part, read=True, now=timezone.now())
    page = as_alice.get("/").content.decode()
    assert "Done by doing it" in page
    as_alice.post("/plan/lay/")
    assert StudyPlan.objects.get().tasks.get(key="read:topic-1").done_at


def test_half_a_text_read_leaves_the_other_half(as_alice, alice, small_course, wishes):
    mark_read(learner=alice, topic=small_course[0], part="overview", read=True, now=timezone.now())
    as_alice.post("/plan/setup/", wishes)
    task = StudyPlan.objects.get().tasks.get(key="read:topic-1:rest")
    assert task.pieces == ["worked-examples"]
    assert task.minutes == 15


def test_a_topic_of_which_everything_is_mastered_is_not_read_again(as_alice, alice, small_course, wishes):
    set_status(learner=alice, concept=small_course[0].concepts.get(), status=Status.MASTERED, now=timezone.now())
    as_alice.post("/plan/setup/", wishes)
    plan = StudyPlan.objects.get()
    assert not plan.tasks.filter(key="read:topic-1").exists()
    assert plan.tasks.filter(key="read:topic-2").exists()
    assert MASTERED in [left["reason"] for left in plan.left_out]


def test_slow_solving_makes_exercises_take_longer(as_alice, alice, small_course, wishes):
    other = make_topic(3)
    exercise = small_course[0].exercises.get()
    ExerciseWork.objects.create(
        learner=alice, exercise=exercise, code="", solved_at=timezone.now(), seconds=125 * 60, started_at=timezone.now()
    )
    as_alice.post("/plan/setup/", wishes)
    plan = StudyPlan.objects.get()
    assert other
    assert not plan.tasks.filter(key="exercise:topic-1/double_1").exists()
    assert plan.tasks.get(key="exercise:topic-2/double_2").minutes == pytest.approx(5 * 245 / 125, abs=0.5)


def test_due_cards_take_their_place_in_the_day(as_alice, alice, small_course, wishes):
    for _ in range(8):
        make_card()
    as_alice.post("/plan/setup/", wishes)
    task = StudyPlan.objects.get().tasks.filter(kind="cards").first()
    assert task.day == alice.day_of(timezone.now())
    assert task.minutes == 6


def test_another_interview_date_from_the_flashcards_lays_the_plan_anew(as_alice, alice, small_course, wishes):
    as_alice.post("/plan/setup/", wishes)
    today = alice.day_of(timezone.now())
    body = {"interview_date": f"{today + timedelta(days=5)}", "minutes_a_day": "20"}
    shown = as_alice.post("/flashcards/interview/", body, follow=True).content.decode()
    assert "Your study plan is laid anew" in shown
    plan = StudyPlan.objects.get()
    assert max(task.day for task in plan.tasks.all()) == today + timedelta(days=4)
    assert "laid anew" not in as_alice.post("/flashcards/interview/", body, follow=True).content.decode()


def test_a_fixed_schedule_keeps_its_days_with_another_interview_date(as_alice, alice, small_course, wishes):
    as_alice.post("/plan/setup/", wishes | {"kind": "intensive"})
    begins = StudyPlan.objects.get().starts_on
    day = alice.day_of(timezone.now()) + timedelta(days=30)
    as_alice.post("/flashcards/interview/", {"interview_date": f"{day}", "minutes_a_day": "20"})
    assert StudyPlan.objects.get().starts_on == begins


def test_the_weekly_review_has_one_weekday_wherever_it_is_set(as_alice, alice, small_course, wishes):
    as_alice.post("/plan/setup/", wishes | {"review_weekday": "2"})
    alice.refresh_from_db()
    assert alice.review_weekday == 2
    as_alice.post("/notes/reviews/weekday/", {"weekday": "4"})
    days = StudyPlan.objects.get().tasks.filter(kind="weekly").values_list("day", flat=True)
    assert {day.weekday() for day in days} == {4}
    assert 'value="4" selected' in as_alice.get("/plan/setup/").content.decode()


def test_a_tick_taken_back_asks_for_the_review_again(as_alice, alice, small_course):
    request_reviews(learner=alice, source="mock:1", reason="Left open", now=timezone.now(), topics=small_course[:1])
    request = ReviewRequest.objects.get()
    task = make_plan_task(alice, key=f"request:{request.pk}:", kind="review", topic="topic-1")
    as_alice.post(f"/plan/tasks/{task.pk}/", {"done": "on"})
    assert not ReviewRequest.objects.open().exists()
    as_alice.post(f"/plan/tasks/{task.pk}/", {})
    assert ReviewRequest.objects.open().exists()
    task.refresh_from_db()
    assert not is_done(task)


def test_what_was_done_before_its_day_belongs_to_the_day_it_was_done_on(as_alice, alice, small_course, wishes):
    as_alice.post("/plan/setup/", wishes)
    plan, now = StudyPlan.objects.get(), timezone.now()
    by_hand = plan.tasks.filter(day__gt=alice.day_of(now)).last()
    as_alice.post(f"/plan/tasks/{by_hand.pk}/", {"done": "on"})
    for part in ("overview", "worked-examples"):
        mark_read(learner=alice, topic=small_course[1], part=part, read=True, now=now)
    plan.tasks.filter(key="read:topic-2").update(day=alice.day_of(now) + timedelta(days=3))
    as_alice.post("/plan/lay/")
    done = plan.tasks.exclude(done_at=None)
    assert {by_hand.key, "read:topic-2"} <= {task.key for task in done}
    assert {task.day for task in done} == {alice.day_of(now)}
