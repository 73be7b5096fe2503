"""The memory model: agreement with the reference implementation, and what holds for every card."""

import fsrs_rs_python
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.domain.fsrs import (
    DEFAULT_WEIGHTS,
    DIFFICULTY_MAX,
    DIFFICULTY_MIN,
    FSRS,
    STABILITY_MAX,
    STABILITY_MIN,
    WEIGHT_BOUNDS,
    Memory,
    Rating,
)

HISTORIES, LENGTH = 1_000, 100
STABILITIES = st.floats(STABILITY_MIN, STABILITY_MAX)
DIFFICULTIES = st.floats(DIFFICULTY_MIN, DIFFICULTY_MAX)


def random_weights(rng: np.random.Generator) -> np.ndarray:
    return np.clip(np.array(DEFAULT_WEIGHTS) * rng.uniform(0.8, 1.2, 21), *np.array(WEIGHT_BOUNDS).T)


@pytest.mark.parametrize("seed", range(4))
def test_100_000_reviews_agree_with_the_reference_implementation(seed):
    """A quarter each: the default weights first, then random ones; compared after every tenth review."""
    rng = np.random.default_rng(seed)
    weights = np.array(DEFAULT_WEIGHTS) if seed == 0 else random_weights(rng)
    count = HISTORIES // 4
    ratings = rng.integers(1, 5, (count, LENGTH))
    days = rng.choice([0, 1, 2, 3, 7, 15, 40, 120], (count, LENGTH))
    days[:, 0] = 0
    ours = FSRS(tuple(weights))
    oracle = fsrs_rs_python.FSRS([float(weight) for weight in weights])
    memory = ours.first(ratings[:, 0])
    for step in range(1, LENGTH):
        memory = ours.after(memory, ratings[:, step], days[:, step])
    for row in range(count):
        reviews = [
            fsrs_rs_python.FSRSReview(int(rating), int(elapsed))
            for rating, elapsed in zip(ratings[row], days[row], strict=True)
        ]
        theirs = oracle.memory_state(fsrs_rs_python.FSRSItem(reviews))
        assert memory.stability[row] == pytest.approx(theirs.stability, rel=1e-4)
        assert memory.difficulty[row] == pytest.approx(theirs.difficulty, rel=1e-4)


def test_intervals_agree_to_the_day():
    ours, oracle = FSRS(), fsrs_rs_python.FSRS(list(DEFAULT_WEIGHTS))
    for stability in (0.2, 1.0, 3.7, 25.0, 180.0, 2_000.0):
        for retention in (0.7, 0.8, 0.9, 0.97):
            theirs = oracle.next_interval(stability, retention, 3)
            assert ours.interval(stability, retention) == pytest.approx(theirs, rel=1e-4)


def test_one_card_and_many_are_reckoned_alike():
    ours = FSRS()
    memory = Memory(np.array([0.5, 7.3, 90.0]), np.array([2.0, 6.1, 9.0]))
    many = ours.after(memory, np.array([1, 3, 4]), np.array([0, 12, 40]))
    for place, (rating, days) in enumerate([(1, 0), (3, 12), (4, 40)]):
        one = ours.after(Memory(memory.stability[place], memory.difficulty[place]), rating, days)
        assert one.stability == pytest.approx(many.stability[place], rel=1e-12)
        assert one.difficulty == pytest.approx(many.difficulty[place], rel=1e-12)


def test_good_late_and_good_early_next_morning_are_two_days():
    """Anki's example: 23:00 and 07:00 are one day apart, and the stability grows to 7.315."""
    ours = FSRS()
    assert ours.after(ours.first(Rating.GOOD), Rating.GOOD, 1).stability == pytest.approx(7.315, abs=1e-3)


@given(STABILITIES, DIFFICULTIES, st.integers(0, 3_650))
def test_a_better_rating_never_leaves_a_weaker_memory(stability, difficulty, days):
    after = FSRS().after(Memory(stability, difficulty), np.array([1, 2, 3, 4]), days)
    assert (np.diff(after.stability) >= -1e-9).all()
    assert (np.diff(after.difficulty) <= 1e-9).all()
    assert (after.stability >= STABILITY_MIN).all()
    assert (after.stability <= STABILITY_MAX).all()


@given(STABILITIES, st.floats(0.70, 0.97))
def test_recall_after_the_interval_is_what_was_desired(stability, retention):
    ours = FSRS()
    assert ours.retrievability(stability, ours.interval(stability, retention)) == pytest.approx(retention)


@given(STABILITIES, st.integers(0, 1_000), st.integers(1, 1_000))
def test_recall_falls_with_time_and_is_nine_tenths_at_the_stability(stability, days, more):
    ours = FSRS()
    assert ours.retrievability(stability, days) > ours.retrievability(stability, days + more) > 0
    assert ours.retrievability(stability, stability) == pytest.approx(0.9)


@pytest.mark.parametrize("weights", [DEFAULT_WEIGHTS[:20], (*DEFAULT_WEIGHTS[:20], 5.0), (float("nan"),) * 21])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(ValueError, match="weight"):
        FSRS(weights)


def test_a_stability_of_nothing_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        FSRS().retrievability(0.0, 3)


@given(st.floats(0.001, 36_500), st.floats(1, 10), st.integers(0, 2_000))
def test_one_card_in_plain_floats_is_reckoned_as_many_in_arrays(stability, difficulty, days):
    memory, ratings = Memory(stability, difficulty), np.array(tuple(Rating))
    together = FSRS().after(memory, ratings, days)
    first = FSRS().first(ratings)
    for place, (rating, one) in enumerate(FSRS().after_each(memory, days).items()):
        assert one.stability == pytest.approx(together.stability[place], rel=1e-12)
        assert one.difficulty == pytest.approx(together.difficulty[place], rel=1e-12)
        assert FSRS().after_each(None, 0)[rating] == Memory(first.stability[place], first.difficulty[place])
