"""Ways to predict each answer from those before it: the model in use, what it was chosen over, and plain yardsticks.

Each takes a history and gives the predicted chance of every answer, shape (learners, answers).
"""

from collections.abc import Callable, Sequence
from dataclasses import fields

import numpy as np

from progress.domain.mastery import interval, probability
from progress.domain.traces import MODEL, Answers, Model, Trace
from tests.progress.mastery.learners import CONCEPTS, Floats, History

Candidate = Callable[[History], Floats]


def _sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def filtered(history: History, model: Model = MODEL) -> Floats:
    """The model in use."""
    return followed(history, model)[0]


def covered(history: History) -> Floats:
    """Whether the interval before each answer held the true chance of knowing it."""
    _, low, high = followed(history)
    known = (history.chance - history.guess) / (1 - history.guess)
    return ((low - 1e-9 <= known) & (known <= high + 1e-9)).astype(float)


def followed(history: History, model: Model = MODEL) -> tuple[Floats, Floats, Floats]:
    """The model in use: the predicted chances, and between which the chances without guessing lie."""
    learners, answers = history.right.shape
    rows = np.arange(learners)
    start = model.start()
    state = {f.name: np.full((learners, CONCEPTS), getattr(start, f.name)) for f in fields(Trace)}
    last = np.zeros((learners, CONCEPTS))
    predicted, low, high = (np.zeros_like(history.right) for _ in range(3))
    for n in range(answers):
        at = rows, history.concept[:, n]
        trace = Trace(**{name: values[at] for name, values in state.items()})
        days = history.day[:, n] - last[at]
        now = model.later(trace, days)
        known = probability(now, 0.0, history.difficulty[:, n])
        low[:, n], high[:, n] = interval(now, 0.0, history.difficulty[:, n])
        predicted[:, n] = history.guess[:, n] + (1 - history.guess[:, n]) * known
        answer = Answers(history.right[:, n], history.guess[:, n], history.difficulty[:, n], 1.0)
        after = model.after(trace, days, answer)
        for name, values in state.items():
            values[at] = getattr(after, name)
        last[at] = history.day[:, n]
    return predicted, low, high


def share_of_right(history: History) -> Floats:
    """The share of right answers on the concept so far, as if one of two had been right before."""
    learners, answers = history.right.shape
    rows = np.arange(learners)
    right, count = np.full((learners, CONCEPTS), 1.0), np.full((learners, CONCEPTS), 2.0)
    predicted = np.zeros_like(history.right)
    for n in range(answers):
        at = rows, history.concept[:, n]
        predicted[:, n] = right[at] / count[at]
        right[at] += history.right[:, n]
        count[at] += 1
    return predicted


def share_of_all(history: History) -> Floats:
    """The share of right answers so far on anything."""
    right = np.cumsum(history.right, axis=1) - history.right + 1
    return right / (np.arange(history.right.shape[1]) + 2)


def elo(history: History, step: float = 0.4, own: bool = True) -> Floats:
    """Plain Elo: a rating a concept (or a learner), moved by `step` of each surprise; it never fades."""
    learners, answers = history.right.shape
    rows = np.arange(learners)
    rating = np.zeros((learners, CONCEPTS if own else 1))
    predicted = np.zeros_like(history.right)
    for n in range(answers):
        at = rows, history.concept[:, n] if own else np.zeros(learners, dtype=int)
        predicted[:, n] = _sigmoid(rating[at] - history.difficulty[:, n])
        rating[at] += step * (history.right[:, n] - predicted[:, n])
    return predicted


DAYS = (1.0, 10.0, 100.0)


def decaying_factors(history: History, weights: Sequence[float]) -> Floats:
    """Performance factors with counts of right and wrong answers that fade over three time spans (in days).

    weights: of a constant, then of the right and of the wrong counts (as log(1 + count)) a span.
    """
    learners, answers = history.right.shape
    rows = np.arange(learners)
    counts = np.zeros((2, len(DAYS), learners, CONCEPTS))
    last = np.zeros((learners, CONCEPTS))
    predicted = np.zeros_like(history.right)
    spans = np.array(DAYS)[:, None]
    for n in range(answers):
        at = rows, history.concept[:, n]
        counts[:, :, at[0], at[1]] *= np.exp(-(history.day[:, n] - last[at]) / spans)
        last[at] = history.day[:, n]
        now = np.log1p(counts[:, :, at[0], at[1]]).reshape(2 * len(DAYS), learners)
        known = _sigmoid(weights[0] + np.asarray(weights[1:]) @ now - history.difficulty[:, n])
        predicted[:, n] = history.guess[:, n] + (1 - history.guess[:, n]) * known
        counts[0, :, at[0], at[1]] += history.right[:, n][:, None]
        counts[1, :, at[0], at[1]] += 1 - history.right[:, n][:, None]
    return predicted


def log_loss(predicted: Floats, right: Floats) -> float:
    """Mean of −log of the chance given to what happened, in nats."""
    p = np.clip(predicted, 1e-6, 1 - 1e-6)
    return float(-np.mean(right * np.log(p) + (1 - right) * np.log(1 - p)))


def calibration_error(predicted: Floats, right: Floats, bins: int = 10) -> float:
    """Expected calibration error: mean distance of the predicted chance from the share right, by tenths."""
    place = np.minimum((predicted * bins).astype(int), bins - 1).ravel()
    gap = np.bincount(place, (predicted - right).ravel(), minlength=bins)
    return float(np.abs(gap).sum() / right.size)
