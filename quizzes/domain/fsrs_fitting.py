"""Fitting FSRS's weights to a learner's log, and telling honestly whether the fit is better.

The fit itself is fsrs-rs, by its Python binding. It holds the interpreter's lock, so call `fit` in a process that
serves no pages. Quality is told on reviews later than all that were fitted to: log loss, RMSE over bins, AUC.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import fsrs_rs_python
import numpy as np
from numpy.typing import NDArray

from quizzes.domain.fsrs import FSRS, WEIGHT_BOUNDS, Memory, Rating

FEWEST_REVIEWS = 400
TRAINED_SHARE = 0.8
WINDOW = 100
"""So many reviews back the moving average looks."""

_BINS = 20
_SMALLEST = 1e-6
_REPLAYED, _COMPUTED = 0.1, 0.85
"""Shares of a fit's time by which the first replay and the fit itself are done, as measured."""
Floats = NDArray[np.float64]
Weights = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class History:
    """All answers to one card in order: ratings 1 to 4, whole days since the answer before (0 first), and the day of
    each as a number that grows with time."""

    ratings: list[int]
    elapsed: list[int]
    days: list[int]


@dataclass(frozen=True, slots=True)
class Predictions:
    """Recall as predicted before each review at least a day after the one before, and what came; by day."""

    recall: Floats
    recalled: Floats
    days: Floats


@dataclass(frozen=True, slots=True)
class Quality:
    """How well predictions fit what came. reliability: mean prediction, share recalled and count, by tenths."""

    log_loss: float
    rmse_bins: float
    auc: float
    reliability: list[tuple[float, float, int]]


@dataclass(frozen=True, slots=True)
class Fit:
    """Fitted weights and what they are worth on the later reviews, beside the current ones and a moving average."""

    weights: Weights
    reviews: int
    fitted: Quality
    current: Quality
    average: Quality

    @property
    def is_better(self) -> bool:
        """Whether the fit beats both baselines in log loss."""
        return self.fitted.log_loss < min(self.current.log_loss, self.average.log_loss)


def count_reviews(histories: Sequence[History]) -> int:
    """How many reviews can teach something: those at least a day after the one before."""
    return sum(elapsed > 0 for history in histories for elapsed in history.elapsed[1:])


def fit(histories: Sequence[History], current: Weights, tell: Callable[[float], None] = lambda share: None) -> Fit:
    """Fit weights on the earlier TRAINED_SHARE of the reviews, and weigh them on the later ones.

    tell: called now and then with the share that is done, 0 to 1. Raises ValueError with fewer than FEWEST_REVIEWS.
    """
    if (count := count_reviews(histories)) < FEWEST_REVIEWS:
        raise ValueError(f"a fit takes {FEWEST_REVIEWS} reviews, there are {count}")
    everything = replay(histories, FSRS(current), lambda share: tell(_REPLAYED * share))
    cut = float(np.quantile(everything.days, TRAINED_SHARE))
    weights = _compute([_until(history, cut) for history in histories])
    tell(_COMPUTED)
    fitted = replay(histories, FSRS(weights), lambda share: tell(_COMPUTED + (1 - _COMPUTED) * share))
    later = everything.days > cut
    order = np.argsort(everything.days, kind="stable")
    average = np.empty_like(everything.recall)
    average[order] = moving_average(everything.recalled[order])
    return Fit(
        weights,
        count,
        quality(fitted.recall[later], fitted.recalled[later]),
        quality(everything.recall[later], everything.recalled[later]),
        quality(average[later], everything.recalled[later]),
    )


def replay(histories: Sequence[History], fsrs: FSRS, tell: Callable[[float], None] = lambda share: None) -> Predictions:
    """Predict every review of every card from those before it; all cards step by step at once.

    tell: called after each step with the share of the reviews that is done.
    """
    known = [history for history in histories if history.ratings]
    total = max(1, sum(len(history.ratings) - 1 for history in known))
    done = 0
    memory = fsrs.first(np.array([history.ratings[0] for history in known], dtype=int))
    recall, recalled, days = [], [], []
    for step in range(1, max((len(history.ratings) for history in known), default=0)):
        going = np.array([step < len(history.ratings) for history in known])
        known = [history for history, goes in zip(known, going, strict=True) if goes]
        memory = Memory(memory.stability[going], memory.difficulty[going])
        ratings = np.array([history.ratings[step] for history in known])
        elapsed = np.array([history.elapsed[step] for history in known], dtype=float)
        asked = elapsed > 0
        recall.append(fsrs.retrievability(memory.stability, elapsed)[asked])
        recalled.append((ratings > Rating.AGAIN)[asked].astype(float))
        days.append(np.array([history.days[step] for history in known], dtype=float)[asked])
        memory = fsrs.after(memory, ratings, elapsed)
        done += len(known)
        tell(done / total)
    empty: list[Floats] = [np.array([])]
    return Predictions(*(np.concatenate(parts or empty) for parts in (recall, recalled, days)))


def moving_average(recalled: Floats, window: int = WINDOW) -> Floats:
    """For each outcome the share recalled among the `window` before it; 0.9 before the first."""
    total = np.concatenate([[0.0], np.cumsum(recalled)])
    ends = np.arange(len(recalled))
    begins = np.maximum(0, ends - window)
    counts = ends - begins
    shares: Floats = np.where(counts > 0, (total[ends] - total[begins]) / np.maximum(counts, 1), 0.9)
    return shares


def quality(recall: Floats, recalled: Floats) -> Quality:
    """Log loss (nats), RMSE over bins of equal counts by prediction, AUC, and reliability by tenths."""
    p = np.clip(recall, _SMALLEST, 1 - _SMALLEST)
    loss = -(recalled * np.log(p) + (1 - recalled) * np.log(1 - p))
    parts = [part for part in np.array_split(np.argsort(p, kind="stable"), _BINS) if len(part)]
    squares = [len(part) * (p[part].mean() - recalled[part].mean()) ** 2 for part in parts]
    tenths = np.minimum((p * 10).astype(int), 9)
    reliability = [
        (float(p[tenths == tenth].mean()), float(recalled[tenths == tenth].mean()), int((tenths == tenth).sum()))
        for tenth in np.unique(tenths)
    ]
    return Quality(float(loss.mean()), float(np.sqrt(sum(squares) / len(p))), auc(p, recalled), reliability)


def auc(scores: Floats, positives: Floats) -> float:
    """The chance that a recalled review was predicted higher than a lapsed one, ties by half; 0.5 without both."""
    count = float(positives.sum())
    others = len(positives) - count
    if not count or not others:
        return 0.5
    values, places = np.unique(scores, return_inverse=True)
    counts = np.bincount(places, minlength=len(values))
    ranks = np.cumsum(counts) - (counts - 1) / 2
    return float((ranks[places][positives > 0].sum() - count * (count + 1) / 2) / (count * others))


def _until(history: History, day: float) -> History:
    count = sum(other <= day for other in history.days)
    return History(history.ratings[:count], history.elapsed[:count], history.days[:count])


def _compute(histories: Sequence[History]) -> Weights:
    """The weights by fsrs-rs, from every beginning of a history that ends a day or more after its last answer."""
    items = []
    for history in histories:
        reviews = [
            fsrs_rs_python.FSRSReview(rating, elapsed)
            for rating, elapsed in zip(history.ratings, history.elapsed, strict=True)
        ]
        items += [
            fsrs_rs_python.FSRSItem(reviews[: end + 1]) for end in range(1, len(reviews)) if history.elapsed[end] > 0
        ]
    found = fsrs_rs_python.FSRS([]).compute_parameters(items)
    return tuple(float(np.clip(weight, low, high)) for weight, (low, high) in zip(found, WEIGHT_BOUNDS, strict=True))
