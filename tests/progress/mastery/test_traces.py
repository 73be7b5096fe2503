"""The traces that answers leave: what holds whatever the answers were."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.domain.mastery import (
    CLAIMS,
    corrected_for_guessing,
    group_mastery,
    interval,
    lent_by_prerequisites,
    mastery_of,
    probability,
)
from progress.domain.traces import MODEL, Answers, Trace, retraced, retraced_all

DAYS = st.floats(0, 400)
ANSWERS = st.builds(
    Answers,
    credit=st.sampled_from([0.0, 1.0]) | st.floats(0, 1),
    guess=st.sampled_from([0.0, 0.25, 0.5]),
    difficulty=st.floats(-4, 4),
    weight=st.sampled_from([1.0, 0.5]),
)
EVENTS = st.lists(st.tuples(DAYS, ANSWERS | st.sampled_from(list(CLAIMS.values()))), max_size=12).map(
    lambda events: sorted(events, key=lambda event: event[0])
)
LENT = st.floats(0, 0.5)


def one_more(events, gap, **facts):
    """The traces just before and after one more answer, and their probabilities `ahead` days later."""
    day = events[-1][0] if events else 0.0
    trace = retraced(events)
    gap = gap if events else 0.0
    return MODEL.later(trace, gap), retraced([(day + gap, Answers(**facts))], trace, day)


@given(EVENTS, DAYS, st.sampled_from([0.0, 0.3]), st.floats(-4, 4), LENT, DAYS)
def test_a_right_answer_never_lowers_now_or_later_and_a_wrong_one_never_raises(
    events, gap, guess, difficulty, lent, ahead
):
    facts = {"guess": guess, "difficulty": difficulty, "weight": 1.0}
    before, right = one_more(events, gap, credit=1.0, **facts)
    _, wrong = one_more(events, gap, credit=0.0, **facts)
    # What prerequisites lend gives way to answers, so further ahead it is left aside.
    for days, borrowed in ((0.0, lent), (ahead, 0.0)):
        at_first = probability(MODEL.later(before, days), borrowed)
        assert probability(MODEL.later(right, days), borrowed) >= at_first - 1e-9
        assert probability(MODEL.later(wrong, days), borrowed) <= at_first + 1e-9


@given(EVENTS, DAYS, DAYS, LENT)
def test_without_practice_it_falls_steadily_and_becomes_less_sure(events, first, second, lent):
    trace = retraced(events)
    soon, late = MODEL.later(trace, first), MODEL.later(trace, first + second)
    assert probability(late, lent) <= probability(soon, lent) + 1e-12
    assert late.variance >= soon.variance - 1e-12
    assert soon.variance <= MODEL.start_variance + 1e-12


@given(EVENTS, DAYS, DAYS)
def test_looking_in_between_changes_nothing(events, first, second):
    trace = retraced(events)
    at_once, in_two = MODEL.later(trace, first + second), MODEL.later(MODEL.later(trace, first), second)
    for name in ("strength", "variance", "stability", "start"):
        assert getattr(in_two, name) == pytest.approx(getattr(at_once, name), abs=1e-9)


@given(EVENTS, ANSWERS, LENT)
def test_the_interval_holds_the_estimate_and_each_answer_narrows_it(events, answer, lent):
    trace = retraced(events)
    low, high = interval(trace, lent)
    assert 0 < low < probability(trace, lent) < high < 1
    day = events[-1][0] if events else 0.0
    after = retraced([(day, answer)], trace, day)
    assert after.variance <= trace.variance
    assert after.start <= trace.start


@given(st.lists(EVENTS, min_size=1, max_size=6))
def test_many_concepts_at_once_are_each_as_one_after_the_other(histories):
    flat = [(place, day, what) for place, events in enumerate(histories) for day, what in events]
    claims = list(CLAIMS.values())
    blank = Answers(0.0, 0.0, 0.0, 0.0)
    answers = [what if isinstance(what, Answers) else blank for _, _, what in flat]
    together = retraced_all(
        len(histories),
        [place for place, _, _ in flat],
        [day for _, day, _ in flat],
        Answers(
            *([getattr(answer, name) for answer in answers] for name in ("credit", "guess", "difficulty", "weight"))
        ),
        [-1 if isinstance(what, Answers) else claims.index(what) for _, _, what in flat],
        claims,
    )
    for place, events in enumerate(histories):
        alone = retraced(events)
        for name in ("strength", "variance", "stability", "start"):
            assert getattr(together, name)[place] == pytest.approx(getattr(alone, name), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("share", [0.6, 0.95, 1.0])
def test_of_a_very_long_history_the_end_says_as_much_as_the_whole(share):
    rng = np.random.default_rng(3)
    sizes = [3_000, 20, 700, 0, 1]
    concept, size = np.repeat(np.arange(len(sizes)), sizes), sum(sizes)
    day = np.concatenate([np.sort(rng.uniform(0, 300, count)) for count in sizes])
    right, guess = (rng.random(size) < share).astype(float), rng.choice([0.0, 0.25], size)
    together = retraced_all(len(sizes), concept, day, Answers(right, guess, np.zeros(size), np.ones(size)))
    for place in range(len(sizes)):
        rows = np.flatnonzero(concept == place)
        alone = retraced([(float(day[n]), Answers(float(right[n]), float(guess[n]), 0.0, 1.0)) for n in rows])
        for name, near in (("strength", 1e-5), ("variance", 1e-3), ("stability", 1e-3), ("start", 1e-3)):
            assert getattr(together, name)[place] == pytest.approx(getattr(alone, name), rel=1e-5, abs=near)


@given(EVENTS, st.integers(0, 12))
def test_going_on_from_a_trace_is_as_beginning_anew(events, cut):
    first, rest = events[:cut], events[cut:]
    trace = retraced(rest, retraced(first), first[-1][0] if first else None)
    assert trace == retraced(events)


def test_much_evidence_is_sure_and_little_is_not():
    sizes = []
    for count in (0, 1, 3, 10, 40):
        low, high = interval(retraced([(0.1 * n, Answers(float(n % 3 > 0), 0.0, 0.0, 1.0)) for n in range(count)]))
        sizes.append(high - low)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 0.8
    assert sizes[-1] < 0.5


def test_spaced_answers_hold_longer_than_answers_in_one_go():
    right = Answers(1.0, 0.0, 0.0, 1.0)
    massed = retraced([(30.0 + n / 1000, right) for n in range(6)])
    spaced = retraced([(float(day), right) for day in (0, 2, 6, 12, 20, 30)])

    def kept(trace: Trace) -> float:
        return float(probability(MODEL.later(trace, 60.0)) / probability(trace))

    assert kept(spaced) > kept(massed)


def test_what_is_lent_is_little_and_only_from_what_is_known():
    assert lent_by_prerequisites(-3.0, 1.0) == 0
    assert 0 < lent_by_prerequisites(2.0, 1.0) <= 0.5
    start = MODEL.start()
    assert mastery_of(start, 0.0, False) == 0
    assert 0 < mastery_of(start, 0.5, False) < 0.15


def test_a_blind_guess_shows_nothing_and_a_right_answer_everything():
    assert corrected_for_guessing([0, 0.25, 0.625, 1], 0.25) == pytest.approx([0, 0, 0.5, 1])


def test_a_group_weighs_by_priority_and_an_empty_one_has_none():
    group = group_mastery([1.0, 0.0], [0.8, 0.0], [1.0, 0.4], [3, 1])
    assert group.mastery == pytest.approx(0.75)
    assert 0.6 <= group.low < 0.75 < group.high <= 0.85
    assert group_mastery([], [], [], []).mastery == 0.0


def test_nothing_at_all_is_the_start():
    trace = retraced_all(2, [], [], Answers([], [], [], []))
    assert np.allclose(trace.strength, MODEL.start_strength)
