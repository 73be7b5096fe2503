"""Scores, the choice of a script, and how own ratings compare with what is measured."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.domain.mocks.calibration import MIN_SITTINGS, Verdict, judge
from quizzes.domain.mocks.choosing import Candidate, choose
from quizzes.domain.mocks.scoring import own_score, whole_score

MARKS = st.lists(st.integers(0, 4), min_size=5, max_size=5)
FOLLOW_UPS = st.lists(st.sampled_from(["yes", "partly", "no"]), max_size=6)


@given(MARKS, FOLLOW_UPS, st.none() | st.floats(0, 1))
def test_a_score_lies_between_0_and_1_and_better_marks_never_lower_it(marks, follow_ups, tests):
    score = whole_score(own_score(marks, follow_ups), tests)
    assert 0 <= score <= 1
    better = whole_score(own_score([min(4, mark + 1) for mark in marks], follow_ups), tests)
    assert better >= score


def test_follow_ups_and_tests_weigh_three_tenths_each():
    assert own_score([2] * 5, []) == 0.5
    assert own_score([4] * 5, ["no", "partly"]) == pytest.approx(0.7 + 0.3 * 0.25)
    assert whole_score(1.0, None) == 1.0
    assert whole_score(1.0, 0.0) == pytest.approx(0.7)


def choice(*candidates: Candidate) -> set[int | None]:
    return {choose(candidates, Random(seed)) for seed in range(30)}


def test_what_was_studied_a_week_ago_comes_before_what_was_studied_yesterday_and_what_never_was():
    settled, fresh, unknown = Candidate(1, 8, None), Candidate(2, 1, None), Candidate(3, None, None)
    general = Candidate(4, None, None, is_general=True)
    assert choice(unknown, fresh, general, settled) == {1}
    assert choice(unknown, fresh, general) == {4}
    assert choice(unknown, fresh) == {2}
    assert choice(unknown) == {3}
    assert choice() == {None}


def test_what_was_sat_of_late_comes_last_and_the_longest_ago_first():
    assert choice(Candidate(1, 30, 2), Candidate(2, None, None)) == {2}
    assert choice(Candidate(1, 30, 2), Candidate(2, None, 20)) == {2}
    assert choice(Candidate(1, 30, 40), Candidate(2, 9, None)) == {1, 2}


def test_nothing_is_said_of_confidence_before_enough_interviews_agree():
    assert judge([]).verdict is Verdict.OPEN
    assert judge([0.5] * (MIN_SITTINGS - 1)).verdict is Verdict.OPEN
    assert judge([0.6, -0.5, 0.4]).verdict is Verdict.OPEN
    assert judge([0.3, 0.35, 0.3]).verdict is Verdict.OVER
    assert judge([-0.3, -0.2, -0.25]).verdict is Verdict.UNDER
    assert judge([0.02, -0.03, 0.05, 0.0]).verdict is Verdict.FITS
    assert judge([0.3, 0.35, 0.3]).points == 32


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=20))
def test_a_judgement_turns_over_with_its_gaps(gaps):
    opposite = {Verdict.OVER: Verdict.UNDER, Verdict.UNDER: Verdict.OVER}
    verdict = judge(gaps).verdict
    assert judge([-gap for gap in gaps]).verdict == opposite.get(verdict, verdict)
