"""The plain SQL behind each answer finds one learner's rows: without its owner's condition the test sees others'."""

import inspect
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from mlprep.shared import sql
from progress.memories import lock_memories
from progress.models import User
from quizzes.flashcards import statements
from quizzes.flashcards.models import FlashcardSettings, LearnerCard
from quizzes.flashcards.own_cards import write_card
from tests.factories import learned, make_card, make_concept, make_evidence
from tests.quizzes.flashcards.test_reviews import rate

_OWNER = re.compile(r"\b((?:\w+\.)?(?:learner_id|owner_id)) = %s")
_TODAY = date(2026, 11, 20)
_CALLS: dict[str, Callable[..., dict[str, Any]]] = {
    "fetch_settings": lambda concept: {},
    "answered_on": lambda concept: {"day": _TODAY},
    "next_steps": lambda concept: {
        "today": _TODAY,
        "until": timezone.now() + timedelta(days=9),
        "tomorrow": timezone.now() + timedelta(days=9),
    },
    "new_in_order": lambda concept: {"today": _TODAY, "order": "week", "places": slice(0, 9)},
    "due_reviews": lambda concept: {"today": _TODAY},
    "first_reviews": lambda concept: {"today": _TODAY, "without": (), "most": 9},
    "count_due": lambda concept: {"today": _TODAY, "most": 9},
    "count_due_on": lambda concept: {"days": [_TODAY]},
    "due_on_concepts": lambda concept: {"today": _TODAY, "concepts": [concept]},
    "concepts_in_steps": lambda concept: {},
    "prerequisites_of": lambda concept: {"concepts": [concept]},
    "memories_of": lambda concept: {"concepts": [concept]},
}
"""What each statement is asked about, beside the learner; `concept` is the key of one that Alice has cards on."""


def without_owner(text: str) -> str:
    """The statement with every condition on an owner taken out; it takes as many values."""
    return _OWNER.sub(r"(\1 IS NOT NULL OR CAST(%s AS integer) IS NULL)", text)


@pytest.fixture
def concept(alice, bob) -> Iterator[int]:
    """Alice has a card in every state on it, and own cards on what it builds on; Bob has nothing."""
    found, basis = make_concept(), make_concept()
    found.prerequisites.add(basis)
    write_card(learner=alice, front="Hers", back="Hers", concept=basis)
    FlashcardSettings.objects.create(learner=alice)
    new, step, due, answered = (learned(alice, make_card(found)) for _ in range(4))
    LearnerCard.objects.filter(pk=new.pk).update(state="new")
    LearnerCard.objects.filter(pk=step.pk).update(state="learning", due_at=timezone.now())
    review = {"state": "review", "stability": 3.0, "difficulty": 5.0, "last_on": _TODAY - timedelta(days=3)}
    LearnerCard.objects.filter(pk=due.pk).update(**review, due_on=_TODAY)
    rate(alice, answered)
    answered.events.update(day=_TODAY)
    make_evidence(alice, found)
    LearnerCard.objects.exclude(learner=alice).delete()
    return found.pk


def test_every_statement_on_a_learner_is_tried():
    named = {
        name
        for name, function in inspect.getmembers(statements, inspect.isfunction)
        if function.__module__ == statements.__name__ and "learner" in inspect.signature(function).parameters
    }
    assert named == set(_CALLS)


@pytest.mark.parametrize("name", _CALLS)
def test_a_statement_finds_the_learners_own_alone(name, concept, alice, bob, monkeypatch):
    def found(learner: User) -> Any:
        return getattr(statements, name)(learner=learner, **_CALLS[name](concept))

    nothing = found(bob)
    assert not nothing
    assert found(alice), "else the condition could not be missed"
    run = sql._run
    monkeypatch.setattr(sql, "_run", lambda text, values: run(without_owner(text), values))
    assert found(bob), "without the owner's condition Bob finds what is Alice's"


def test_the_memories_locked_are_the_learners_own(concept, alice, bob, monkeypatch):
    assert [lock_memories(who, [concept])[concept].learner for who in (alice, bob)] == [alice, bob]
    run = sql._run
    monkeypatch.setattr(sql, "_run", lambda text, values: run(without_owner(text), values))
    owners = {lock_memories(who, [concept])[concept].learner_id for who in (alice, bob)}
    assert len(owners) == 1, "without the condition both get the same"
