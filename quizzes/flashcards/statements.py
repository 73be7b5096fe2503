# ruff: noqa: S608 (what goes into a text is written in this file; values are always bound)
"""The SQL behind each answer and each next card.

Plain SQL (see `mlprep.shared.sql`), which reads alike on SQLite and PostgreSQL.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import connection

from concepts.models import Concept
from mlprep.shared import sql
from progress.models import User
from quizzes.flashcards.models import Card, CardEvent, FlashcardSettings, LearnerCard, NewOrder
from quizzes.flashcards.snapshots import FIELDS

_SPARE = 8
_BOTH = f"{sql.columns(LearnerCard, 'l')}, {sql.columns(Card, 'c')}"
_CARDS = "FROM quizzes_learnercard l JOIN quizzes_card c ON c.id = l.card_id"
_ACTIVE = "l.learner_id = %s AND NOT l.suspended AND (l.buried_until IS NULL OR l.buried_until <= %s)"
_DUE = f"{_ACTIVE} AND l.state = 'review' AND l.due_on <= %s"
_CHANGING = [field for field in LearnerCard._meta.concrete_fields if field.name in {*FIELDS, "version"}]
_IN_STEPS = "l.state IN ('learning', 'relearning')"
_NEW_ORDERS = {
    NewOrder.WEEK.value: "",
    NewOrder.PRIORITY.value: "CASE k.priority WHEN 'high' THEN 0 WHEN 'medium' THEN 1 WHEN 'low' THEN 2 ELSE 3 END, ",
    # A fixed shuffle: multiplying by an odd number permutes the residues.
    NewOrder.RANDOM.value: "(l.card_id * 2654435761) %% 4294967296, ",
}


def fetch_card(pk: int) -> LearnerCard:
    """The learner's card with its text and concept."""
    rows = sql.rows(
        f"""
        SELECT {_BOTH}, {sql.columns(Concept, "k")} {_CARDS} LEFT JOIN concepts_concept k ON k.id = c.concept_id
        WHERE l.id = %s
        """,
        pk,
    )
    return _card(rows, with_concept=True)


def lock_card(pk: int) -> LearnerCard:
    """The learner's card with its text, locked for the transaction."""
    return _card(sql.rows(f"SELECT {_BOTH} {_CARDS} WHERE l.id = %s {sql.locking('l')}", pk))


def _card(rows: list[Any], *, with_concept: bool = False) -> LearnerCard:
    if not rows:
        raise LearnerCard.DoesNotExist
    values = iter(rows[0])
    learned, learned.card = sql.record(LearnerCard, values), sql.record(Card, values)
    if with_concept and learned.card.concept_id:
        learned.card.concept = sql.record(Concept, values)
    return learned


def fetch_settings(learner: User) -> FlashcardSettings | None:
    """The learner's settings; none where they have kept the defaults."""
    text = f"SELECT {sql.columns(FlashcardSettings, 's')} FROM quizzes_flashcardsettings s WHERE learner_id = %s"
    rows = sql.rows(text, learner.pk)
    return sql.record(FlashcardSettings, iter(rows[0])) if rows else None


def store_card(card: LearnerCard, changed: Collection[str]) -> bool:
    """Save the changed fields, unless somebody else has changed the card since it was read; says whether.

    What stays is left out, for SQLite would take it out of its indexes and put it back.
    """
    seen = card.version
    card.version += 1
    fields = [field for field in _CHANGING if field.name in changed or field.name == "version"]
    if stored := sql.update(card, fields, "AND version = %s", seen):
        return stored
    card.version = seen
    return False


def store_event(event: CardEvent) -> None:
    """Add the event to the log; it knows its number afterwards."""
    sql.insert(event)


def answered_on(learner: User, day: date) -> list[tuple[str, str, int | None]]:
    """The state before, the siblings and the concept of each card answered that day, in order."""
    return sql.rows(
        """
        SELECT e.state_before, c.siblings, c.concept_id
        FROM quizzes_cardevent e
        JOIN quizzes_learnercard l ON l.id = e.card_id
        JOIN quizzes_card c ON c.id = l.card_id
        WHERE e.learner_id = %s AND e.day = %s AND e.kind = 'answer'
            AND NOT EXISTS (SELECT 1 FROM quizzes_cardevent undo WHERE undo.undoes_id = e.id)
        ORDER BY e.id
        """,
        learner.pk,
        day,
    )


def next_steps(learner: User, today: date, until: datetime, tomorrow: datetime) -> list[int]:
    """The first two cards whose (re)learning step is over by then.

    A step that has reached over the night is over when the day begins, as in Anki. tomorrow: when the next day begins.
    """
    return sql.column(
        f"""
        SELECT l.id FROM quizzes_learnercard l WHERE {_ACTIVE} AND {_IN_STEPS}
            AND (l.due_at <= %s OR (l.last_on < %s AND l.due_at < %s))
        ORDER BY l.due_at LIMIT 2
        """,
        learner.pk,
        today,
        connection.ops.adapt_datetimefield_value(until),
        today,
        connection.ops.adapt_datetimefield_value(tomorrow),
    )


def new_in_order(learner: User, today: date, order: str, places: slice) -> list[tuple[int, str, int | None]]:
    """New cards at these places of the learner's order: card, siblings, concept."""
    return sql.rows(
        f"""
        SELECT l.id, c.siblings, c.concept_id {_CARDS} LEFT JOIN concepts_concept k ON k.id = c.concept_id
        WHERE {_ACTIVE} AND l.state = 'new'
        ORDER BY {_NEW_ORDERS[order]} l.position, l.id LIMIT %s OFFSET %s
        """,
        learner.pk,
        today,
        places.stop - places.start,
        places.start,
    )


def due_reviews(learner: User, today: date) -> list[tuple[int, str, float | None, date | None]]:
    """Due cards, longest overdue first: card, siblings, stability, day of the last review."""
    return sql.rows(
        f"SELECT l.id, c.siblings, l.stability, l.last_on {_CARDS} WHERE {_DUE} ORDER BY l.due_on, l.id",
        learner.pk,
        today,
        today,
    )


def first_reviews(learner: User, today: date, *, without: Collection[str], most: int) -> list[int]:
    """The longest overdue cards without these siblings."""
    found: list[int] = []
    for start in count(0, most + _SPARE):
        rows = sql.rows(
            f"""
            SELECT l.id, c.siblings {_CARDS} WHERE {_DUE} ORDER BY l.due_on, l.id LIMIT %s OFFSET %s
            """,
            learner.pk,
            today,
            today,
            most + _SPARE,
            start,
        )
        # Quicker than a list of siblings in the query, which grows with the day.
        found += [pk for pk, siblings in rows if siblings not in without]
        if len(found) >= most or len(rows) < most + _SPARE:
            break
    return found[:most]


def count_due(learner: User, today: date, *, most: int) -> int:
    """How many reviews are due, counted up to `most`."""
    text = f"SELECT count(*) FROM (SELECT 1 FROM quizzes_learnercard l WHERE {_DUE} LIMIT %s) due"
    return int(sql.column(text, learner.pk, today, today, most)[0])


def count_due_on(learner: User, days: Sequence[date]) -> list[tuple[date, int]]:
    """How many reviews are due on each of these days that has any."""
    if not days:
        return []
    return sql.rows(
        f"""
        SELECT due_on, count(*) FROM quizzes_learnercard
        WHERE learner_id = %s AND state = 'review' AND due_on IN ({sql.marks(days)})
        GROUP BY due_on
        """,
        learner.pk,
        *days,
    )


def due_on_concepts(learner: User, today: date, concepts: Collection[int]) -> list[tuple[int, str]]:
    """Due cards on these concepts, longest overdue first: card, siblings."""
    if not concepts:
        return []
    return sql.rows(
        f"""
        SELECT l.id, c.siblings {_CARDS} WHERE c.concept_id IN ({sql.marks(concepts)}) AND {_DUE}
        ORDER BY l.due_on, l.id
        """,
        *concepts,
        learner.pk,
        today,
        today,
    )


def confused_with(concepts: Collection[int]) -> list[int]:
    """Concepts that are easily confused with one of these."""
    text = f"SELECT to_concept_id FROM concepts_concept_confused_with WHERE from_concept_id IN ({sql.marks(concepts)})"
    return sql.column(text, *concepts) if concepts else []


def concepts_in_steps(learner: User) -> list[int]:
    """Concepts with cards in their (re)learning steps."""
    where = f"l.learner_id = %s AND {_IN_STEPS} AND c.concept_id IS NOT NULL"
    return sql.column(f"SELECT DISTINCT c.concept_id {_CARDS} WHERE {where}", learner.pk)


def prerequisites_of(concepts: Collection[int], learner: User) -> list[tuple[int, int]]:
    """Each concept with each prerequisite that the learner has cards on."""
    return sql.rows(
        f"""
        SELECT p.from_concept_id, p.to_concept_id FROM concepts_concept_prerequisites p
        WHERE p.from_concept_id IN ({sql.marks(concepts)}) AND EXISTS (
            SELECT 1 FROM quizzes_card c
            WHERE c.concept_id = p.to_concept_id AND NOT c.retired AND (c.owner_id IS NULL OR c.owner_id = %s)
        )
        """,
        *concepts,
        learner.pk,
    )


def memories_of(learner: User, concepts: Collection[int]) -> list[tuple[int, float, date]]:
    """The learner's memories of cards on these concepts: concept, stability, day of the last review."""
    return sql.rows(
        f"""
        SELECT c.concept_id, l.stability, l.last_on {_CARDS}
        WHERE l.learner_id = %s AND c.concept_id IN ({sql.marks(concepts)})
            AND l.stability IS NOT NULL AND l.last_on IS NOT NULL
        """,
        learner.pk,
        *concepts,
    )
