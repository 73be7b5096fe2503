"""The memory model against Anki's own backend, on 100,000 answers with the default and with other weights."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from quizzes.domain.fsrs import DEFAULT_WEIGHTS, FSRS
from tests.quizzes.flashcards.anki_oracle import Oracle
from tests.quizzes.flashcards.test_fsrs import random_weights

pytest.importorskip("anki.collection", reason="Anki's package is for Linux on x86-64 here")

SETS, HISTORIES, REVIEWS = 5, 2_000, 10
GAPS = [0.2, 3, 9, 20, 26, 50, 170, 700, 2_000]
"""Hours between answers: some on the same day, some months apart."""


@pytest.fixture
def oracle(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("ANKI_TEST_MODE", "1")
    oracle = Oracle(tmp_path)
    yield oracle
    oracle.close()


def histories(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Ratings and moments (seconds since 1970, rising) of each history, both of shape (HISTORIES, REVIEWS)."""
    gaps = rng.choice(GAPS, (HISTORIES, REVIEWS)) * 3600 + rng.integers(0, 3000, (HISTORIES, REVIEWS))
    end = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    moments = np.floor(end - np.cumsum(gaps, axis=1)[:, ::-1])
    # Anki counts the first second of a day to the day before.
    moments[moments % 86_400 == 4 * 3600] += 1
    return rng.integers(1, 5, (HISTORIES, REVIEWS)), moments


def days_between_answers(moments: np.ndarray) -> np.ndarray:
    """Whole days, each beginning at 04:00 UTC, since the answer before; 0 first."""
    days = (moments - 4 * 3600) // 86_400
    return np.diff(days, axis=1, prepend=days[:, :1])


@pytest.mark.parametrize("seed", range(SETS))
def test_100_000_answers_leave_the_memory_that_anki_reckons(oracle, seed):
    """A fifth each: the default weights first, then random ones."""
    rng = np.random.default_rng(seed)
    weights = np.array(DEFAULT_WEIGHTS) if seed == 0 else random_weights(rng)
    ratings, moments = histories(rng)
    oracle.set_weights(weights)
    cards = oracle.cards(ratings, moments)
    ours, elapsed = FSRS(tuple(weights)), days_between_answers(moments)
    memory = ours.first(ratings[:, 0])
    for step in range(1, REVIEWS):
        memory = ours.after(memory, ratings[:, step], elapsed[:, step])
    theirs = np.array([oracle.memory(card) for card in cards])
    np.testing.assert_allclose(memory.stability, theirs[:, 0], rtol=1e-4)
    np.testing.assert_allclose(memory.difficulty, theirs[:, 1], rtol=1e-4)
