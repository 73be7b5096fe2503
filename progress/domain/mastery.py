"""Mastery of a concept, from 0 to 1, out of the status set by hand and the answers given.

The rule, simple on purpose:

- An answer shows `(credit − g) / (1 − g)`, never below 0, where g is the credit to expect of a blind guess.
- The latest answer on a concept weighs 1, the one before 0.9, then 0.81, …: what one knows now counts most.
- The status set by hand counts as one more answer: not started 0, learning 0.4, mastered 1.
- Mastery is the weighted mean of these. So a status is where one starts from, and answers soon outweigh it.

A group's mastery (a week's, say) is the mean over its concepts, a high priority weighing 3, medium 2, low 1.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

DECAY = 0.9
MASTERED_FROM = 0.8
"""A concept counts as mastered from this mastery on."""
STATUS_SHOWS: Mapping[str, float] = {"not_started": 0.0, "learning": 0.4, "mastered": 1.0}
PRIORITY_WEIGHT: Mapping[str, float] = {"high": 3.0, "medium": 2.0, "low": 1.0}


def corrected_for_guessing(credit: ArrayLike, guess_chance: ArrayLike) -> Floats:
    """What an answer shows: 0 for no better than a blind guess, 1 for all right.

    credit: 0 to 1. guess_chance: the credit to expect of a blind guess, 0 ≤ g < 1. Shapes broadcast.
    Source: the classical correction for guessing of test theory.
    """
    credits, guesses = np.asarray(credit, dtype=float), np.asarray(guess_chance, dtype=float)
    shown: Floats = np.maximum(0.0, (credits - guesses) / (1.0 - guesses))
    return shown


def concept_mastery(status_shows: ArrayLike, concept: ArrayLike, shown: ArrayLike) -> Floats:
    """Mastery of each concept, shape (m,), each 0 to 1.

    status_shows: what the status of each of the m concepts shows, 0 to 1.
    concept: for each of n answers the index of its concept, shape (n,), grouped by concept and within a
    concept latest first. shown: what the answers show, shape (n,), 0 to 1.
    """
    prior = np.asarray(status_shows, dtype=float)
    index = np.asarray(concept, dtype=np.intp)
    weight = DECAY ** _rank_in_group(index)
    total = np.bincount(index, weight, minlength=len(prior))
    right = np.bincount(index, weight * np.asarray(shown, dtype=float), minlength=len(prior))
    return np.asarray((prior + right) / (1.0 + total))


def group_mastery(mastery: ArrayLike, weight: ArrayLike) -> float:
    """The weighted mean of the group's concepts; 0 for a group without concepts."""
    weights = np.asarray(weight, dtype=float)
    return float(np.average(np.asarray(mastery, dtype=float), weights=weights)) if weights.sum() else 0.0


def _rank_in_group(index: NDArray[np.intp]) -> NDArray[np.intp]:
    """0 for the first of a run of equal numbers, 1 for the second, and so on."""
    place = np.arange(len(index))
    starts = np.flatnonzero(np.r_[True, index[1:] != index[:-1]]) if len(index) else place
    return place - np.repeat(starts, np.diff(np.r_[starts, len(index)]))
