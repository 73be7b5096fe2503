"""Writes that can as well be left out: done at once, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections


@contextmanager
def without_waiting(using: str = "default") -> Iterator[None]:
    """On SQLite let no write inside wait for another writer; it raises OperationalError instead.

    Elsewhere writers of different rows do not wait for each other anyway.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout={int(patience)}")
