"""The time of a focus timer, from its marks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.domain.focus import Marks

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
seconds = st.floats(0, 10_000)


def at(offset):
    return START + timedelta(seconds=offset)


@given(planned=st.floats(60, 10_000), paused=seconds, pauses=st.one_of(st.none(), seconds), now=st.floats(-10, 1e7))
def test_the_time_is_never_negative_and_never_longer_than_planned(planned, paused, pauses, now):
    marks = Marks(START, planned, None if pauses is None else at(pauses), paused)
    assert 0 <= marks.elapsed(at(now)) <= planned
    assert marks.elapsed(at(now)) + marks.left(at(now)) == pytest.approx(planned)


@given(work=st.lists(st.tuples(st.integers(1, 500), st.integers(0, 5000)), max_size=6))
def test_pauses_do_not_count(work):
    """Work and pause by turns: what is counted is the work."""
    now, paused = 0.0, 0.0
    for worked, rested in work:
        marks = Marks(START, 10_000, None, paused)
        now += worked
        before = marks.elapsed(at(now))
        resting = Marks(START, 10_000, at(now), paused)
        now += rested
        assert resting.elapsed(at(now)) == before
        paused += rested
    assert abs(Marks(START, 10_000, None, paused).elapsed(at(now)) - sum(w for w, _ in work)) < 1e-6


def test_it_is_over_when_its_time_is_up():
    marks = Marks(START, 1500, None, 60)
    assert marks.ends_at(START) == at(1560)
    assert not marks.is_over(at(1559))
    assert marks.is_over(at(1560))


def test_a_pause_moves_the_end():
    assert Marks(START, 1500, at(100)).ends_at(at(400)) == at(1800)
