"""Mastery: the probability of a right answer now, out of the traces that answers leave (`progress.domain.traces`).

- What is asked for is an item of middle difficulty that cannot be guessed. The interval holds the true probability
  nine times in ten, on simulated learners (tests/progress/mastery); it is wide where there is little evidence and
  widens with time.
- A concept's prerequisites lend a little to its strength, for as long as its own answers have not replaced what it
  started from. (What all other concepts might lend was tried too, and predicted no better.)
- As long as nothing right was shown (no credit beyond a blind guess, no status set by hand), mastery is what the
  prerequisites alone lend, 0 without them: a concept nobody has begun is not 'at 15 %', though a question on it would
  be answered with about that probability (`probability`, which plans and forecasts take).
- A group's mastery (a week's, say) is the mean over its concepts, a high priority weighing 3, medium 2, low 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from progress.domain.traces import Claim, Floats, Trace, sigmoid

RIGHT_FROM = 0.999
"""An answer with at least this credit counts as right."""
MASTERED_FROM = 0.8
"""A concept counts as mastered from this mastery on."""
PRIORITY_WEIGHT: Mapping[str, float] = {"high": 3.0, "medium": 2.0, "low": 1.0}
CLAIMS: Mapping[str, Claim] = {
    "learning": Claim(strength=-0.2927, variance=1.0, stability=10.0),
    "mastered": Claim(strength=3.7, variance=2.0, stability=90.0, only_raises=True),
}
"""What a status set by hand counts for; not started counts for nothing."""
READING = replace(CLAIMS["learning"], only_raises=True)
"""What a text that is still to be read counts for in a forecast: as much as the word that one is learning it."""
SELF_RATED_WEIGHT = 0.5
"""What an answer counts for whose credit the learner gave."""

PREREQUISITES_SHARE = 0.3
PREREQUISITES_MOST = 0.5
_OTHERS_UNKNOWN = 1.0
"""As if so many further concepts were just as at the start."""
_Z_90 = 2.4
"""Standard deviations that hold nine in ten. By the model alone it would be 1.645, which holds 74 to 84 % of simulated
learners: none of them learns and forgets quite as the model has it."""
_ALIKE = 0.1
"""How far errors of a learner's concepts go together (a correlation): all are judged by one model. With it a group's
interval, too, holds the true mean nine times in ten on simulated learners."""


def corrected_for_guessing(credit: ArrayLike, guess_chance: ArrayLike) -> Floats:
    """What an answer shows: 0 for no better than a blind guess, 1 for all right.

    credit: 0 to 1. guess_chance: the credit to expect of a blind guess, 0 ≤ g < 1. Shapes broadcast.
    Source: the classical correction for guessing of test theory.
    """
    credits, guesses = np.asarray(credit, dtype=float), np.asarray(guess_chance, dtype=float)
    shown: Floats = np.maximum(0.0, (credits - guesses) / (1.0 - guesses))
    return shown


def probability(trace: Trace, lent: Any = 0.0, difficulty: Any = 0.0) -> Any:
    """Probability of a right answer without guessing; lent (by others) and the item's difficulty in logits."""
    return sigmoid(trace.strength + lent * trace.start - difficulty)


def interval(trace: Trace, lent: Any = 0.0, difficulty: Any = 0.0) -> tuple[Any, Any]:
    """Between which the probability of a right answer to an item of that difficulty lies with 90 %."""
    middle, spread = trace.strength + lent * trace.start - difficulty, _Z_90 * np.sqrt(trace.variance)
    return sigmoid(middle - spread), sigmoid(middle + spread)


def lent_by_prerequisites(above: Any, known: Any) -> Any:
    """What prerequisites lend, in logits, 0 or more.

    above: the sum over them of known · (strength − the start's). known: the sum of 1 − start. The share is chosen, not
    fitted: small enough that a concept's own second answer outweighs it.
    """
    return np.clip(PREREQUISITES_SHARE * above / (known + _OTHERS_UNKNOWN), 0.0, PREREQUISITES_MOST)


def mastery_of(trace: Trace, lent: Any, shown: Any) -> Any:
    """The mastery of concepts, 0 to 1; arrays of one shape.

    lent: by the prerequisites, in logits. shown: whether anything right was shown.
    """
    whole = probability(trace, lent)
    return np.where(shown, whole, whole - probability(trace))


@dataclass(frozen=True, slots=True)
class GroupMastery:
    """A group's mastery, 0 to 1, and between which it lies with 90 %."""

    mastery: float
    low: float
    high: float


def group_mastery(mastery: ArrayLike, low: ArrayLike, high: ArrayLike, weight: ArrayLike) -> GroupMastery:
    """The weighted mean of a group's concepts and its interval; 0 for a group without concepts."""
    middles, weights = np.asarray(mastery, dtype=float), np.asarray(weight, dtype=float)
    if not weights.sum():
        return GroupMastery(0.0, 0.0, 0.0)
    shares = weights / weights.sum()
    mean = float(shares @ middles)
    below, above = (_spread(shares, np.abs(np.asarray(end, dtype=float) - middles)) for end in (low, high))
    return GroupMastery(mean, max(0.0, mean - below), min(1.0, mean + above))


def _spread(shares: Floats, distances: Floats) -> float:
    """How far the mean's interval reaches where each concept's reaches so far."""
    each = float(np.sum((shares * distances) ** 2))
    together = float(shares @ distances) ** 2
    return sqrt((1.0 - _ALIKE) * each + _ALIKE * together)
