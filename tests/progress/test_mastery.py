"""Mastery: what the pages and the API make of answers and statuses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from concepts.models import Status
from progress.models import Evidence
from progress.roll_ups import expected_share, overview_of
from progress.services import record_evidence, set_status
from progress.standing import standing_of
from tests.factories import make_concept, make_evidence, make_subsection, make_topic


def standing(learner, concept, **days):
    at = timezone.now() + timedelta(**days) if days else None
    return standing_of(learner, [concept], at=at)[concept.pk]


def test_the_weeks_page_shows_each_week_weighted_by_priority(as_alice, alice):
    high, low = make_concept(week=2, priority="high"), make_concept(week=2, priority="low")
    make_concept(week=5)
    set_status(learner=alice, concept=high, status=Status.MASTERED, now=timezone.now())
    make_evidence(alice, low, credit=0)
    page = as_alice.get("/progress/").content.decode()
    expected = 0.75 * standing(alice, high).mastery
    assert 0.6 < expected < 0.7
    assert f'value="{round(100 * expected)}" aria-label="Mastery of week 2"' in page
    assert 'value="0" aria-label="Mastery of week 5"' in page
    weeks = as_alice.get("/api/v1/progress/weeks/").json()["results"]
    assert {name: weeks[0][name] for name in ("week", "concepts", "started", "mastered")} == {
        "week": 2,
        "concepts": 2,
        "started": 2,
        "mastered": 1,
    }
    assert weeks[0]["mastery"] == pytest.approx(expected, abs=1e-3)
    assert weeks[0]["low"] < weeks[0]["mastery"] < weeks[0]["high"]
    assert (weeks[1]["concepts"], weeks[1]["started"], weeks[1]["mastered"], weeks[1]["mastery"]) == (1, 0, 0, 0.0)


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


def test_until_something_right_is_shown_mastery_is_nothing_and_then_wrong_answers_lower_it(alice):
    concept = make_concept()
    for credit, answers in ((0, 1), (0.25, 2)):
        make_evidence(alice, concept, credit)
        assert (standing(alice, concept).mastery, standing(alice, concept).answers) == (0, answers)
    make_evidence(alice, concept, 1)
    before = standing(alice, concept).mastery
    make_evidence(alice, concept, 0)
    assert 0 < standing(alice, concept).mastery < before


def test_it_falls_without_practice_and_says_why_in_words(alice):
    concept = make_concept()
    for day in (40, 33, 24, 9):
        make_evidence(alice, concept, days_ago=day)
    make_evidence(alice, concept, 0, days_ago=39)
    now, later = standing(alice, concept), standing(alice, concept, days=60)
    assert later.mastery < now.mastery
    assert later.high - later.low > now.high - now.low
    assert now.because == f"4 of 5 right, last practised 9 days ago, recall {now.recall_percent} %"
    assert 50 < now.recall_percent < 100
    make_evidence(alice, concept)
    assert standing(alice, concept).because == "5 of 6 right, last practised today"
    assert standing(alice, make_concept()).because == "No answers yet"


def test_a_status_is_a_start_that_answers_soon_outweigh(as_alice, alice):
    concept = make_concept("MATH-001")
    set_status(learner=alice, concept=concept, status=Status.MASTERED, now=timezone.now())
    assert standing(alice, concept).mastered
    page = as_alice.get("/concepts/MATH-001/").content.decode()
    assert "No answers yet; you marked it as mastered" in page
    assert "your answers say" not in page
    for _ in range(3):
        make_evidence(alice, concept, 0)
    contradicted = standing(alice, concept)
    assert contradicted.contradicted
    assert contradicted.mastery < 0.7
    assert "your answers say" in as_alice.get("/concepts/MATH-001/").content.decode()
    set_status(learner=alice, concept=concept, status=Status.NOT_STARTED, now=timezone.now())
    assert standing(alice, concept).mastery == 0


def test_marking_as_mastered_after_many_wrong_answers_moves_little(alice):
    known, failed = make_concept(), make_concept()
    for _ in range(12):
        make_evidence(alice, failed, 0)
    for concept in (known, failed):
        set_status(learner=alice, concept=concept, status=Status.MASTERED, now=timezone.now())
    assert standing(alice, failed).mastery < 0.6 < standing(alice, known).mastery


def test_prerequisites_lend_a_little_and_own_answers_replace_it(alice):
    basis, other, built = make_concept(), make_concept(), make_concept()
    built.prerequisites.add(basis)
    for _ in range(6):
        make_evidence(alice, basis)
    lent = standing(alice, built)
    assert 0 < lent.mastery < 0.15
    assert lent.because == "No answers yet, and its prerequisites lend a little"
    assert standing(alice, other).mastery == 0
    assert standing(alice, other).probability < lent.probability
    for _ in range(6):
        make_evidence(alice, built, 0)
    assert standing(alice, built).mastery < lent.mastery


def test_self_rated_hard_and_unguessable_answers_weigh_as_they_should(alice):
    def mastery_after(credit: float, guess_chance: float = 0.0, **facts):
        concept = make_concept()
        make_evidence(alice, concept)
        record_evidence(
            learner=alice,
            concept_id=concept.pk,
            source=f"x:{concept.pk}",
            credit=credit,
            guess_chance=guess_chance,
            happened_at=timezone.now(),
            **facts,
        )
        return standing(alice, concept).mastery

    assert mastery_after(1.0, difficulty=1.5) > mastery_after(1.0) > mastery_after(1.0, difficulty=-1.5)
    assert mastery_after(1.0) > mastery_after(1.0, guess_chance=0.5)
    assert mastery_after(1.0) > mastery_after(1.0, self_rated=True)
    assert mastery_after(0.0, self_rated=True) > mastery_after(0.0) > mastery_after(0.0, difficulty=-1.5)
    record_evidence(
        learner=alice,
        concept_id=make_concept().pk,
        source="x:hardest",
        credit=1,
        guess_chance=0,
        happened_at=timezone.now(),
        difficulty=99,
    )
    assert Evidence.objects.get(source="x:hardest").difficulty == 4


def test_a_source_of_evidence_counts_once(alice):
    concept = make_concept()
    for _ in range(2):
        record_evidence(
            learner=alice,
            concept_id=concept.pk,
            source="quiz:1:1",
            credit=1,
            guess_chance=0.25,
            happened_at=timezone.now(),
        )
    assert Evidence.objects.of(alice).count() == 1
    assert standing(alice, concept).answers == 1


def test_what_to_expect_counts_unknown_concepts_too_and_falls_until_the_interview(alice):
    known, unknown = make_concept(), make_concept()
    for day in (20, 9, 3, 1):
        make_evidence(alice, known, days_ago=day)
    now = expected_share(alice, [known, unknown])
    then = expected_share(alice, [known, unknown], at=timezone.now() + timedelta(days=45))
    assert 0 < then.low < then.share < now.share < now.high < 1
    assert float(now) == now.share
    assert expected_share(alice, []).share == 0
    assert expected_share(alice, [unknown]).share > 0


def test_mastery_is_rolled_up_from_every_side(as_alice, alice):
    algebra, nets = make_subsection("Algebra", "Math", 1), make_subsection("CNN", "Deep Learning", 2)
    first, second = make_concept(subsection=algebra, priority="low"), make_concept(subsection=nets, week=3)
    make_concept(subsection=make_subsection("Calculus", "Math", 3))
    topic = make_topic(2, title="Vectors")
    topic.concepts.add(first)
    make_evidence(alice, first)
    set_status(learner=alice, concept=second, status=Status.MASTERED, now=timezone.now())
    overview = overview_of(alice)
    assert [(s.name, s.concepts, [p.name for p in s.parts]) for s in overview.sections] == [
        ("Math", 2, ["Algebra", "Calculus"]),
        ("Deep Learning", 1, ["CNN"]),
    ]
    assert [(p.name, p.concepts) for p in overview.priorities] == [("High priority", 2), ("Low priority", 1)]
    assert [(t.name, t.mastery) for t in overview.topics] == [
        ("2. Vectors", pytest.approx(standing(alice, first).mastery, abs=1e-4))
    ]
    assert (overview.overall.concepts, overview.overall.started, overview.overall.mastered) == (3, 2, 1)
    page = as_alice.get("/progress/").content.decode()
    for label in ("everything", "Math", "CNN", "High priority", "2. Vectors"):
        assert f'aria-label="Mastery of {label}"' in page


@pytest.mark.parametrize("url", ["/api/v1/progress/weeks/", "/api/v1/progress/concepts/"])
def test_progress_needs_a_learner(client, db, url):
    assert client.get(url).status_code == 401
    assert client.get("/progress/").url.startswith("/accounts/login/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_needs_as_many_queries_however_much_there_is(rows, as_alice, alice, django_assert_num_queries):
    for week in range(rows):
        concept = make_concept(week=week + 1, subsection=make_subsection(f"Part {week}"))
        make_topic(week + 1).concepts.add(concept)
        make_evidence(alice, concept)
    with django_assert_num_queries(10):
        as_alice.get("/progress/")
