"""Answers at any hour of the day leave the memory that Anki's own backend reckons from the same log."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from uuid import uuid4

import numpy as np
import pytest
from django.utils import timezone

from progress.models import User
from quizzes.domain.cards import CardState, Policy, outcomes, prospects
from quizzes.domain.fsrs import Rating
from quizzes.flashcards.models import CardEvent, LearnerCard
from tests.factories import learned, make_card
from tests.quizzes.flashcards.anki_oracle import Oracle

pytest.importorskip("anki.collection", reason="Anki's package is for Linux on x86-64 here")
pytestmark = pytest.mark.same_anywhere

PARTS, HISTORIES, REVIEWS = 8, 125, 5
RATINGS = [1, 2, 3, 3, 3, 4]


@pytest.fixture
def oracle(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    # Read when the backend is first used: without it, Anki spreads its intervals at random.
    monkeypatch.setenv("ANKI_TEST_MODE", "1")
    oracle = Oracle(tmp_path)
    yield oracle
    oracle.close()


@pytest.fixture
def alice(alice):
    alice.time_zone = "UTC"
    alice.save()
    return alice


def moments(rng: np.random.Generator) -> list[datetime]:
    """Late evenings, small hours and mornings, minutes to weeks apart, the last some days ago."""
    gaps = rng.choice([0.15, 3, 8, 9, 20, 26, 80, 300, 900], REVIEWS)
    hours = np.cumsum(gaps[::-1])[::-1]
    end = datetime.now(UTC).replace(hour=int(rng.integers(24)), minute=30) - timedelta(days=3)
    return [end - timedelta(hours=float(hour)) for hour in hours]


def log_of(card: LearnerCard) -> list[tuple[datetime, int, str]]:
    events = CardEvent.objects.filter(card=card).order_by("pk")
    return list(events.values_list("happened_at", "rating", "state_before"))


def assert_agreement(oracle: Oracle, learner: User, card: LearnerCard) -> None:
    """The memory, and what each of the four buttons would do now."""
    log, ours = log_of(card), card.memory_state
    theirs = oracle.card(log)
    assert oracle.memory(theirs) == pytest.approx((ours.stability, ours.difficulty), rel=1e-4)
    now = timezone.now()
    buttons = oracle.buttons(theirs, ours, answered_at=log[-1][0])
    for rating, state in outcomes(ours, Policy(), now=now, today=learner.day_of(now)).items():
        button = buttons[rating]
        assert (button.stability, button.difficulty) == pytest.approx((state.stability, state.difficulty), rel=1e-4)
        assert button.seconds == (state.due_at and (state.due_at - now).total_seconds())
        if state.due_on and not near_half(ours, learner.day_of(now)):
            assert button.days == state.interval


def near_half(card: CardState, today) -> bool:
    """Whether a wish lies so near to half a day that Anki's 32 bits may round it to the other side."""
    return any(abs(days % 1 - 0.5) < 1e-5 * days for days in prospects(card, Policy(), today).wished.values())


@pytest.mark.parametrize("part", range(PARTS))
def test_a_thousand_histories_through_the_pages_agree_with_anki(oracle, alice, as_alice, monkeypatch, part):
    """1,000 histories in parts, through views and database: memory within 1e-4, intervals to the day.

    Anki's clock cannot be set, so its buttons are asked for now, some days after the last answer; its spread of
    intervals is off.
    """
    rng = np.random.default_rng(part)
    page = import_module("quizzes.flashcards.views.review")
    compared = 0
    for _ in range(HISTORIES):
        card = learned(alice, make_card(learner=alice))
        for version, moment in enumerate(moments(rng)):
            monkeypatch.setattr(page, "timezone", SimpleNamespace(now=lambda moment=moment: moment))
            rating = Rating(int(rng.choice(RATINGS))).name.lower()
            sent = {"card": card.pk, "version": version, "key": uuid4().hex, "rating": rating}
            as_alice.post("/flashcards/review/", sent)
        card.refresh_from_db()
        assert card.reps == REVIEWS
        assert_agreement(oracle, alice, card)
        compared += not near_half(card.memory_state, alice.day_of(timezone.now()))
    assert compared > 0.95 * HISTORIES
