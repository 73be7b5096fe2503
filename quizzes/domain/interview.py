"""Studying for a date: which reviews raise expected recall on that day the most, and what a number a day buys.

Greedy: each day the cards with the largest gain per answer are taken, a gain being how much a review today raises the
weighted chance of recall on the date. A new card takes several answers, and so does one that is forgotten. All cards
are reckoned at once in numpy.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quizzes.domain.fsrs import FSRS, Memory, Rating

Floats = NDArray[np.float64]

PRIORITY_WEIGHTS = {"high": 3.0, "medium": 2.0, "low": 1.0}
ANSWERS_TO_NEW = 3.0
"""A new card goes through its learning steps on its first day."""
ANSWERS_TO_LAPSE = 2.0
"""The lapse itself, and relearning."""


@dataclass(frozen=True, slots=True)
class Deck:
    """A learner's cards, each an entry of the arrays; stability and difficulty are NaN for what is new.

    elapsed: whole days since the last review. weight: how much a card counts.
    """

    stability: Floats
    difficulty: Floats
    elapsed: Floats
    weight: Floats

    @property
    def is_new(self) -> NDArray[np.bool_]:
        return np.isnan(self.stability)


def recall_in(deck: Deck, fsrs: FSRS, days: float) -> Floats:
    """Chance of recall so many days from now without another review; 0 for what is new."""
    known = ~deck.is_new
    recall = np.zeros(len(deck.stability))
    recall[known] = fsrs.retrievability(deck.stability[known], deck.elapsed[known] + days)
    return recall


def gains(deck: Deck, fsrs: FSRS, days: float) -> Floats:
    """How much a review of each card today raises the weighted recall so many days from now, at least 0."""
    reviewed = review(deck, fsrs, np.ones(len(deck.stability), dtype=bool))
    gained: Floats = np.maximum(0.0, recall_in(reviewed, fsrs, days) - recall_in(deck, fsrs, days)) * deck.weight
    return gained


def review(deck: Deck, fsrs: FSRS, chosen: NDArray[np.bool_]) -> Deck:
    """The deck after a review of the chosen cards today, at the expected stability over recall and lapse."""
    stability, difficulty, elapsed = deck.stability.copy(), deck.difficulty.copy(), deck.elapsed.copy()
    new, known = chosen & deck.is_new, chosen & ~deck.is_new
    first = fsrs.first(Rating.GOOD)
    stability[new], difficulty[new] = first.stability, first.difficulty
    if known.any():
        before = Memory(deck.stability[known], deck.difficulty[known])
        recall = fsrs.retrievability(before.stability, deck.elapsed[known])
        right = fsrs.after(before, Rating.GOOD, deck.elapsed[known])
        wrong = fsrs.after(before, Rating.AGAIN, deck.elapsed[known])
        stability[known] = recall * right.stability + (1 - recall) * wrong.stability
        difficulty[known] = recall * right.difficulty + (1 - recall) * wrong.difficulty
    elapsed[chosen] = 0.0
    return replace(deck, stability=stability, difficulty=difficulty, elapsed=elapsed)


def answers_needed(deck: Deck, fsrs: FSRS) -> Floats:
    """How many answers each card is expected to take today, with the chance that it is forgotten."""
    lapses = 1 - recall_in(deck, fsrs, 0.0)
    return np.where(deck.is_new, ANSWERS_TO_NEW, 1 + lapses * (ANSWERS_TO_LAPSE - 1))


def best(deck: Deck, fsrs: FSRS, days: float, answers: float) -> NDArray[np.intp]:
    """Places of the cards to review today, the largest gain per answer first, as many as the answers are enough for.

    days: from today to the date.
    """
    gained, needed = gains(deck, fsrs, days), answers_needed(deck, fsrs)
    order = np.argsort(-gained / needed, kind="stable")
    order = order[gained[order] > 0]
    return within(order, needed, answers)


def within(order: NDArray[np.intp], needed: Floats, answers: float) -> NDArray[np.intp]:
    """The first of the order that so many answers are enough for, to the nearest whole answer."""
    return order[np.cumsum(needed[order]) <= answers + 0.5] if answers > 0 else order[:0]


def expected_recall(deck: Deck, fsrs: FSRS, *, days: int, answers_a_day: int) -> Floats:
    """Each card's chance of recall on the date, when so many answers a day are spent where they gain the most.

    days: from today to the date, at least 1; the last reviews are on the day before.
    """
    for day in range(days):
        chosen = np.zeros(len(deck.stability), dtype=bool)
        chosen[best(deck, fsrs, float(days - day), answers_a_day)] = True
        deck = review(deck, fsrs, chosen)
        deck = replace(deck, elapsed=deck.elapsed + 1)
    return recall_in(deck, fsrs, 0.0)
