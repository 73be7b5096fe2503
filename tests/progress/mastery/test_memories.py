"""Memories of concepts are what the evidence says, whichever way they came about."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from concepts.models import Status
from progress.memories import renew_all
from progress.models import ConceptMemory, ConceptStatus, Evidence
from progress.services import Shown, record_all, record_evidence, set_status, set_statuses, withdraw_evidence
from tests.factories import make_concept, make_evidence

NUMBERS = ["concept_id", "strength", "variance", "stability", "start", "shown"]
FACTS = ["concept_id", "answers", "right", "answered_at", "practised_at", "version"]


def memories_of(learner):
    rows = ConceptMemory.objects.of(learner).order_by("concept_id")
    return list(rows.values_list(*NUMBERS)), list(rows.values_list(*FACTS))


def check_that_memories_are_as_made_anew(learner):
    numbers, facts = memories_of(learner)
    renew_all(learner)
    anew, facts_anew = memories_of(learner)
    assert facts == facts_anew
    for row, fresh in zip(numbers, anew, strict=True):
        assert row == pytest.approx(fresh, rel=1e-9, abs=1e-9)


@pytest.fixture
def busy(alice):
    """Three concepts with answers in and out of the order of time, statuses between, some taken back."""
    concepts = [make_concept() for _ in range(3)]
    now = timezone.now()
    for number, (place, days, credit) in enumerate(
        [(0, 9, 1), (1, 9, 0), (0, 7, 0.5), (2, 5, 1), (0, 8, 1), (1, 3, 1), (0, 1, 0), (2, 6, 0)]
    ):
        record_evidence(
            learner=alice,
            concept_id=concepts[place].pk,
            source=f"x:{number}",
            credit=credit,
            guess_chance=0.25 * (number % 2),
            happened_at=now - timedelta(days=days),
            self_rated=number % 3 == 0,
            difficulty=number % 3 - 1,
        )
    set_status(learner=alice, concept=concepts[0], status=Status.MASTERED, now=now - timedelta(days=4))
    set_status(learner=alice, concept=concepts[1], status=Status.LEARNING, now=now)
    set_status(learner=alice, concept=concepts[2], status=Status.NOT_STARTED, now=now)
    return concepts


def test_step_by_step_comes_to_the_same_as_all_at_once(alice, busy):
    check_that_memories_are_as_made_anew(alice)
    assert Evidence.objects.of(alice).count() == 8


def test_an_answer_taken_back_leaves_no_trace(alice, busy):
    before = memories_of(alice)
    record_evidence(
        learner=alice, concept_id=busy[0].pk, source="undone", credit=0, guess_chance=0, happened_at=timezone.now()
    )
    assert memories_of(alice) != before
    withdraw_evidence(learner=alice, source="undone")
    assert memories_of(alice) == before
    withdraw_evidence(learner=alice, source="undone")
    assert memories_of(alice) == before


def test_a_self_rated_credit_that_is_changed_counts_as_changed(alice, busy):
    for credit in (0.2, 0.9):
        record_evidence(
            learner=alice,
            concept_id=busy[1].pk,
            source="open:1",
            credit=credit,
            guess_chance=0,
            happened_at=timezone.now(),
            self_rated=True,
        )
    check_that_memories_are_as_made_anew(alice)
    assert ConceptMemory.objects.of(alice).get(concept=busy[1]).answers == 3


def test_a_status_withdrawn_leaves_no_trace(alice, busy):
    before = ConceptMemory.objects.of(alice).get(concept=busy[2]).strength
    set_status(learner=alice, concept=busy[2], status=Status.MASTERED, now=timezone.now())
    assert ConceptMemory.objects.of(alice).get(concept=busy[2]).strength > before
    set_statuses(learner=alice, statuses={busy[2].code: Status.NOT_STARTED}, now=timezone.now())
    assert ConceptMemory.objects.of(alice).get(concept=busy[2]).strength == before


def test_evidence_from_before_there_were_memories_is_found(alice, busy, bob, capsys, django_assert_max_num_queries):
    before = memories_of(alice)
    make_evidence(bob, busy[0])
    call_command("rebuild_mastery")
    assert capsys.readouterr().out == ""
    ConceptMemory.objects.of(alice).filter(concept=busy[0]).delete()
    ConceptMemory.objects.of(alice).filter(concept=busy[1]).update(version=0, strength=5)
    call_command("rebuild_mastery")
    assert "alice: 3 concepts" in capsys.readouterr().out
    after = memories_of(alice)
    assert after[1] == before[1]
    with django_assert_max_num_queries(4):
        call_command("rebuild_mastery")
    call_command("rebuild_mastery", "--all")
    assert "bob: 1 concepts" in capsys.readouterr().out


def test_an_answer_to_a_concept_without_its_memory_makes_it_from_all_the_evidence(alice, busy):
    ConceptMemory.objects.of(alice).delete()
    make_evidence(alice, busy[0])
    assert ConceptMemory.objects.of(alice).get().answers == 5
    set_status(learner=alice, concept=busy[1], status=Status.MASTERED, now=timezone.now())
    assert ConceptMemory.objects.of(alice).get(concept=busy[1]).answers == 2


def test_memories_of_nothing_go(alice, busy):
    Evidence.objects.of(alice).filter(concept=busy[2]).delete()
    ConceptStatus.objects.of(alice).filter(concept=busy[2]).delete()
    assert renew_all(alice) == 2
    assert not ConceptMemory.objects.of(alice).filter(concept=busy[2]).exists()


@pytest.mark.parametrize("answers", [1, 3])
def test_recording_needs_as_many_queries_however_many_answers(answers, alice, django_assert_num_queries):
    concepts = [make_concept() for _ in range(answers)]
    for concept in concepts:
        make_evidence(alice, concept)
    now = timezone.now()
    shown = [Shown(concept.pk, f"quiz:1:{number}", 1.0, 0.25, now) for number, concept in enumerate(concepts)]
    with django_assert_num_queries(4):
        record_all(learner=alice, shown=shown)
    record_all(learner=alice, shown=[])
