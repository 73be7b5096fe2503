# ruff: noqa: S608 (names of tables and columns are the models' own; values are always bound)
"""Records by plain SQL, for the few queries that run at every answer.

The ORM takes several times as long to word such a query anew as the database to answer it. Whatever is asked for less
often goes through the QuerySets.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.base import ModelState

Record = TypeVar("Record", bound=models.Model)


def rows(sql: str, *values: Any) -> list[Any]:
    """What the query finds."""
    with closing(_run(sql, values)) as cursor:
        found: list[Any] = cursor.fetchall()
        return found


def column(sql: str, *values: Any) -> list[Any]:
    """The first column of what the query finds."""
    return [row[0] for row in rows(sql, *values)]


def marks(values: Collection[object]) -> str:
    """A place for each value."""
    return ", ".join(["%s"] * len(values))


@cache
def columns(model: type[models.Model], table: str) -> str:
    """The model's columns, of the table known by that name in the query; `record` reads them."""
    return ", ".join(f"{table}.{_name(field)}" for field in model._meta.concrete_fields)


def record(model: type[Record], values: Iterator[Any]) -> Record:
    """The record whose columns come next."""
    names, readers = _reading(model)
    fields = dict(zip(names, values, strict=False))
    for name, read in readers:
        fields[name] = read(fields[name])
    # As Django unpickles one: without the signals and defaults that a new record wants.
    found = model.__new__(model)
    found.__dict__.update(fields, _state=ModelState())
    found._state.adding, found._state.db = False, DEFAULT_DB_ALIAS
    return found


def locking(table: str) -> str:
    """What keeps the rows found for the transaction, where the database locks rows."""
    return f"FOR UPDATE OF {table}" if connection.features.has_select_for_update else ""


def insert(new: models.Model, unless_there: str = "") -> bool:
    """Store a new record, which knows its key afterwards; says whether it was stored.

    unless_there: columns of a unique constraint; a record that has the same values there is left as it is.
    """
    text, fields, returning = _inserting(type(new), unless_there)
    with closing(_run(text, _stored(new, fields))) as cursor:
        stored = cursor.fetchone() if returning else (cursor.lastrowid,) if cursor.rowcount else None
    if stored is None:
        return False
    new.pk = stored[0]
    new._state.adding, new._state.db = False, connection.alias
    return True


def update(changed: models.Model, fields: "Sequence[models.Field[Any, Any]]", where: str = "", *values: Any) -> bool:
    """Store these fields of a record; says whether it was found, under a condition besides its key if one is given."""
    text = f"{_updating(type(changed), tuple(field.attname for field in fields))} {where}"
    with closing(_run(text, [*_stored(changed, fields), changed.pk, *values])) as cursor:
        return bool(cursor.rowcount)


def _run(text: str, values: Sequence[Any]) -> Any:
    """A cursor over what the text gives.

    On SQLite the driver's own: Django's asks each time for the thread's connection, rewrites the marks and takes longer
    than the database. Where somebody watches the queries it is Django's.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "sqlite" or database.execute_wrappers or database.queries_logged:
        cursor = database.cursor()
        cursor.execute(text, values)
        return cursor
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        return database.connection.execute(_in_sqlite(text), values)


@cache
def _in_sqlite(text: str) -> str:
    return text.replace("%s", "?").replace("%%", "%")


def _name(field: "models.Field[Any, Any]") -> str:
    """Quoted, for `right` is a word of SQL."""
    return connection.ops.quote_name(str(field.column))


@cache
def _inserting(model: type[models.Model], unless_there: str) -> "tuple[str, list[models.Field[Any, Any]], bool]":
    """The text, the fields whose values it takes, and whether it gives the key back."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    returning = connection.features.can_return_columns_from_insert
    text = " ".join(
        [
            f"INSERT INTO {model._meta.db_table} ({', '.join(map(_name, fields))}) VALUES ({marks(fields)})",
            f"ON CONFLICT ({unless_there}) DO NOTHING" if unless_there else "",
            f"RETURNING {model._meta.pk.column}" if returning else "",
        ]
    )
    return text, fields, returning


@cache
def _updating(model: type[models.Model], names: tuple[str, ...]) -> str:
    quoted = {field.attname: _name(field) for field in model._meta.concrete_fields}
    places = ", ".join(f"{quoted[name]} = %s" for name in names)
    return f"UPDATE {model._meta.db_table} SET {places} WHERE {model._meta.pk.column} = %s"


def _stored(one: models.Model, fields: "Sequence[models.Field[Any, Any]]") -> list[Any]:
    """The fields' values as the database takes them; only what it does not take as it is goes by way of the field."""
    return [
        value
        if type(value := getattr(one, field.attname)) in _AS_THEY_ARE and type(field) is not models.JSONField
        else field.get_db_prep_save(value, connection)
        for field in fields
    ]


_AS_THEY_ARE = {int, float, str, bool, date, type(None)}


@cache
def _reading(model: type[models.Model]) -> tuple[list[str], list[tuple[str, Callable[[Any], Any]]]]:
    """The model's fields as columns name them, and how those are read that do not come as they are."""
    fields = model._meta.concrete_fields
    readers = [(field.attname, _READERS[type(field)]) for field in fields if type(field) in _READERS]
    return [field.attname for field in fields], readers


def _aware(moment: datetime | None) -> datetime | None:
    """SQLite keeps moments without a zone, in UTC."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _parsed(text: str | None) -> Any:
    return None if text is None else json.loads(text)


_READERS: dict[type, Callable[[Any], Any]] = {models.DateTimeField: _aware, models.JSONField: _parsed}
