"""What a desired retention costs: minutes a day against what is known after some months."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from quizzes.domain.fsrs import FSRS
from quizzes.domain.interview import Deck, recall_in, review

RETENTIONS = (0.70, 0.75, 0.80, 0.85, 0.90, 0.93, 0.95, 0.97)
HORIZON = 90
ANSWERS_TO_LEARN = 3
"""A new card takes about so many answers on its first day."""

_MOST_CARDS = 2_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """Under one desired retention: mean minutes a day, and how many cards are known (summed recall) at the end."""

    retention: float
    minutes_a_day: float
    known: float


def simulate(
    deck: Deck, fsrs: FSRS, *, retentions: Sequence[float] = RETENTIONS, new_a_day: int, seconds_an_answer: float
) -> list[Outcome]:
    """Play the next HORIZON days for each retention, by expected values, so that the same deck gives the same figures.

    Large decks are thinned out evenly and the figures scaled up.
    """
    count = len(deck.stability)
    kept = np.linspace(0, count - 1, min(count, _MOST_CARDS)).astype(int) if count else np.array([], dtype=int)
    scale = count / len(kept) if len(kept) else 1.0
    thinned = Deck(deck.stability[kept], deck.difficulty[kept], deck.elapsed[kept], deck.weight[kept])
    outcomes = []
    for retention in retentions:
        answers, known = _play(thinned, fsrs, retention, new_a_day / scale)
        outcomes.append(Outcome(retention, scale * answers * seconds_an_answer / 60 / HORIZON, scale * known))
    return outcomes


def _play(deck: Deck, fsrs: FSRS, retention: float, new_a_day: float) -> tuple[float, float]:
    """Answers given over the horizon, and summed recall at its end."""
    answers, begun = 0.0, 0.0
    for _ in range(HORIZON):
        known = ~deck.is_new
        due = np.zeros(len(known), dtype=bool)
        due[known] = deck.elapsed[known] >= np.maximum(1, np.round(fsrs.interval(deck.stability[known], retention)))
        recall = recall_in(deck, fsrs, 0.0)
        answers += float((1 + (1 - recall[due])).sum())
        begun += new_a_day
        fresh = np.flatnonzero(deck.is_new)[: int(begun)]
        begun -= int(begun)
        answers += ANSWERS_TO_LEARN * len(fresh)
        due[fresh] = True
        deck = review(deck, fsrs, due)
        deck = replace(deck, elapsed=deck.elapsed + 1)
    return answers, float(recall_in(deck, fsrs, 0.0).sum())
