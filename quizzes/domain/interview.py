"""Studying for a date: which reviews raise expected recall on that day the most, and what a number a day buys.

Greedy: each day the cards with the largest gain per review are taken, a gain being how much a review today raises the
weighted chance of recall on the date. All cards are reckoned at once in numpy.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quizzes.domain.fsrs import FSRS, Memory, Rating

Floats = NDArray[np.float64]

PRIORITY_WEIGHTS = {"high": 3.0, "medium": 2.0, "low": 1.0}


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


def expected_recall(deck: Deck, fsrs: FSRS, *, days: int, reviews_a_day: int) -> Floats:
    """Each card's chance of recall on the date, when so many reviews a day are spent where they gain the most.

    days: from today to the date, at least 1; the last reviews are on the day before.
    """
    for day in range(days):
        gained = gains(deck, fsrs, float(days - day))
        count = min(reviews_a_day, len(gained))
        chosen = np.zeros(len(gained), dtype=bool)
        chosen[np.argsort(-gained, kind="stable")[:count]] = True
        deck = review(deck, fsrs, chosen & (gained > 0))
        deck = replace(deck, elapsed=deck.elapsed + 1)
    return recall_in(deck, fsrs, 0.0)
