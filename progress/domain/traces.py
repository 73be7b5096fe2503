"""What answers leave behind: how strongly a concept is known, how surely, and how long it will hold.

One trace a learner and concept, four numbers and the moment they hold for. Strength is on the logit scale: the
log-odds of a right answer to an item of middle difficulty, without guessing. An answer to an item of difficulty b with
guessing floor g is right with P = g + (1 − g) · σ(strength − b).

- Answers: one step of a Kalman filter linearised at the estimate, with the three-parameter logistic model as what is
  observed (its gradient and its Fisher information). So a sure trace moves little, an unsure one much, as in Glicko.
- Learning: a right answer also teaches, by `Model.teaches`; so does a wrong one in life, but never shown as a rise.
- Forgetting: the odds above a floor fall as a power of time, (1 + days / stability) ^ −decay, and the variance goes
  back towards that of somebody unknown by the same law. Such a curve goes on by itself: strength and stability + days
  at a later moment give the same future. A right answer leaves a stability of at least that, a wrong one at most;
  therefore a right answer never lowers what is predicted for any later moment, and a wrong one never raises it
  (prerequisites' loans aside, which give way to answers).
  Stability grows with the time that has been bridged (the spacing effect).

Chosen by test on simulated learners of three forms (tests/progress/mastery), to whom the constants were fitted. Its log
loss is 12 to 15 % below that of the share of right answers so far and 7 to 11 % below that of plain Elo at its best
step; its calibration error is below 0.05. Performance factors with counts that fade over three time spans predict as
well (within 2 %), but give no interval, and let what was failed rise again with time. A strength lent by all the
learner's other concepts was tried too and predicted no better. Real learners may be other: the constants are a start.

Sources: A. Birnbaum, "Some latent trait models", 1968 (guessing, information); M. Glickman, "Parameter estimation in
large dynamic paired comparison experiments", 1999 (the filter); P. Pavlik, H. Cen, K. Koedinger, "Performance factors
analysis", 2009 (learning from each answer); J. Wixted, E. Ebbesen, "On the form of forgetting", 1991 (the power law);
N. Cepeda et al., "Spacing effects in learning", 2008.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

VERSION = 1
"""Goes up with every change of the model or its constants; stored traces of another version are reckoned anew."""

HIGHEST = 6.0
"""Strengths lie between −HIGHEST and HIGHEST: nothing is ever quite certain."""
DIFFICULTY_LIMIT = 4.0

_NUMPY = SimpleNamespace(exp=np.exp, log=np.log, log1p=np.log1p, highest=np.maximum, lowest=np.minimum)
PLAIN = SimpleNamespace(exp=math.exp, log=math.log, log1p=math.log1p, highest=max, lowest=min)
"""The same functions for plain floats, twenty times as quick for a single trace."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A learner's memory of a concept at a moment: numbers, or arrays of one shape.

    strength: logit of a right answer to an item of middle difficulty, without guessing. variance: of the strength, > 0.
    stability: days, > 0; the larger, the slower the strength falls. start: what part of the strength is still the
    start's and not the answers', 1 (no answer) to 0.
    """

    strength: Any
    variance: Any
    stability: Any
    start: Any


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers, as numbers or as arrays of one shape.

    credit: 0 to 1. guess: the credit to expect of a blind guess, 0 ≤ g < 1. difficulty: of the item, in logits, 0 for
    middle. weight: 1, less where the learner gave the credit.
    """

    credit: Any
    guess: Any
    difficulty: Any
    weight: Any


@dataclass(frozen=True, slots=True)
class Claim:
    """What a learner says of themselves: a strength (logit), how little it counts (variance), for how long (days).

    only_raises: whether it leaves a strength that is shown to be higher.
    """

    strength: float
    variance: float
    stability: float
    only_raises: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """The constants, fitted on simulated learners, and the formulae; each stands once.

    `m` is what reckons: numpy, or math for plain floats.
    """

    start_strength: float = -0.8
    start_variance: float = 3.5
    start_stability: float = 6.0
    floor: float = -1.25
    decay: float = 0.7
    variance_decay: float = 0.7
    least_variance: float = 0.25
    teaches: float = 0.16
    falls: float = 0.48
    stability_step: float = 2.2
    spacing: float = 0.4
    kept_by_lapse: float = 0.25
    least_stability: float = 2.0

    def start(self) -> Trace:
        """The trace of a concept before any answer."""
        return Trace(self.start_strength, self.start_variance, self.start_stability, 1.0)

    def later(self, trace: Trace, days: Any, m: Any = _NUMPY) -> Trace:
        """The trace so many days later (≥ 0), without practice."""
        clock = m.log1p(days / trace.stability)
        floor = math.exp(self.floor)
        above = m.highest(m.exp(trace.strength) - floor, 0.0)
        fallen = m.log(floor + above * m.exp(-self.decay * clock))
        return Trace(
            m.lowest(trace.strength, fallen),
            self.start_variance - (self.start_variance - trace.variance) * m.exp(-self.variance_decay * clock),
            trace.stability + days,
            trace.start,
        )

    def after(self, trace: Trace, days: Any, answer: Answers, m: Any = _NUMPY) -> Trace:
        """The trace after an answer so many days (≥ 0) later."""
        now = self.later(trace, days, m)
        known = sigmoid(now.strength - answer.difficulty, m)
        right = answer.guess + (1.0 - answer.guess) * known
        slope = (1.0 - answer.guess) * known * (1.0 - known) / right
        narrowing = 1.0 + answer.weight * slope * known * now.variance
        variance = now.variance / narrowing
        rise = variance * slope + self.teaches
        fall = self.falls * variance * known
        strength = now.strength + answer.weight * (answer.credit * rise - (1.0 - answer.credit) * fall)
        longer = answer.credit * (self.stability_step + self.spacing * days)
        kept = m.lowest(now.stability, m.highest(self.kept_by_lapse * trace.stability, self.least_stability))
        shorter = (1.0 - answer.credit) * (now.stability - kept)
        return Trace(
            m.lowest(m.highest(strength, -HIGHEST), HIGHEST),
            m.highest(variance, m.lowest(now.variance, self.least_variance)),
            now.stability + answer.weight * (longer - shorter),
            now.start / narrowing,
        )

    def practised(self, trace: Trace, days: Any, m: Any = _NUMPY) -> Trace:
        """The trace to be expected after an answer to come, so many days (≥ 0) later.

        Its credit is the probability of a right answer then: the mean of what may come, not one of the two.
        """
        credit = sigmoid(self.later(trace, days, m).strength, m)
        return self.after(trace, days, Answers(credit, 0.0, 0.0, 1.0), m)

    def claimed(self, trace: Trace, days: Any, claim: Claim, m: Any = _NUMPY) -> Trace:
        """The trace after the learner said so many days (≥ 0) later how far they are: one more observation, no more."""
        now = self.later(trace, days, m)
        trust = now.variance / (now.variance + claim.variance)
        told = now.strength + trust * (claim.strength - now.strength)
        return Trace(
            m.highest(now.strength, told) if claim.only_raises else told,
            now.variance * (1.0 - trust),
            m.highest(now.stability, claim.stability),
            now.start * (1.0 - trust),
        )


def sigmoid(x: Any, m: Any = _NUMPY) -> Any:
    """The probability that log-odds of x stand for."""
    return 1.0 / (1.0 + m.exp(-x))


MODEL = Model()


def retraced(
    events: Iterable[tuple[float, Answers | Claim]], trace: Trace | None = None, day: float | None = None
) -> Trace:
    """The trace after events in the order of time, in plain floats.

    events: the day (a number that grows by 1 a day) and what happened. trace: where to go on from, holding for `day`.
    """
    trace = trace or MODEL.start()
    for when, what in events:
        days = 0.0 if day is None else max(0.0, when - day)
        trace = (
            MODEL.after(trace, days, what, PLAIN)
            if isinstance(what, Answers)
            else MODEL.claimed(trace, days, what, PLAIN)
        )
        day = when
    return trace


def retraced_all(  # noqa: PLR0913, PLR0917 (events as columns)
    count: int,
    concept: ArrayLike,
    day: ArrayLike,
    answers: Answers,
    claim: ArrayLike | None = None,
    claims: Sequence[Claim] = (),
) -> Trace:
    """The traces of `count` concepts after all their events, each array of shape (count,), as `retraced` gives each.

    concept: for each of n events the index of its concept, shape (n,), grouped by concept and within a concept in the
    order of time. day: of each, shape (n,). answers: arrays of shape (n,). claim: −1 for an answer, else the index in
    `claims` of what was said instead; none if left out.

    All concepts' first events are reckoned at once, then all second ones, and so on: the time it takes grows with the
    longest history, hardly with the number of concepts. Of a long history only the end is reckoned, from several
    beginnings far apart: where they come to the same, what came before has no influence any more. Where they do not,
    more of it is reckoned, at last the whole.
    """
    concept_of = np.asarray(concept, dtype=np.intp)
    counts = np.bincount(concept_of, minlength=count)
    columns = [
        np.asarray(column, dtype=float)
        for column in (day, answers.credit, answers.guess, answers.difficulty, answers.weight)
    ]
    said = None if claim is None else np.asarray(claim, dtype=np.intp)
    events = _Events(columns, said, claims)
    ends = np.cumsum(counts)
    found, left = [np.zeros(count) for _ in range(4)], np.arange(count)
    for size in _ENDS:
        long = left[counts[left] > _LONGER * size]
        if not len(long):
            break
        state, same = _by_their_ends(ends[long], size, events)
        for values, new in zip(found, state, strict=True):
            values[long[same]] = new[same]
        left = np.setdiff1d(left, long[same], assume_unique=True)
    is_left = np.zeros(count, dtype=bool)
    is_left[left] = True
    others = np.flatnonzero(is_left[concept_of])
    whole = _reckoned(len(left), (np.cumsum(is_left) - 1)[concept_of[others]], events.at(others))
    for values, new in zip(found, whole, strict=True):
        values[left] = new
    return Trace(*found)


_ENDS, _LONGER = (300, 1_500), 1.5
"""Of histories so much longer the last so many events are reckoned, and more of them where that is too few."""
_FAR_APART = (MODEL.start(), Trace(HIGHEST, 0.25, 10_000.0, 0.0), Trace(-HIGHEST, 0.25, 1.0, 0.0))
_SAME = (1e-5, 1e-3, 1e-5, 1e-3)
"""How near strength, variance, stability (relative) and start come to each other wherever one begins."""


@dataclass(frozen=True)
class _Events:
    """Events as columns: day, credit, guess, difficulty, weight; and what was said, as in `retraced_all`."""

    columns: Sequence[Floats]
    said: NDArray[np.intp] | None
    claims: Sequence[Claim]

    def at(self, rows: NDArray[np.intp]) -> "_Events":
        said = None if self.said is None else self.said[rows]
        return _Events([column[rows] for column in self.columns], said, self.claims)


def _by_their_ends(ends: NDArray[np.intp], size: int, events: _Events) -> tuple[list[Floats], NDArray[np.bool_]]:
    """What the last `size` events of long histories come to, and whether they do wherever one begins.

    ends: for each history the place after its last event.
    """
    count, tries = len(ends), len(_FAR_APART)
    rows = np.tile((ends[:, None] - size + np.arange(size)).ravel(), tries)
    begin = [np.repeat(values, count) for values in np.array([_parts(trace) for trace in _FAR_APART]).T]
    since = np.tile(events.columns[0][ends - size - 1], tries)
    reckoned = _reckoned(tries * count, np.repeat(np.arange(tries * count), size), events.at(rows), begin, since)
    ended = [values.reshape(tries, count) for values in reckoned]
    scales = (1.0, 1.0, ended[2][0], 1.0)
    near = [np.ptp(values, axis=0) <= limit * scale for values, limit, scale in zip(ended, _SAME, scales, strict=True)]
    return [values[0] for values in ended], np.all(near, axis=0)


def _reckoned(
    count: int,
    concept_of: NDArray[np.intp],
    events: _Events,
    begin: Sequence[Floats] | None = None,
    since: Floats | None = None,
) -> list[Floats]:
    """The four numbers of `count` traces after their events.

    begin: what each trace is before, holding for the day `since`; if left out, the start of somebody unknown.
    """
    counts = np.bincount(concept_of, minlength=count)
    order = np.argsort(-counts, kind="stable")
    place, sizes = _by_rank(concept_of, counts, order)
    columns = [_put(column, place) for column in events.columns]
    said = None if events.said is None else _put(events.said, place, np.intp)
    starts = begin or [np.full(count, value) for value in _parts(MODEL.start())]
    state = [values[order] for values in starts]
    last = np.zeros(count) if since is None else since[order]
    at = 0
    for rank, size in enumerate(sizes):
        end = at + size
        when, credit, guess, difficulty, weight = (column[at:end] for column in columns)
        is_first = since is None and rank == 0
        days = np.zeros(size) if is_first else np.maximum(when - last[:size], 0.0)
        before = Trace(*(values[:size] for values in state))
        after = MODEL.after(before, days, Answers(credit, guess, difficulty, weight))
        if said is not None:
            after = _overlaid(after, before, days, said[at:end], events.claims)
        for values, new in zip(state, _parts(after), strict=True):
            values[:size] = new
        last[:size] = when
        at = end
    back = np.empty(count, dtype=np.intp)
    back[order] = np.arange(count)
    return [values[back] for values in state]


def _by_rank(
    concept: NDArray[np.intp], counts: NDArray[np.intp], order: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each event goes so that all first events come first, those of the longest histories in front; and how many
    events there are of each rank."""
    ends = np.cumsum(counts)
    rank = np.arange(len(concept)) - np.repeat(ends - counts, counts)
    sizes = np.bincount(rank) if len(rank) else np.zeros(0, dtype=np.intp)
    begins = np.cumsum(sizes) - sizes
    front = np.empty(len(counts), dtype=np.intp)
    front[order] = np.arange(len(counts))
    return begins[rank] + front[concept], sizes


def _put(column: ArrayLike, place: NDArray[np.intp], dtype: Any = float) -> NDArray[Any]:
    values = np.empty(len(place), dtype=dtype)
    values[place] = column
    return values


def _overlaid(after: Trace, before: Trace, days: Floats, said: NDArray[np.intp], claims: Sequence[Claim]) -> Trace:
    """`after`, but as claimed where something was said instead of answered."""
    for number in np.unique(said[said >= 0]):
        rows = np.flatnonzero(said == number)
        told = MODEL.claimed(Trace(*(values[rows] for values in _parts(before))), days[rows], claims[number])
        for values, new in zip(_parts(after), _parts(told), strict=True):
            values[rows] = new
    return after


def _parts(trace: Trace) -> tuple[Any, Any, Any, Any]:
    return trace.strength, trace.variance, trace.stability, trace.start
