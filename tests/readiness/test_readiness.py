"""Would I pass: the score to expect in a mock interview, today and on the day."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from mlprep.readiness.forecast import forecasts
from mlprep.readiness.practice import practice_of
from progress.domain.mastery import READING
from progress.domain.traces import MODEL, Answers
from progress.models import StudyPlan
from tests.factories import (
    make_card,
    make_concept,
    make_evidence,
    make_exercise,
    make_mock_script,
    make_plan_task,
    make_topic,
)


@pytest.fixture
def concept(alice):
    concept = make_concept("ML-001")
    topic = make_topic(slug="some-topic")
    topic.concepts.add(concept)
    make_mock_script(concepts=[concept])
    for days in (9, 6, 3, 1):
        make_evidence(alice, concept, days_ago=days)
    return concept


def set_date(alice, days=20):
    alice.interview_date = alice.day_of(timezone.now()) + timedelta(days=days)
    alice.save()


def forecast_of(alice, role=""):
    (found,), _ = forecasts(alice, role, timezone.now())
    return found


def test_what_is_known_fades_until_the_day_and_the_plan_holds_it(alice, concept):
    set_date(alice)
    for days in (5, 12, 19):
        make_plan_task(alice, days=days, key=f"review:some-topic:{days}", kind="review", topic="some-topic")
    found = forecast_of(alice)
    assert found.without_practice.share < found.by_plan.share
    assert found.without_practice.share < found.today.share
    for expected in (found.today, found.without_practice, found.by_plan):
        assert expected.low <= expected.share <= expected.high


def test_without_a_date_or_a_plan_only_what_can_be_said_is_said(alice, concept):
    assert (forecast_of(alice).without_practice, forecast_of(alice).by_plan) == (None, None)
    set_date(alice)
    assert forecast_of(alice).without_practice is not None
    assert forecast_of(alice).by_plan is None


def test_tasks_practise_the_concepts_of_their_topic_exercise_or_name_and_done_ones_no_more(alice, concept):
    other = make_concept("ML-002")
    make_exercise(make_topic(slug="other-topic")).concepts.add(other)
    make_plan_task(alice, days=1, key="quiz:some-topic", kind="quiz", topic="some-topic")
    make_plan_task(alice, days=2, key="exercise:other-topic/double", kind="exercise")
    make_plan_task(alice, days=3, key=f"concept:{concept.code}", kind="read")
    make_plan_task(alice, days=4, key="read:some-topic", kind="read", topic="some-topic")
    make_plan_task(alice, days=5, key="quiz:some-topic:2", kind="quiz", topic="some-topic", done_at=timezone.now())
    practice = practice_of(StudyPlan.objects.get(), timezone.now())
    today = alice.day_of(timezone.now())
    days = {pk: [(alice.day_of(moment) - today).days for moment, _ in steps] for pk, steps in practice.items()}
    assert {pk: found for pk, found in days.items() if found} == {concept.pk: [1, 3, 4], other.pk: [2]}
    assert practice[concept.pk][-1][1] is READING


def test_reading_counts_once_and_cards_as_often_as_they_come(alice, concept):
    for number in range(4):
        make_card(concept if number else make_concept())
    for portion, days in ((1, 1), (2, 3)):
        make_plan_task(alice, days=days, key="read:some-topic", kind="read", topic="some-topic", portion=portion)
    make_plan_task(alice, days=5, key="read:some-topic:rest", kind="read", topic="some-topic")
    for days in range(6, 10):
        make_plan_task(alice, days=days, key=f"cards:{days}", kind="cards", minutes=1)
    steps = practice_of(StudyPlan.objects.get(), timezone.now())[concept.pk]
    today = alice.day_of(timezone.now())
    # Two showings a minute, three cards of four on the concept: one and a half a day.
    assert [((alice.day_of(moment) - today).days, what is READING) for moment, what in steps] == [
        (3, True),
        *((days, False) for days in range(6, 10)),
    ]
    assert steps[-1][1].credit == 0.9


def test_reading_and_cards_of_the_plan_raise_what_is_to_be_expected_of_a_beginner(alice):
    concept, topic = make_concept("ML-001"), make_topic(slug="some-topic")
    topic.concepts.add(concept)
    make_mock_script(concepts=[concept])
    make_card(concept)
    set_date(alice)
    make_plan_task(alice, days=1, key="read:some-topic", kind="read", topic="some-topic")
    read = forecast_of(alice).by_plan.share
    for days in range(2, 18, 2):
        make_plan_task(alice, days=days, key=f"cards:{days}", kind="cards", minutes=1)
    assert forecast_of(alice).without_practice.share < read
    assert read < forecast_of(alice).by_plan.share - 0.1


def test_the_practice_to_be_expected_lies_between_a_right_and_a_wrong_answer():
    trace = MODEL.start()
    right, wrong = (MODEL.after(trace, 3.0, Answers(credit, 0.0, 0.0, 1.0)) for credit in (1.0, 0.0))
    expected = MODEL.practised(trace, 3.0)
    assert wrong.strength < expected.strength < right.strength
    assert expected.variance < MODEL.later(trace, 3.0).variance


def test_the_page_shows_each_kind_and_one_role(as_alice, alice, concept):
    make_mock_script(kind="derivation", concepts=[make_concept()], roles=["research_scientist"])
    page = as_alice.get("/progress/readiness/").content.decode()
    assert "ML theory" in page
    assert "Derivation at the whiteboard" in page
    assert "project deep-dive" in page
    one = as_alice.get("/progress/readiness/?role=ml_engineer").content.decode()
    assert "Derivation at the whiteboard</a><br>" in page
    assert "Derivation at the whiteboard</a><br>" not in one
    assert as_alice.get("/progress/readiness/?role=%00").status_code == 200


def test_the_page_is_for_who_signed_in_and_about_them(client, as_bob, concept):
    assert client.get("/progress/readiness/").status_code == 302
    page = as_bob.get("/progress/readiness/").content.decode()
    assert int(re.search(r'today"></meter><span class="num">(\d+)%', page)[1]) < 45


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_needs_as_many_queries_however_much_is_planned(
    as_alice, alice, concept, rows, django_assert_num_queries
):
    set_date(alice)
    for number in range(rows):
        make_plan_task(alice, days=number + 1, key=f"quiz:some-topic:{number}", kind="quiz", topic="some-topic")
    with django_assert_num_queries(29):
        as_alice.get("/progress/readiness/")
