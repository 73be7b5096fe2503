"""Which questions a quiz asks: spread over the concepts, and without repeats."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that could be asked."""

    question: int
    concept: int


def draw(candidates: Sequence[Candidate], count: int, rng: Random, *, first: Sequence[int] = ()) -> list[int]:
    """Draw `count` questions, or all of them where there are fewer.

    No concept is asked twice before every concept has been asked once, nor three times before all have been
    asked twice, and so on. Concepts in `first` come first in each round, in that order; the others follow at
    random. The same seed gives the same quiz.
    """
    by_concept: dict[int, list[int]] = defaultdict(list)
    for candidate in sorted(candidates, key=lambda each: each.question):
        by_concept[candidate.concept].append(candidate.question)
    for questions in by_concept.values():
        rng.shuffle(questions)
    drawn: list[int] = []
    while by_concept and len(drawn) < count:
        for concept in _round(list(by_concept), first, rng):
            drawn.append(by_concept[concept].pop())
            if not by_concept[concept]:
                del by_concept[concept]
    drawn = drawn[:count]
    rng.shuffle(drawn)
    return drawn


def _round(concepts: list[int], first: Sequence[int], rng: Random) -> list[int]:
    rank = {concept: place for place, concept in enumerate(first)}
    shuffled = sorted(concepts)
    rng.shuffle(shuffled)
    return sorted(shuffled, key=lambda concept: rank.get(concept, len(rank)))
