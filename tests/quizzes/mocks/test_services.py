"""Sitting an interview: the clock, what is said, what is kept, what it shows."""

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.utils import timezone

from progress.models import Evidence, PartRead, ReviewRequest
from quizzes.domain.cards import State
from quizzes.domain.mocks.board import read_board
from quizzes.mocks.choice import NoScript, Wishes, choose_script
from quizzes.mocks.models import MockRun, MockScript, Shown
from quizzes.mocks.rating import Ratings, StillRunning, rate_interview
from quizzes.mocks.reviewing import Wanted, proposals, take_over
from quizzes.mocks.runs import RunTaken, start_run
from quizzes.mocks.services import (
    DeadlinePassed,
    InterviewClosed,
    InterviewRuns,
    NothingToShow,
    close_interview,
    close_overdue_interviews,
    save_board,
    save_work,
    show_next,
)
from quizzes.models import Card
from tests.factories import (
    MOCK_CODE,
    learned,
    make_card,
    make_concept,
    make_evidence,
    make_interview,
    make_mock_script,
    make_topic,
)

BOARD = read_board({"height": 2400, "strokes": [{"colour": 1, "width": 1, "points": [1, 2, 30, 40]}]})
GOOD = Ratings(dict.fromkeys(("intuition", "derivation", "implementation", "practice", "clarity"), 4))


def marks(value: int, **more: object) -> Ratings:
    return Ratings(dict.fromkeys(GOOD.marks, value), **more)


def run_in(interview, code: str) -> MockRun:
    run, _ = start_run(interview=interview, code=code, id=uuid4(), now=timezone.now(), wait=60)
    return run


def test_the_clock_takes_the_scripts_minutes_and_the_learners_factor(alice):
    alice.time_factor = 1.5
    interview = make_interview(alice, minutes=20)
    assert interview.deadline - interview.started_at == timedelta(minutes=30)


def test_one_interview_runs_at_a_time(alice, bob):
    first = make_interview(alice)
    with pytest.raises(InterviewRuns) as error:
        make_interview(alice)
    assert error.value.interview == first
    make_interview(bob)
    close_interview(interview=first, now=timezone.now())
    make_interview(alice)


def test_an_interview_that_is_over_makes_way_for_the_next(alice):
    first = make_interview(alice, minutes_ago=40)
    make_interview(alice)
    first.refresh_from_db()
    assert first.finished_at == first.deadline


def test_hints_and_follow_ups_come_one_by_one_and_a_repeated_press_shows_no_more(alice):
    interview, now = make_interview(alice), timezone.now()

    def show(what: Shown, number: int) -> None:
        show_next(interview=interview, what=what, number=number, now=now)

    show(Shown.HINT, 1)
    show(Shown.HINT, 1)
    assert interview.reveals.count() == 1
    for what, number in [(Shown.HINT, 3), (Shown.FOLLOW_UP, 2), (Shown.FOLLOW_UP_HINT, 1), (Shown.HINT, 0)]:
        with pytest.raises(NothingToShow):
            show(what, number)
    show(Shown.FOLLOW_UP, 1)
    show(Shown.FOLLOW_UP_HINT, 1)
    show(Shown.FOLLOW_UP, 2)
    with pytest.raises(NothingToShow):
        show(Shown.FOLLOW_UP_HINT, 2)
    show(Shown.FOLLOW_UP, 3)
    with pytest.raises(NothingToShow):
        show(Shown.FOLLOW_UP, 4)


def test_what_comes_within_the_grace_is_kept_and_later_is_refused(alice):
    interview = make_interview(alice)
    save_work(interview=interview, now=interview.deadline + timedelta(seconds=1), pad="just in time")
    late = interview.deadline + timedelta(seconds=3)
    with pytest.raises(DeadlinePassed):
        save_work(interview=interview, now=late, pad="too late")
    with pytest.raises(DeadlinePassed):
        save_board(interview=interview, board=BOARD, now=late)
    with pytest.raises(DeadlinePassed):
        show_next(interview=interview, what=Shown.HINT, number=1, now=late)
    interview.refresh_from_db()
    assert (interview.pad, interview.board_svg) == ("just in time", "")


def test_a_finished_interview_takes_nothing_and_closing_again_changes_nothing(alice):
    interview = make_interview(alice, minutes_ago=5)
    closed = close_interview(interview=interview, now=timezone.now())
    again = close_interview(interview=interview, now=timezone.now() + timedelta(minutes=1))
    assert again.finished_at == closed.finished_at
    with pytest.raises(InterviewClosed):
        save_work(interview=interview, now=timezone.now(), pad="more")
    with pytest.raises(InterviewClosed):
        show_next(interview=interview, what=Shown.HINT, number=1, now=timezone.now())


def test_the_clock_closes_only_what_is_over_for_longer_than_the_grace(alice, bob):
    interview = make_interview(alice)
    make_interview(bob)
    assert close_overdue_interviews(now=interview.deadline + timedelta(seconds=1)) == 0
    assert close_overdue_interviews(now=interview.deadline + timedelta(seconds=3), learner=alice) == 1


def test_the_drawing_is_kept_as_strokes_and_as_an_svg_of_the_servers(alice):
    interview = make_interview(alice)
    save_board(interview=interview, board=BOARD, now=timezone.now())
    interview.refresh_from_db()
    assert read_board(interview.board) == BOARD
    assert interview.board_svg.startswith("<svg xmlns=")


def test_code_is_run_and_its_tests_are_evidence_that_nobody_rated(alice):
    concept = make_concept()
    interview = make_interview(alice, make_mock_script(kind="implementation", concepts=[concept]))
    assert interview.code == MOCK_CODE["given"]
    assert not run_in(interview, "def double(x):\n    return x * x\n").passed
    close_interview(interview=interview, now=timezone.now())
    evidence = Evidence.objects.get(source=f"mock:{interview.pk}:{concept.code}:tests")
    assert (evidence.credit, evidence.self_rated) == (0.5, False)
    closed = close_interview(interview=interview, now=timezone.now())
    rating = rate_interview(interview=closed, ratings=GOOD, now=timezone.now())
    assert (rating.own_score, rating.score) == (1.0, pytest.approx(0.85))


def test_code_that_was_never_run_counts_as_no_test_passed_and_is_no_evidence(alice):
    interview = make_interview(alice, make_mock_script(kind="debugging", concepts=[make_concept()]))
    interview = close_interview(interview=interview, now=timezone.now())
    assert not Evidence.objects.exists()
    assert rate_interview(interview=interview, ratings=GOOD, now=timezone.now()).score == pytest.approx(0.7)


def test_a_runs_id_is_one_run_and_belongs_to_its_interview(alice, bob):
    mine, theirs = make_interview(alice, kind="implementation"), make_interview(bob, kind="implementation")
    run = run_in(mine, MOCK_CODE["solution"])
    again, _ = start_run(interview=mine, code="other", id=run.pk, now=timezone.now(), wait=60)
    assert (again.pk, again.code, again.passed) == (run.pk, MOCK_CODE["solution"], True)
    with pytest.raises(RunTaken):
        start_run(interview=theirs, code="x", id=run.pk, now=timezone.now())


def test_a_rating_is_evidence_once_and_another_one_changes_it(alice):
    concept = make_concept()
    interview = make_interview(alice, make_mock_script(concepts=[concept]))
    with pytest.raises(StillRunning):
        rate_interview(interview=interview, ratings=GOOD, now=timezone.now())
    show_next(interview=interview, what=Shown.FOLLOW_UP, number=1, now=timezone.now())
    interview = close_interview(interview=interview, now=timezone.now())
    first = rate_interview(interview=interview, ratings=marks(4, follow_ups={1: "yes", 2: "no"}), now=timezone.now())
    assert (first.follow_ups, first.score) == ({"1": "yes"}, 1.0)
    rate_interview(interview=interview, ratings=marks(2, follow_ups={1: "no"}), now=timezone.now())
    evidence = Evidence.objects.get()
    assert evidence.source == f"mock:{interview.pk}:{concept.code}"
    assert (evidence.credit, evidence.self_rated, evidence.guess_chance) == (pytest.approx(0.25), True, 0.0)


def test_what_was_known_before_the_interview_is_kept_with_it(alice):
    known, unknown = make_concept(), make_concept()
    for _ in range(4):
        make_evidence(alice, known)
    interview = make_interview(alice, make_mock_script(concepts=[known, unknown]))
    mastery, answers = interview.measured[known.code]
    assert mastery > 0.5
    assert answers == 4
    assert interview.measured[unknown.code] == [0.0, 0]


def test_scripts_on_what_was_studied_a_week_ago_are_chosen_first(alice):
    now, rng = timezone.now(), Random(1)
    topics = [make_topic(), make_topic()]
    concept = make_concept()
    old = make_mock_script(topics=topics[:1])
    make_mock_script(topics=topics[1:])
    practised = make_mock_script(concepts=[concept], kind="case")
    for topic, days in zip(topics, (9, 2), strict=True):
        PartRead.objects.create(learner=alice, topic=topic, part="overview", read_at=now - timedelta(days=days))
    assert choose_script(learner=alice, wishes=Wishes(kind="theory"), now=now, rng=rng) == old
    make_evidence(alice, concept, days_ago=8)
    found = {choose_script(learner=alice, wishes=Wishes(), now=now, rng=rng) for _ in range(30)}
    assert found == {old, practised}
    close_interview(interview=make_interview(alice, old), now=now)
    found = {choose_script(learner=alice, wishes=Wishes(), now=now, rng=rng) for _ in range(30)}
    assert found == {practised}


def test_wishes_narrow_the_choice_and_retired_scripts_are_never_chosen(alice):
    now, rng = timezone.now(), Random(1)
    short = make_mock_script(minutes=20, roles=["applied_scientist"])
    long = make_mock_script(minutes=30, kind="case", roles=["ml_engineer"])

    def choose(**wishes: object) -> MockScript:
        return choose_script(learner=alice, wishes=Wishes(**wishes), now=now, rng=rng)

    assert choose(minutes=20) == short
    assert choose(kind="case") == long
    assert choose(role="ml_engineer") == long
    with pytest.raises(NoScript):
        choose(kind="case", minutes=20)
    MockScript.objects.update(retired=True)
    with pytest.raises(NoScript):
        choose()


def closed_and_rated(learner, script, value: int, **follow_ups: str):
    interview = make_interview(learner, script)
    for number in range(1, len(follow_ups) + 1):
        show_next(interview=interview, what=Shown.FOLLOW_UP, number=number, now=timezone.now())
    interview = close_interview(interview=interview, now=timezone.now())
    answers = dict(enumerate(follow_ups.values(), start=1))
    return interview, rate_interview(interview=interview, ratings=marks(value, follow_ups=answers), now=timezone.now())


def test_what_went_badly_is_proposed_and_what_went_well_is_only_listed(alice):
    concept, topic = make_concept(), make_topic()
    make_card(concept)
    script = make_mock_script(concepts=[concept], topics=[topic])
    poor = proposals(*closed_and_rated(alice, script, 1, first="no", second="yes"))
    assert [item.proposed for item in (*poor.concepts, *poor.topics, *poor.cards)] == [True] * 3
    assert [item.key for item in poor.follow_ups] == ["1"]
    good = proposals(*closed_and_rated(alice, script, 4, first="yes", second="yes"))
    assert [item.proposed for item in (*good.concepts, *good.topics, *good.cards)] == [False] * 3
    assert good.follow_ups == []


def test_the_part_that_was_missed_is_proposed_and_not_the_whole_script(alice):
    """All went well but the second follow-up: its concept and topic come again, the others are only listed."""
    known, missed = make_concept("ML-001"), make_concept("ML-002")
    topics = [make_topic(1, slug="known-topic"), make_topic(2, slug="missed-topic")]
    for topic, concept in zip(topics, (known, missed), strict=True):
        topic.concepts.add(concept)
        make_card(concept)
    follow_ups = [
        {"ask": f"Follow-up question {n}?", "answer": "Secret answer: a long yes.", "concepts": [code]}
        for n, code in enumerate(("ML-001", "ML-002", "ML-002"), start=1)
    ]
    script = make_mock_script(concepts=[known, missed], topics=topics, follow_ups=follow_ups)
    interview, rating = closed_and_rated(alice, script, 4, first="yes", second="no", third="no")
    found = proposals(interview, rating)
    for items in (found.concepts, found.topics, found.cards):
        assert [item.proposed for item in items] == [False, True]
    credits = dict(Evidence.objects.of(alice).values_list("concept__code", "credit"))
    assert credits == {"ML-001": 1.0, "ML-002": pytest.approx(1 / 3)}
    take_over(interview=interview, wanted=Wanted(follow_ups=[2]), now=timezone.now())
    assert Card.objects.of(alice).get().concept == missed


def test_what_is_taken_over_becomes_reviews_and_cards_once(alice):
    concept, other, topic = make_concept(), make_concept(), make_topic()
    now, today = timezone.now(), alice.day_of(timezone.now())
    later, suspended, foreign = (learned(alice, make_card(of)) for of in (concept, concept, other))
    for card in (later, foreign):
        card.state, card.due_on, card.stability, card.difficulty = State.REVIEW, today + timedelta(days=9), 9.0, 5.0
        card.last_on = today
        card.save()
    suspended.suspended = True
    suspended.save()
    interview, _ = closed_and_rated(alice, make_mock_script(concepts=[concept], topics=[topic]), 1, first="no")
    wanted = Wanted([concept.code, other.code], [topic.slug, "elsewhere"], [concept.code, other.code], [1, 9])
    taken = take_over(interview=interview, wanted=wanted, now=now)
    assert (taken.reviews, taken.cards, taken.written) == (2, 2, 1)
    assert set(ReviewRequest.objects.of(alice).values_list("source", flat=True)) == {f"mock:{interview.pk}"}
    for card in (later, suspended, foreign):
        card.refresh_from_db()
    assert (later.due_on, suspended.suspended, suspended.position) == (today, False, 0)
    assert foreign.due_on == today + timedelta(days=9)
    own = Card.objects.of(alice).get()
    assert (own.content["front"], own.content["back"]) == (
        "Follow-up question 1, asked aloud?",
        "Secret answer 1: yes.",
    )
    assert own.concept == concept
    again = take_over(interview=interview, wanted=wanted, now=now)
    assert (again.reviews, again.written) == (0, 0)
    assert Card.objects.of(alice).count() == 1
