"""What is done to a learner's progress."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from concepts.models import Concept, Status
from mlprep.shared import sql
from progress.domain.traces import DIFFICULTY_LIMIT
from progress.memories import follow, lock_memories
from progress.models import ConceptStatus, Evidence, User


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer shows about a concept.

    source: what it came from, such as `quiz:17:3`; it counts once. credit: 0 to 1. guess_chance: the credit to expect
    of a blind guess, below 1. self_rated: the learner gave the credit; it weighs less. difficulty: of the item, on the
    logit scale: 0 for middle, 1 where the odds of a right answer are e to 1 worse, −1 where so much better; beyond
    −4 and 4 counts as that.
    """

    concept_id: int
    source: str
    credit: float
    guess_chance: float
    happened_at: datetime
    self_rated: bool = False
    difficulty: float = 0.0


@transaction.atomic
def set_status(*, learner: User, concept: Concept, status: Status, now: datetime) -> ConceptStatus:
    """Record how far the learner says they are with the concept."""
    memories = lock_memories(learner, [concept.pk])
    record, _ = ConceptStatus.objects.update_or_create(
        learner=learner, concept=concept, defaults={"status": status, "changed_at": now}
    )
    follow(learner, memories, [], [concept.pk])
    return record


@transaction.atomic
def set_statuses(*, learner: User, statuses: dict[str, Status], now: datetime) -> int:
    """Record statuses by the concepts' codes, as read from a tracker; returns how many were recorded."""
    concepts = Concept.objects.in_bulk(list(statuses), field_name="code")
    memories = lock_memories(learner, [concept.pk for concept in concepts.values()])
    for code, concept in concepts.items():
        ConceptStatus.objects.update_or_create(
            learner=learner, concept=concept, defaults={"status": statuses[code], "changed_at": now}
        )
    follow(learner, memories, [], memories)
    return len(concepts)


def record_evidence(  # noqa: PLR0913 (all by keyword, and each says a different thing)
    *,
    learner: User,
    concept_id: int,
    source: str,
    credit: float,
    guess_chance: float,
    happened_at: datetime,
    self_rated: bool = False,
    difficulty: float = 0.0,
) -> None:
    """Store what an answer shows about a concept (see `Shown`), and bring its mastery up to date."""
    shown = Shown(concept_id, source, credit, guess_chance, happened_at, self_rated, difficulty)
    with transaction.atomic(savepoint=False):
        memories = lock_memories(learner, [concept_id])
        piece = _evidence(learner, shown)
        if sql.insert(piece, unless_there="learner_id, source"):
            follow(learner, memories, [piece], ())
        else:
            record_all(learner=learner, shown=[shown])


@transaction.atomic(savepoint=False)
def record_all(*, learner: User, shown: Sequence[Shown]) -> None:
    """Store what several answers show; within a transaction it comes last (see `progress.memories`).

    A source counts once. A credit that the learner gave (`self_rated`) may be changed by giving another; any other
    stays.
    """
    if not shown:
        return
    memories = lock_memories(learner, {each.concept_id for each in shown})
    by_source = {each.source: each for each in shown}
    known = {piece.source: piece for piece in Evidence.objects.of(learner).filter(source__in=by_source)}
    fresh = [_evidence(learner, each) for source, each in by_source.items() if source not in known]
    changed = []
    for source, piece in known.items():
        if by_source[source].self_rated and piece.credit != by_source[source].credit:
            piece.credit = by_source[source].credit
            changed.append(piece)
    Evidence.objects.bulk_create(fresh)
    if changed:
        Evidence.objects.bulk_update(changed, ["credit"])
    follow(learner, memories, fresh, {piece.concept_id for piece in changed})


def _evidence(learner: User, shown: Shown) -> Evidence:
    return Evidence(
        learner_id=learner.pk,
        concept_id=shown.concept_id,
        source=shown.source,
        credit=shown.credit,
        guess_chance=shown.guess_chance,
        difficulty=min(max(shown.difficulty, -DIFFICULTY_LIMIT), DIFFICULTY_LIMIT),
        self_rated=shown.self_rated,
        happened_at=shown.happened_at,
    )


def withdraw_evidence(*, learner: User, source: str) -> None:
    """Take back what an answer showed, because the answer was undone; harmless where nothing was recorded."""
    withdraw_all(learner=learner, sources=[source])


@transaction.atomic(savepoint=False)
def withdraw_all(*, learner: User, sources: Collection[str]) -> None:
    """Take back what several answers showed; within a transaction it comes last, as `record_all`."""
    pieces = Evidence.objects.of(learner).filter(source__in=sources)
    concepts = set(pieces.values_list("concept_id", flat=True))
    if concepts:
        memories = lock_memories(learner, concepts)
        pieces.delete()
        follow(learner, memories, [], memories)
