"""Which questions are drawn, and when the time is up."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quizzes.domain.clock import GRACE, deadline_of, is_over, seconds_left
from quizzes.domain.selection import Candidate, draw

candidates = st.lists(st.integers(1, 8), max_size=40).map(
    lambda concepts: [Candidate(question, concept) for question, concept in enumerate(concepts)]
)


@given(candidates=candidates, count=st.integers(1, 50), seed=st.integers(0, 10**6))
def test_a_quiz_has_as_many_questions_as_wished_or_as_there_are_and_none_twice(candidates, count, seed):
    drawn = draw(candidates, count, Random(seed))
    assert len(drawn) == min(count, len(candidates))
    assert len(set(drawn)) == len(drawn)


@given(candidates=candidates, count=st.integers(1, 50), seed=st.integers(0, 10**6))
def test_no_concept_is_asked_twice_before_each_was_asked_once(candidates, count, seed):
    concept_of = {candidate.question: candidate.concept for candidate in candidates}
    available = Counter(concept_of.values())
    asked = Counter(concept_of[question] for question in draw(candidates, count, Random(seed)))
    for concept, times in asked.items():
        assert all(asked[other] >= min(times - 1, available[other]) for other in available), concept


@given(candidates=candidates, seed=st.integers(0, 10**6))
def test_the_same_seed_draws_the_same_questions_whatever_order_they_come_in(candidates, seed):
    shuffled = Random(0).sample(candidates, len(candidates))
    assert draw(candidates, 5, Random(seed)) == draw(shuffled, 5, Random(seed))


def test_concepts_that_come_first_are_asked_where_not_all_fit():
    three_concepts = [Candidate(10, 1), Candidate(20, 2), Candidate(30, 3)]
    for seed in range(20):
        assert set(draw(three_concepts, 2, Random(seed), first=[3, 1, 2])) == {30, 10}


def test_the_deadline_is_kept_to_two_seconds_of_grace():
    start = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    deadline = deadline_of(start, 10)
    assert deadline == datetime(2026, 1, 1, 12, 10, tzinfo=UTC)
    assert not is_over(deadline, deadline + GRACE)
    assert is_over(deadline, deadline + GRACE + timedelta(milliseconds=1))


def test_the_clock_on_the_page_shows_whole_seconds_and_never_less_than_none():
    deadline = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    assert seconds_left(deadline, deadline - timedelta(seconds=89.2)) == 90
    assert seconds_left(deadline, deadline + timedelta(hours=1)) == 0
