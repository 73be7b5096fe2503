"""Keeping the memories of concepts: after each answer by one step, otherwise anew from the evidence.

Evidence and statuses are what counts; a memory is a copy, locked while it is changed, always in the order of the
concepts' keys. A transaction that also changes other records (a quiz, cards) changes those first and memories last.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django_tasks import task

from mlprep.shared import sql
from progress.domain.mastery import CLAIMS, RIGHT_FROM, SELF_RATED_WEIGHT, corrected_for_guessing
from progress.domain.traces import MODEL, VERSION, Answers, Claim, Trace, retraced, retraced_all
from progress.models import ConceptMemory, ConceptStatus, Evidence, User

_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_NAMES = list(CLAIMS)
_KEPT = [
    *("strength", "variance", "stability", "start", "answers", "right", "shown"),
    *("answered_at", "practised_at", "version"),
]
_KEPT_FIELDS = [field for field in ConceptMemory._meta.concrete_fields if field.name in _KEPT]


def trace_of(memory: ConceptMemory) -> Trace:
    """The memory's numbers."""
    return Trace(memory.strength, memory.variance, memory.stability, memory.start)


def lock_memories(learner: User, concepts: Collection[int]) -> dict[int, ConceptMemory]:
    """The learner's memories of these concepts (keys), locked for the transaction, by concept; missing ones are made.

    A memory just made, or by an earlier version of the model, has version 0 and knows nothing yet.
    """
    memories = _locked(learner, concepts)
    if missing := sorted(set(concepts) - memories.keys()):
        ConceptMemory.objects.bulk_create([_fresh(learner.pk, concept) for concept in missing], ignore_conflicts=True)
        memories = _locked(learner, concepts)
    return memories


def _locked(learner: User, concepts: Collection[int]) -> dict[int, ConceptMemory]:
    """Always in one order, so that no two transactions wait for each other; in plain SQL, for each answer asks it."""
    if not concepts:
        return {}
    rows = sql.rows(
        f"""
        SELECT {sql.columns(ConceptMemory, "m")} FROM progress_conceptmemory m
        WHERE m.learner_id = %s AND m.concept_id IN ({sql.marks(concepts)}) ORDER BY m.concept_id {sql.locking("m")}
        """,  # noqa: S608 (names of columns; values are bound)
        learner.pk,
        *concepts,
    )
    memories = (sql.record(ConceptMemory, iter(row)) for row in rows)
    return {memory.concept_id: memory for memory in memories}


def follow(learner: User, memories: dict[int, ConceptMemory], fresh: Sequence[Evidence], anew: Collection[int]) -> None:
    """Bring locked memories up to date: with `fresh` evidence by a step each, those of the concepts `anew` entirely.

    Evidence that comes out of the order of time makes its concept's memory anew too.
    """
    steps: dict[int, list[Evidence]] = defaultdict(list)
    for piece in sorted(fresh, key=attrgetter("happened_at")):
        steps[piece.concept_id].append(piece)
    renew = {*anew, *(concept for concept, memory in memories.items() if memory.version != VERSION)}
    for concept, pieces in steps.items():
        memory = memories[concept]
        late = memory.practised_at is not None and pieces[0].happened_at < memory.practised_at
        if late:
            renew.add(concept)
        elif concept not in renew:
            _take_in(memory, pieces, None)
    if renew:
        _renew(learner, [memories[concept] for concept in sorted(renew)])
    _store([memories[concept] for concept in sorted(renew | steps.keys())])


def _renew(learner: User, memories: Sequence[ConceptMemory]) -> None:
    """Make the memories from all their evidence and statuses."""
    keys = [memory.concept_id for memory in memories]
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for piece in Evidence.objects.of(learner).filter(concept__in=keys).in_order():
        evidence[piece.concept_id].append(piece)
    statuses = {status.concept_id: status for status in ConceptStatus.objects.of(learner).filter(concept__in=keys)}
    for memory in memories:
        _forget(memory)
        _take_in(memory, evidence[memory.concept_id], statuses.get(memory.concept_id))


def _fresh(learner: int, concept: int) -> ConceptMemory:
    memory = ConceptMemory(learner_id=learner, concept_id=concept)
    _forget(memory)
    memory.version = 0
    return memory


def _forget(memory: ConceptMemory) -> None:
    _set_trace(memory, MODEL.start())
    memory.answers, memory.right, memory.shown = 0, 0, 0.0
    memory.answered_at = memory.practised_at = None
    memory.version = VERSION


def _set_trace(memory: ConceptMemory, trace: Trace) -> None:
    memory.strength, memory.variance = float(trace.strength), float(trace.variance)
    memory.stability, memory.start = float(trace.stability), float(trace.start)


def _take_in(memory: ConceptMemory, pieces: Sequence[Evidence], status: ConceptStatus | None) -> None:
    """Go on from the memory over answers in the order of time, and over the status among them."""
    events: list[tuple[datetime, Answers | Claim]] = [(piece.happened_at, _answer(piece)) for piece in pieces]
    if status is not None and (claim := CLAIMS.get(status.status)):
        place = sum(when < status.changed_at for when, _ in events)
        events.insert(place, (status.changed_at, claim))
    if not events:
        return
    day = None if memory.practised_at is None else _day(memory.practised_at)
    _set_trace(memory, retraced(((_day(when), what) for when, what in events), trace_of(memory), day))
    memory.practised_at = events[-1][0]
    if pieces:
        memory.answered_at = pieces[-1].happened_at
    memory.answers += len(pieces)
    memory.right += sum(piece.credit >= RIGHT_FROM for piece in pieces)
    memory.shown += sum(max(0.0, (piece.credit - piece.guess_chance) / (1.0 - piece.guess_chance)) for piece in pieces)


def _answer(piece: Evidence) -> Answers:
    weight = SELF_RATED_WEIGHT if piece.self_rated else 1.0
    return Answers(piece.credit, piece.guess_chance, piece.difficulty, weight)


def _day(moment: datetime) -> float:
    return (moment - _BEGIN) / _DAY


def _store(memories: Sequence[ConceptMemory]) -> None:
    if len(memories) == 1:
        sql.update(memories[0], _KEPT_FIELDS)
    elif memories:
        ConceptMemory.objects.bulk_update(memories, _KEPT, batch_size=50)


@transaction.atomic
def renew_all(learner: User) -> int:
    """Make all the learner's memories anew, in numpy and in a few queries; returns how many there are.

    Memories of concepts without evidence and status go.
    """
    concepts = sorted(
        {*Evidence.objects.of(learner).order_by().values_list("concept_id", flat=True).distinct()}
        | {*ConceptStatus.objects.of(learner).values_list("concept_id", flat=True)}
    )
    memories = lock_memories(learner, concepts)
    ConceptMemory.objects.of(learner).exclude(concept__in=concepts).delete()
    _retrace([memories[concept] for concept in concepts], learner)
    _store(list(memories.values()))
    return len(memories)


def _retrace(memories: Sequence[ConceptMemory], learner: User) -> None:
    """As `_renew`, for many memories at once."""
    place = {memory.concept_id: number for number, memory in enumerate(memories)}
    rows = list(
        Evidence.objects.of(learner)
        .in_order()
        .values_list("concept_id", "happened_at", "credit", "guess_chance", "difficulty", "self_rated")
    )
    statuses = [
        (place[concept], _day(when), _NAMES.index(status), when)
        for concept, status, when in ConceptStatus.objects.of(learner)
        .filter(status__in=_NAMES)
        .values_list("concept_id", "status", "changed_at")
    ]
    concept = np.array([place[row[0]] for row in rows] + [row[0] for row in statuses], dtype=np.intp)
    day = np.array([_day(row[1]) for row in rows] + [row[1] for row in statuses])
    claim = np.array([-1] * len(rows) + [row[2] for row in statuses], dtype=np.intp)
    blank = [(0.0, 0.0, 0.0, 0.0)] * len(statuses)
    credit, guess, difficulty, self_rated = np.array([row[2:] for row in rows] + blank, dtype=float).reshape(-1, 4).T
    # A status before an answer of the same moment, answers of one moment in the order of their keys.
    order = np.lexsort((claim < 0, day, concept))
    columns = (credit, guess, difficulty, np.where(self_rated > 0, SELF_RATED_WEIGHT, 1.0))
    traces = retraced_all(
        len(memories),
        concept[order],
        day[order],
        Answers(*(column[order] for column in columns)),
        claim[order],
        list(CLAIMS.values()),
    )
    answered = claim < 0
    counts = np.bincount(concept[answered], minlength=len(memories))
    rights = np.bincount(concept[answered & (credit >= RIGHT_FROM)], minlength=len(memories))
    shown = np.bincount(concept[answered], corrected_for_guessing(credit, guess)[answered], minlength=len(memories))
    last_answer = {place[row[0]]: row[1] for row in rows}
    last_status = {row[0]: row[3] for row in statuses}
    for number, memory in enumerate(memories):
        _forget(memory)
        _set_trace(
            memory,
            Trace(*(values[number] for values in (traces.strength, traces.variance, traces.stability, traces.start))),
        )
        memory.answers, memory.right, memory.shown = int(counts[number]), int(rights[number]), float(shown[number])
        memory.answered_at = last_answer.get(number)
        memory.practised_at = max(
            (when for when in (memory.answered_at, last_status.get(number)) if when), default=None
        )


def learners_to_renew() -> QuerySet[User]:
    """Learners with memories that are missing or made by another version of the model."""
    kept = ConceptMemory.objects.filter(learner=OuterRef("learner"), concept=OuterRef("concept"), version=VERSION)
    behind: set[int] = set(ConceptMemory.objects.exclude(version=VERSION).values_list("learner_id", flat=True))
    for model in (Evidence, ConceptStatus):
        behind.update(model.objects.filter(~Exists(kept)).values_list("learner_id", flat=True).distinct())
    return User.objects.filter(pk__in=behind).order_by("pk")


@task()
def renew_those_behind() -> int:
    """Make the memories anew of every learner for whom the model has changed, one after another.

    What ended in the middle goes on with those that are left. Gives how many learners there were.
    """
    learners = list(learners_to_renew())
    for learner in learners:
        renew_all(learner)
    return len(learners)
