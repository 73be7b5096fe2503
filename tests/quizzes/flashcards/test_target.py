"""What a desired retention costs, and due dates placed anew."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.domain.fsrs import FSRS
from quizzes.domain.interview import Deck
from quizzes.domain.simulation import simulate
from quizzes.flashcards.models import CardEvent, FlashcardSettings, LearnerCard
from tests.factories import learned, make_card, make_concept


def deck(known: int, new: int, seed: int = 1) -> Deck:
    rng = np.random.default_rng(seed)
    stability = np.concatenate([rng.uniform(1, 60, known), np.full(new, np.nan)])
    difficulty = np.concatenate([rng.uniform(1, 10, known), np.full(new, np.nan)])
    elapsed = np.concatenate([rng.integers(0, 30, known), np.zeros(new)])
    return Deck(stability, difficulty, elapsed.astype(float), np.ones(known + new))


@settings(deadline=None)
@given(st.integers(0, 9))
def test_a_higher_target_takes_more_time_and_keeps_more_in_mind(seed):
    outcomes = simulate(deck(60, 60, seed), FSRS(), retentions=(0.7, 0.85, 0.97), new_a_day=5, seconds_an_answer=10)
    minutes = [outcome.minutes_a_day for outcome in outcomes]
    known = [outcome.known for outcome in outcomes]
    assert minutes == sorted(minutes)
    assert known == sorted(known)
    assert known[-1] <= 120


def test_an_empty_deck_costs_nothing():
    assert {outcome.minutes_a_day for outcome in simulate(deck(0, 0), FSRS(), new_a_day=5, seconds_an_answer=9)} == {0}


def test_a_large_deck_is_thinned_out_and_scaled_up():
    one = simulate(deck(2_000, 0), FSRS(), retentions=(0.9,), new_a_day=0, seconds_an_answer=10)[0]
    ten = simulate(deck(20_000, 0), FSRS(), retentions=(0.9,), new_a_day=0, seconds_an_answer=10)[0]
    assert ten.minutes_a_day == pytest.approx(10 * one.minutes_a_day, rel=0.05)
    assert ten.known == pytest.approx(10 * one.known, rel=0.05)


@pytest.fixture
def shifted(alice):
    """Two cards of which one stands ten days later than the target places it."""
    today = alice.day_of(timezone.now())
    cards = [learned(alice, make_card(make_concept())) for _ in range(2)]
    for place, card in enumerate(cards):
        LearnerCard.objects.filter(pk=card.pk).update(
            state="review", stability=20.0, difficulty=5.0, interval=20 + 10 * place, reps=3, last_on=today,
            due_on=today + timedelta(days=20 + 10 * place),
        )  # fmt: skip
    return cards


def test_rescheduling_tells_how_many_cards_move_moves_them_and_is_undone(as_alice, alice, shifted):
    assert "<b>1 card</b> would move" in as_alice.get("/flashcards/target/").content.decode()
    assert "1 card moved" in as_alice.post("/flashcards/target/", follow=True).content.decode()
    today = alice.day_of(timezone.now())
    assert learned(alice, shifted[1].card).due_on == today + timedelta(days=20)
    assert "Every card stands" in as_alice.get("/flashcards/target/").content.decode()
    as_alice.post("/flashcards/undo/")
    assert learned(alice, shifted[1].card).due_on == today + timedelta(days=30)
    assert CardEvent.objects.count() == 2


def test_a_lower_target_moves_cards_away(as_alice, alice, shifted):
    FlashcardSettings.objects.create(learner=alice, desired_retention=0.8)
    assert "<b>2 cards</b> would move" in as_alice.get("/flashcards/target/").content.decode()
    as_alice.post("/flashcards/target/")
    assert learned(alice, shifted[0].card).interval > 40
