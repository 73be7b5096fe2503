"""Mastery: the rule, and what the pages and the API make of it."""

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from concepts.models import Status
from progress.domain.mastery import concept_mastery, corrected_for_guessing, group_mastery
from progress.models import Evidence
from progress.services import record_evidence, set_status
from tests.factories import make_concept, make_evidence


def test_a_blind_guess_shows_nothing_and_a_right_answer_everything():
    assert corrected_for_guessing([0, 0.25, 0.625, 1], 0.25) == pytest.approx([0, 0, 0.5, 1])


@pytest.mark.parametrize(
    ("status", "latest_first", "mastery"),
    [
        (0.0, [], 0.0),
        (1.0, [], 1.0),
        (0.4, [], 0.4),
        (0.0, [1], 1 / 2),
        (1.0, [0], 1 / 2),
        (0.0, [1, 0], 1 / 2.9),
        (0.0, [0, 1], 0.9 / 2.9),
        (0.4, [1, 1, 0], (0.4 + 1 + 0.9) / 3.71),
    ],
)
def test_mastery_is_the_weighted_mean_of_status_and_answers(status, latest_first, mastery):
    index = [0] * len(latest_first)
    assert concept_mastery([status], index, latest_first) == pytest.approx([mastery])


@given(st.lists(st.lists(st.floats(0, 1), max_size=8), min_size=1, max_size=6), st.data())
def test_many_concepts_at_once_are_each_as_alone_and_between_none_and_all(answers, data):
    priors = data.draw(st.lists(st.floats(0, 1), min_size=len(answers), max_size=len(answers)))
    index = [place for place, shown in enumerate(answers) for _ in shown]
    together = concept_mastery(priors, index, [value for shown in answers for value in shown])
    alone = [concept_mastery([p], [0] * len(s), s)[0] for p, s in zip(priors, answers, strict=True)]
    assert together == pytest.approx(alone)
    assert np.all((together >= 0) & (together <= 1 + 1e-12))


def test_a_group_weighs_by_priority_and_an_empty_one_has_none():
    assert group_mastery([1.0, 0.0], [3, 1]) == pytest.approx(0.75)
    assert group_mastery([], []) == 0.0


def test_the_weeks_page_shows_each_week_weighted_by_priority(as_alice, alice):
    high, low = make_concept(week=2, priority="high"), make_concept(week=2, priority="low")
    make_concept(week=5)
    set_status(learner=alice, concept=high, status=Status.MASTERED, now=timezone.now())
    make_evidence(alice, low, credit=0)
    page = as_alice.get("/progress/").content.decode()
    assert 'value="75" aria-label="Mastery of week 2"' in page
    assert 'value="0" aria-label="Mastery of week 5"' in page
    weeks = as_alice.get("/api/v1/progress/weeks/").json()["results"]
    assert weeks[0] == {"week": 2, "concepts": 2, "started": 2, "mastered": 1, "mastery": 0.75}
    assert weeks[1] == {"week": 5, "concepts": 1, "started": 0, "mastered": 0, "mastery": 0.0}


def test_someone_elses_progress_counts_nothing(as_bob, alice):
    concept = make_concept()
    make_evidence(alice, concept)
    set_status(learner=alice, concept=concept, status=Status.MASTERED, now=timezone.now())
    assert as_bob.get("/api/v1/progress/weeks/").json()["results"][0]["mastery"] == 0
    assert as_bob.get("/api/v1/progress/concepts/").json()["results"][0]["status"] == "not_started"


def test_the_latest_answers_weigh_most(as_alice, alice):
    improving, declining = make_concept(), make_concept()
    for concept, recent in ((improving, 1.0), (declining, 0.0)):
        make_evidence(alice, concept, recent, days_ago=1)
        make_evidence(alice, concept, 1 - recent, days_ago=5)
    better, worse = as_alice.get("/api/v1/progress/concepts/").json()["results"]
    assert better["mastery"] > worse["mastery"]
    assert (better["answers"], better["right"]) == (2, 1)


def test_a_source_of_evidence_counts_once(alice):
    concept = make_concept()
    for _ in range(2):
        record_evidence(
            learner=alice, concept=concept, source="quiz:1:1", credit=1, guess_chance=0.25, happened_at=timezone.now()
        )
    assert Evidence.objects.of(alice).count() == 1


@pytest.mark.parametrize("url", ["/api/v1/progress/weeks/", "/api/v1/progress/concepts/"])
def test_progress_needs_a_learner(client, db, url):
    assert client.get(url).status_code == 401
    assert client.get("/progress/").url.startswith("/accounts/login/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_weeks_page_needs_as_many_queries_however_much_there_is(rows, as_alice, alice, django_assert_num_queries):
    for week in range(rows):
        make_evidence(alice, make_concept(week=week + 1))
    with django_assert_num_queries(6):
        as_alice.get("/progress/")
