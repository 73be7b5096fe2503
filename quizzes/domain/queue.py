"""Which card comes next: how new cards and reviews are mixed, and what has to wait."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from quizzes.domain.fsrs import FSRS

KNOWN_FROM = 0.8
"""A concept is known from this mean retrievability of its cards on."""


@dataclass(frozen=True, slots=True)
class NewCard:
    """A candidate that was never shown."""

    pk: int
    siblings: str
    concept: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A card of a concept that was answered."""

    concept: int
    stability: float
    last_on: date


def new_comes_next(*, new_left: int, new_done: int, reviews_left: int, reviews_done: int) -> bool:
    """Whether a new card is shown before a review, so that both run out together."""
    if not new_left or not reviews_left:
        return bool(new_left)
    return new_done * (reviews_done + reviews_left) < reviews_done * (new_done + new_left)


def known_concepts(seen: Iterable[Seen], fsrs: FSRS, today: date) -> set[int]:
    """Concepts whose cards seen so far are recalled with KNOWN_FROM or more on average."""
    cards = list(seen)
    if not cards:
        return set()
    concepts = np.array([card.concept for card in cards])
    stability = np.array([card.stability for card in cards])
    elapsed = np.array([max(0, (today - card.last_on).days) for card in cards], dtype=float)
    recall = fsrs.retrievability(stability, elapsed)
    return {int(concept) for concept in np.unique(concepts) if recall[concepts == concept].mean() >= KNOWN_FROM}


def eligible(
    candidates: Iterable[NewCard],
    *,
    seen_today: Collection[str],
    prerequisites: Mapping[int, Collection[int]],
    known: Collection[int],
    kept_apart: Collection[int],
) -> list[NewCard]:
    """The candidates that may be shown now, in their order, one of each group of siblings.

    seen_today: siblings of cards answered today. prerequisites: of each concept; each must be known first.
    kept_apart: concepts that are easily confused with one that is still being learnt.
    """
    chosen: list[NewCard] = []
    groups = set(seen_today)
    for card in candidates:
        waits = card.concept is not None and (
            card.concept in kept_apart or any(needed not in known for needed in prerequisites.get(card.concept, ()))
        )
        if card.siblings not in groups and not waits:
            chosen.append(card)
            groups.add(card.siblings)
    return chosen


def is_leech(lapses: int, threshold: int = 8) -> bool:
    """Whether a lapse makes the card a leech: at the threshold, and at every half of it thereafter."""
    return lapses >= threshold and (lapses - threshold) % max(1, threshold // 2) == 0
