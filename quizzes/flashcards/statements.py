# ruff: noqa: S608 (what goes into a text is written in this file; values are always bound)
"""The SQL behind each answer and each next card.

Plain SQL, for the ORM takes ten times as long to word these queries anew as the database to answer them, and they run
at every answer. They read alike on SQLite and PostgreSQL; whatever is asked for less often goes through the QuerySets.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import count, islice
from typing import Any, TypeVar

from django.db import connection, models

from concepts.models import Concept
from progress.models import User
from quizzes.flashcards.models import Card, CardEvent, FlashcardSettings, LearnerCard, NewOrder
from quizzes.flashcards.snapshots import FIELDS

Record = TypeVar("Record", bound=models.Model)

_ALL = 2**31
_SPARE = 20
_CARDS = "FROM quizzes_learnercard l JOIN quizzes_card c ON c.id = l.card_id"
_ACTIVE = "l.learner_id = %s AND NOT l.suspended AND (l.buried_until IS NULL OR l.buried_until <= %s)"
_DUE = f"{_ACTIVE} AND l.state = 'review' AND l.due_on <= %s"
_CHANGING = [field for field in LearnerCard._meta.concrete_fields if field.name in FIELDS]
_LOGGED = [field for field in CardEvent._meta.concrete_fields if not field.primary_key]
_IN_STEPS = "l.state IN ('learning', 'relearning')"
_NEW_ORDERS = {
    NewOrder.WEEK.value: "",
    NewOrder.PRIORITY.value: "CASE k.priority WHEN 'high' THEN 0 WHEN 'medium' THEN 1 WHEN 'low' THEN 2 ELSE 3 END, ",
    # A fixed shuffle: multiplying by an odd number permutes the residues.
    NewOrder.RANDOM.value: "(l.card_id * 2654435761) %% 4294967296, ",
}


def fetch_card(pk: int, *, to_change: bool = False) -> LearnerCard:
    """The learner's card with its text and concept; locked for the transaction where it is to be changed."""
    lock = "FOR UPDATE OF l" if to_change and connection.features.has_select_for_update else ""
    rows = _rows(
        f"""
        SELECT {_columns(LearnerCard, "l")}, {_columns(Card, "c")}, {_columns(Concept, "k")}
        {_CARDS} LEFT JOIN concepts_concept k ON k.id = c.concept_id
        WHERE l.id = %s {lock}
        """,
        pk,
    )
    if not rows:
        raise LearnerCard.DoesNotExist
    values = iter(rows[0])
    learned, learned.card = _record(LearnerCard, values), _record(Card, values)
    if learned.card.concept_id:
        learned.card.concept = _record(Concept, values)
    return learned


def fetch_settings(learner: User) -> FlashcardSettings | None:
    """The learner's settings; none where they have kept the defaults."""
    sql = f"SELECT {_columns(FlashcardSettings, 's')} FROM quizzes_flashcardsettings s WHERE learner_id = %s"
    rows = _rows(sql, learner.pk)
    return _record(FlashcardSettings, iter(rows[0])) if rows else None


def store_card(card: LearnerCard) -> bool:
    """Save what an answer may change, unless somebody else has changed the card since it was read; says whether."""
    values = [field.get_db_prep_save(getattr(card, field.attname), connection) for field in _CHANGING]
    places = ", ".join(f"{field.column} = %s" for field in _CHANGING)
    sql = f"UPDATE quizzes_learnercard SET {places}, version = version + 1 WHERE id = %s AND version = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, card.pk, card.version])
        return bool(cursor.rowcount)


def store_event(event: CardEvent) -> None:
    """Add the event to the log; it knows its number afterwards."""
    values = [field.get_db_prep_save(getattr(event, field.attname), connection) for field in _LOGGED]
    columns = ", ".join(str(field.column) for field in _LOGGED)
    returning = "RETURNING id" if connection.features.can_return_columns_from_insert else ""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO quizzes_cardevent ({columns}) VALUES ({_marks(_LOGGED)}) {returning}", values)
        event.pk = cursor.fetchone()[0] if returning else cursor.lastrowid
    event._state.adding = False


def answered_on(learner: User, day: date) -> list[tuple[str, str, int | None]]:
    """The state before, the siblings and the concept of each card answered that day, in order."""
    return _rows(
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


def next_steps(learner: User, today: date, until: datetime) -> list[int]:
    """The first two cards whose (re)learning step is over by then."""
    return _column(
        f"""
        SELECT l.id FROM quizzes_learnercard l WHERE {_ACTIVE} AND {_IN_STEPS} AND l.due_at <= %s
        ORDER BY l.due_at LIMIT 2
        """,
        learner.pk,
        today,
        connection.ops.adapt_datetimefield_value(until),
    )


def new_in_order(learner: User, today: date, order: str, places: slice) -> list[tuple[int, str, int | None]]:
    """New cards at these places of the learner's order: card, siblings, concept."""
    return _rows(
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


def due_reviews(
    learner: User, today: date, *, without: Collection[str] = (), most: int = _ALL
) -> list[tuple[int, str, float | None, date | None]]:
    """Due cards without these siblings, longest overdue first: card, siblings, stability, day of the last review."""
    found: list[Any] = []
    for start in count(0, most + _SPARE):
        rows = _rows(
            f"""
            SELECT l.id, c.siblings, l.stability, l.last_on {_CARDS} WHERE {_DUE}
            ORDER BY l.due_on, l.id LIMIT %s OFFSET %s
            """,
            learner.pk,
            today,
            today,
            most + _SPARE,
            start,
        )
        # Quicker than a list of siblings in the query, which grows with the day.
        found += [row for row in rows if row[1] not in without]
        if len(found) >= most or len(rows) < most + _SPARE:
            break
    return found[:most]


def count_due(learner: User, today: date, *, most: int) -> int:
    """How many reviews are due, counted up to `most`."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM quizzes_learnercard l WHERE {_DUE} LIMIT %s) due"
    return int(_column(sql, learner.pk, today, today, most)[0])


def count_due_on(learner: User, days: Sequence[date]) -> list[tuple[date, int]]:
    """How many reviews are due on each of these days that has any."""
    if not days:
        return []
    return _rows(
        f"""
        SELECT due_on, count(*) FROM quizzes_learnercard
        WHERE learner_id = %s AND state = 'review' AND due_on IN ({_marks(days)})
        GROUP BY due_on
        """,
        learner.pk,
        *days,
    )


def due_partners(learner: User, today: date, concept: int) -> list[tuple[int, str]]:
    """Due cards on concepts that are easily confused with this one: card, siblings."""
    return _rows(
        f"""
        SELECT l.id, c.siblings {_CARDS} JOIN concepts_concept_confused_with w ON w.to_concept_id = c.concept_id
        WHERE w.from_concept_id = %s AND {_DUE}
        ORDER BY l.due_on, l.id
        """,
        concept,
        learner.pk,
        today,
        today,
    )


def confused_with(concepts: Collection[int]) -> list[int]:
    """Concepts that are easily confused with one of these."""
    sql = f"SELECT to_concept_id FROM concepts_concept_confused_with WHERE from_concept_id IN ({_marks(concepts)})"
    return _column(sql, *concepts) if concepts else []


def concepts_in_steps(learner: User) -> list[int]:
    """Concepts with cards in their (re)learning steps."""
    where = f"l.learner_id = %s AND {_IN_STEPS} AND c.concept_id IS NOT NULL"
    return _column(f"SELECT DISTINCT c.concept_id {_CARDS} WHERE {where}", learner.pk)


def prerequisites_of(concepts: Collection[int], learner: User) -> list[tuple[int, int]]:
    """Each concept with each prerequisite that the learner has cards on."""
    return _rows(
        f"""
        SELECT p.from_concept_id, p.to_concept_id FROM concepts_concept_prerequisites p
        WHERE p.from_concept_id IN ({_marks(concepts)}) AND EXISTS (
            SELECT 1 FROM quizzes_card c
            WHERE c.concept_id = p.to_concept_id AND NOT c.retired AND (c.owner_id IS NULL OR c.owner_id = %s)
        )
        """,
        *concepts,
        learner.pk,
    )


def memories_of(learner: User, concepts: Collection[int]) -> list[tuple[int, float, date]]:
    """The learner's memories of cards on these concepts: concept, stability, day of the last review."""
    return _rows(
        f"""
        SELECT c.concept_id, l.stability, l.last_on {_CARDS}
        WHERE l.learner_id = %s AND c.concept_id IN ({_marks(concepts)})
            AND l.stability IS NOT NULL AND l.last_on IS NOT NULL
        """,
        learner.pk,
        *concepts,
    )


@cache
def _columns(model: type[models.Model], table: str) -> str:
    return ", ".join(f"{table}.{field.column}" for field in model._meta.concrete_fields)


@cache
def _reading(model: type[models.Model]) -> tuple[list[str], list[tuple[int, Callable[[Any], Any]]]]:
    """The model's fields as columns name them, and how those are read that do not come as they are."""
    fields = model._meta.concrete_fields
    readers = [(place, _READERS[type(field)]) for place, field in enumerate(fields) if type(field) in _READERS]
    return [field.attname for field in fields], readers


def _record(model: type[Record], columns: Iterator[Any]) -> Record:
    """The record whose columns come next."""
    names, readers = _reading(model)
    values = list(islice(columns, len(names)))
    for place, read in readers:
        values[place] = read(values[place])
    return model.from_db(connection.alias, names, values)


def _aware(moment: datetime | None) -> datetime | None:
    """SQLite keeps moments without a zone, in UTC."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _parsed(text: str | None) -> Any:
    return None if text is None else json.loads(text)


_READERS: dict[type, Callable[[Any], Any]] = {models.DateTimeField: _aware, models.JSONField: _parsed}


def _rows(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _column(sql: str, *values: Any) -> list[Any]:
    return [row[0] for row in _rows(sql, *values)]


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))
