"""Simulated learners of three forms whose true chance of each answer is known.

Each generator is built otherwise than the model that is tested on it: strengths that fall exponentially, memories by
FSRS's power law, and a hidden state that is known or not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizzes.domain.fsrs import DEFAULT_WEIGHTS, FSRS, Memory

Floats = NDArray[np.float64]

LEARNERS, CONCEPTS, ANSWERS = 150, 12, 160
LEVELS = np.array([-0.8, 0.0, 0.8])
GUESSES = np.array([0.0, 0.25, 0.5])


@dataclass(frozen=True)
class History:
    """Answers of many learners, each array of shape (learners, answers), in the order of time (days)."""

    concept: NDArray[np.intp]
    day: Floats
    difficulty: Floats
    guess: Floats
    right: Floats
    chance: Floats


def schedule(rng: np.random.Generator) -> tuple[NDArray[np.intp], Floats]:
    """When each learner answers on what: sittings of about ten answers on a few concepts, days to weeks apart."""
    shape = (LEARNERS, ANSWERS)
    fresh = rng.random(shape) < 0.1
    gaps = np.where(fresh, rng.lognormal(rng.normal(1.0, 0.5, (LEARNERS, 1)), 0.9, shape), 0.0007)
    day = np.cumsum(gaps, axis=1)
    sitting = np.cumsum(fresh, axis=1)
    themes = rng.integers(0, CONCEPTS, (LEARNERS, ANSWERS + 1, 4))
    pick = rng.integers(0, 4, shape)
    rows = np.arange(LEARNERS)[:, None]
    return themes[rows, sitting, pick], day


def simulate(
    rng: np.random.Generator,
    knows: Callable[[int, NDArray[np.intp], Floats, Floats], Floats],
    learn: Callable[[NDArray[np.intp], Floats, Floats], None],
) -> History:
    concept, day = schedule(rng)
    difficulty = rng.choice(LEVELS, concept.shape)
    guess = rng.choice(GUESSES, concept.shape, p=[0.4, 0.45, 0.15])
    right, chance = np.zeros(concept.shape), np.zeros(concept.shape)
    for n in range(ANSWERS):
        known = knows(n, concept[:, n], day[:, n], difficulty[:, n])
        chance[:, n] = guess[:, n] + (1 - guess[:, n]) * known
        right[:, n] = rng.random(LEARNERS) < chance[:, n]
        learn(concept[:, n], day[:, n], right[:, n])
    return History(concept, day, difficulty, guess, right, chance)


def exponential(rng: np.random.Generator) -> History:
    """Strengths in logits; an answer adds to them, and what is above the learner's base halves every so many days."""
    rows = np.arange(LEARNERS)
    base = rng.normal(-1.8, 0.6, (LEARNERS, 1)) + rng.normal(0, 0.8, (LEARNERS, CONCEPTS))
    above = np.maximum(rng.normal(-0.5, 2.5, (LEARNERS, CONCEPTS)), 0)
    half_life = rng.lognormal(np.log(8), 0.5, (LEARNERS, CONCEPTS))
    last = np.zeros((LEARNERS, CONCEPTS))
    gain = rng.uniform(0.2, 0.7, LEARNERS)

    def knows(n: int, concept: NDArray[np.intp], day: Floats, difficulty: Floats) -> Floats:
        at = rows, concept
        above[at] *= 0.5 ** ((day - last[at]) / half_life[at])
        last[at] = day
        return 1 / (1 + np.exp(-(base[at] + above[at] - difficulty)))

    def learn(concept: NDArray[np.intp], day: Floats, right: Floats) -> None:
        at = rows, concept
        above[at] += gain * (0.6 + 0.4 * right)
        half_life[at] *= 1.06

    return simulate(rng, knows, learn)


def power_law(rng: np.random.Generator) -> History:
    """Memories that hold by FSRS-6's power law once a concept was taken in; recall makes them stabler, a lapse less."""
    fsrs = FSRS((*DEFAULT_WEIGHTS[:20], 0.5))
    rows = np.arange(LEARNERS)
    shape = (LEARNERS, CONCEPTS)
    seen = rng.random(shape) < rng.uniform(0.0, 0.4, (LEARNERS, 1))
    takes = rng.uniform(0.05, 0.25, LEARNERS)
    stability = rng.lognormal(np.log(6), 1.0, shape)
    hardness = np.clip(rng.normal(6.5, 1.0, (LEARNERS, 1)) + rng.normal(0, 2.0, shape), 1, 10)
    last = np.full(shape, -3.0)

    def knows(n: int, concept: NDArray[np.intp], day: Floats, difficulty: Floats) -> Floats:
        at = rows, concept
        recall = np.where(seen[at], fsrs.retrievability(stability[at], day - last[at]), 0.05)
        return recall / (1 + np.exp(difficulty - 2.5))

    def learn(concept: NDArray[np.intp], day: Floats, right: Floats) -> None:
        at = rows, concept
        memory = Memory(stability[at], hardness[at])
        again = fsrs.after(memory, np.where(right > 0, 3, 1), np.floor(day - last[at]))
        stability[at] = np.where(seen[at], np.maximum(again.stability, 1.0), stability[at])
        seen[at] |= rng.random(LEARNERS) < takes
        last[at] = day

    return simulate(rng, knows, learn)


def hidden_state(rng: np.random.Generator) -> History:
    """Each concept is known or not (Bayesian knowledge tracing), with slips; it is learnt at once and lost at once."""
    rows = np.arange(LEARNERS)
    shape = (LEARNERS, CONCEPTS)
    known = rng.random(shape) < rng.uniform(0.0, 0.4, (LEARNERS, 1))
    learns = rng.uniform(0.05, 0.25, LEARNERS)
    lasts = rng.lognormal(np.log(40), 0.5, shape)
    last = np.zeros(shape)

    def knows(n: int, concept: NDArray[np.intp], day: Floats, difficulty: Floats) -> Floats:
        at = rows, concept
        kept = rng.random(LEARNERS) < np.exp((last[at] - day) / lasts[at])
        known[at] &= kept
        last[at] = day
        return np.where(known[at], 1 - 0.1 * np.exp(difficulty), 0.08 * np.exp(-difficulty))

    def learn(concept: NDArray[np.intp], day: Floats, right: Floats) -> None:
        at = rows, concept
        known[at] |= rng.random(LEARNERS) < learns
        lasts[at] *= 1.05

    return simulate(rng, knows, learn)


GENERATORS = {"exponential": exponential, "power law": power_law, "hidden state": hidden_state}
