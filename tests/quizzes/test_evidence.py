"""How difficult what was answered is taken to be, and that evidence says so."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from progress.models import ConceptMemory, Evidence
from quizzes.domain.cards import CardState
from quizzes.domain.evidence import difficulty_of_card
from quizzes.domain.fsrs import DEFAULT_WEIGHTS, Rating
from quizzes.flashcards.models import LearnerCard
from quizzes.flashcards.services import Answer, answer_card, undo
from tests.factories import learned, make_card, make_concept

TODAY = date(2026, 11, 26)


def difficulty(days: int, *, stability: float | None = 10.0, of_card: float = 5.5) -> float:
    card = CardState(stability=stability, difficulty=of_card, last_on=TODAY - timedelta(days=days))
    return difficulty_of_card(card, DEFAULT_WEIGHTS, TODAY)


def test_a_card_due_is_of_middle_difficulty_one_just_seen_easy_one_overdue_hard():
    assert difficulty(10) == pytest.approx(0.0)
    assert difficulty(0) == -3
    assert -3 < difficulty(3) < 0 < difficulty(60) < 3
    assert difficulty(10, of_card=9.5) == pytest.approx(0.6)
    assert difficulty(10, stability=None) == 0


def test_a_review_is_evidence_with_the_difficulty_from_before_and_undo_takes_it_back(alice):
    card = learned(alice, make_card(make_concept()))
    now = timezone.now()
    LearnerCard.objects.filter(pk=card.pk).update(
        state="review",
        stability=5.0,
        difficulty=5.5,
        interval=5,
        reps=3,
        last_on=alice.day_of(now) - timedelta(days=40),
        due_on=alice.day_of(now),
    )
    answer_card(learner=alice, card=card, answer=Answer(rating=Rating.GOOD, key="a"), now=now)
    evidence = Evidence.objects.get()
    assert evidence.self_rated
    assert evidence.difficulty == pytest.approx(difficulty(40, stability=5.0))
    assert ConceptMemory.objects.get().answers == 1
    undo(learner=alice, now=now)
    assert not Evidence.objects.exists()
    assert ConceptMemory.objects.get().answers == 0
