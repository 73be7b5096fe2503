"""How difficult an item was when it was answered, on mastery's scale (logits; 0 middle, 1 harder by odds of e to 1)."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import log

from progress.domain.calendar import days_between
from quizzes.domain.cards import CardState
from quizzes.domain.fsrs import fsrs_of

OF_LEVEL: Mapping[int, float] = {1: -0.8, 2: 0.0, 3: 0.8}
"""Of a question by its level: recall, understanding, derivation or edge case."""
OF_EXERCISE: Mapping[str, float] = {"easy": -0.8, "medium": 0.0, "hard": 0.8}

_MIDDLE_RECALL = 0.9
_MIDDLE_DIFFICULTY = 5.5
_PER_POINT = 0.15
_MOST = 3.0
_SUREST = 1e-6


def difficulty_of_card(card: CardState, weights: Sequence[float], today: date) -> float:
    """Of a flashcard before its answer, −3 to 3: a new one, and one due at a recall of 0.9, is of middle difficulty.

    One just seen is easy to recall and shows little, one long overdue is hard; and FSRS's difficulty (1 to 10) adds
    0.15 a point above 5.5.
    """
    if card.stability is None or card.difficulty is None:
        return 0.0
    elapsed = days_between(card.last_on, today) if card.last_on else 0
    recall = min(max(fsrs_of(tuple(weights)).recall(card.stability, elapsed), _SUREST), 1.0 - _SUREST)
    overdue = log(_MIDDLE_RECALL / (1.0 - _MIDDLE_RECALL)) - log(recall / (1.0 - recall))
    return min(max(overdue + _PER_POINT * (card.difficulty - _MIDDLE_DIFFICULTY), -_MOST), _MOST)
