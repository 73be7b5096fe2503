"""A copy of the database that is taken while the app runs, and proved by counting its rows.

Counts and copy are of one moment: of one read transaction on SQLite, of one exported snapshot on PostgreSQL.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mlprep.keeping.errors import BackupError, condition_of_database
from mlprep.keeping.postgresql import postgres, rows_of, scratch_database

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database. counts: rows by table. proof: how it was verified, in words."""

    path: Path
    counts: Counts
    proof: str

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def make_backup(folder: Path) -> Backup:
    """Copy the database into the folder and verify the copy. Raises BackupError; a bad copy is removed.

    Until it is proved its name ends with `.part`, so half a copy, as a power cut leaves it, counts as no backup.
    """
    suffix = "sqlite3" if connection.vendor == "sqlite" else "dump"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = _new_file(folder, f"mlprep-{timezone.now():%Y%m%d-%H%M%S}", suffix)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    try:
        backup = _copy_sqlite(part) if connection.vendor == "sqlite" else _dump_postgresql(part)
        return replace(backup, path=part.rename(part.with_suffix("")))
    except OSError as error:
        raise _cannot_write(folder, error) from error
    except (DatabaseError, sqlite3.Error) as error:
        raise BackupError(condition_of_database(error) or f"The database cannot be copied: {error}") from error
    finally:
        for left in (part, Path(f"{part}-journal")):
            left.unlink(missing_ok=True)


def _cannot_write(folder: Path, error: OSError) -> BackupError:
    reason = (error.strerror or str(error)).lower()
    return BackupError(f"{folder} cannot be written: {reason}. Name a folder that this user may write to.")


def _new_file(folder: Path, stem: str, suffix: str) -> Path:
    """An empty file for a copy under way, that only its owner can read, from the first byte on.

    No other has its name, nor the one that it gets when it is done.
    """
    for number in count(1):
        done = folder / f"{stem}{f'-{number}' if number > 1 else ''}.{suffix}"
        part = Path(f"{done}.part")
        with suppress(FileExistsError):
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            if not done.exists():
                break
            part.unlink()
    return part


def count_rows(run: Callable[[str], Iterable[tuple[Any, Any]]]) -> Counts:
    """Rows of each table that Django knows. run: executes SQL and gives its rows."""
    tables = sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))
    quote = connection.ops.quote_name
    # One statement for all: over psql each would be a program of its own.
    counting = (f"SELECT '{table}', COUNT(*) FROM {quote(table)}" for table in tables)  # noqa: S608 (our tables)
    return {str(table): int(count) for table, count in run(" UNION ALL ".join(counting))}


def sqlite_faults(copy: sqlite3.Connection) -> str:
    """What SQLite finds wrong with a database; empty for nothing."""
    try:
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    except UnicodeDecodeError:
        # SQLite's complaint quotes the damaged bytes.
        return "its list of tables is no text"
    if verdict != "ok":
        return str(verdict)
    broken = copy.execute("PRAGMA foreign_key_check").fetchall()
    return f"{len(broken)} rows refer to rows that are not there (the first is in {broken[0][0]})" if broken else ""


def _copy_sqlite(path: Path) -> Backup:
    connection.ensure_connection()
    source: sqlite3.Connection = connection.connection
    with _one_moment(source), closing(sqlite3.connect(path)) as copy:
        counts = count_rows(lambda sql: source.execute(sql).fetchall())
        source.backup(copy)
        if faults := sqlite_faults(copy):
            raise BackupError(f"The copy is damaged ({faults}), and so may be the database: check the disk.")
        found = count_rows(lambda sql: copy.execute(sql).fetchall())
    _compare(counts, found)
    return Backup(path, counts, "opened as a database of its own; integrity, references and counts agree")


@contextmanager
def _one_moment(source: sqlite3.Connection) -> Iterator[None]:
    """A read transaction: it sees one state of the database and holds no writer up."""
    if source.in_transaction:
        yield
        return
    source.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        source.execute("ROLLBACK")


def _dump_postgresql(path: Path) -> Backup:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()

        def run(sql: str) -> Any:
            cursor.execute(sql)
            return cursor.fetchall()

        counts = count_rows(run)
        name = str(connection.settings_dict["NAME"])
        postgres("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={path}", name)
    return Backup(path, counts, _restore_into_scratch(path, counts))


def _restore_into_scratch(path: Path, counts: Counts) -> str:
    """Prove a dump by restoring it into a database of its own, which is empty or gone again afterwards."""
    with scratch_database() as scratch:
        if scratch is None:
            postgres("pg_restore", "--list", str(path))
            return "its list of contents was read; DEPLOY.md says what the database user lacks to restore it for proof"
        postgres("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={scratch}", str(path))
        _compare(counts, count_rows(lambda sql: rows_of(sql, scratch)))
    return "restored into a database of its own; counts agree"


def _compare(expected: Counts, found: Counts) -> None:
    if wrong := [table for table, count in expected.items() if found.get(table) != count]:
        table = wrong[0]
        raise BackupError(
            f"The copy is not complete: {table} has {expected[table]} rows, the copy {found.get(table)}. Try again, "
            "and check the disk's room and health."
        )
