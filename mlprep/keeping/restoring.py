"""Putting a backup in the place of the database."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from mlprep.keeping.copies import BackupError, Counts, count_rows, postgres, sqlite_faults

_SQLITE_BEGINNING = b"SQLite format 3\x00"
_DUMP_BEGINNING = b"PGDMP"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A backup that could be restored. learners, answers: what is in it, None where that cannot be told."""

    path: Path
    learners: int | None
    answers: int | None


def look_at(path: Path) -> Candidate:
    """What the file holds. Raises BackupError where it cannot be restored here, saying why."""
    if not path.is_file():
        raise BackupError(f"{path} is not a file.")
    with path.open("rb") as file:
        beginning = file.read(16)
    if connection.vendor == "sqlite":
        if not beginning.startswith(_SQLITE_BEGINNING):
            raise BackupError(f"{path} is no SQLite database. A dump of PostgreSQL needs DATABASE_URL set.")
        return _look_at_sqlite(path)
    if not beginning.startswith(_DUMP_BEGINNING):
        raise BackupError(f"{path} is no dump of PostgreSQL. A copy of SQLite goes with DATABASE_URL left out.")
    postgres("pg_restore", "--list", str(path))
    return Candidate(path, None, None)


def restore(candidate: Candidate) -> Counts:
    """Replace the database by the backup, all or nothing; gives the rows of each table afterwards.

    Raises BackupError, and then the database is what it was. Migrate afterwards: the backup may be of an older version.
    """
    if connection.vendor == "sqlite":
        return _restore_sqlite(candidate.path)
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
    postgres("pg_restore", *options, f"--dbname={name}", str(candidate.path))
    with connection.cursor() as cursor:
        return count_rows(lambda sql: (cursor.execute(sql), cursor.fetchall())[1])


def _open(path: Path) -> sqlite3.Connection:
    """The backup, which nobody writes to; so SQLite needs no files beside it."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _look_at_sqlite(path: Path) -> Candidate:
    with closing(_open(path)) as copy:
        try:
            faults = sqlite_faults(copy)
            applied = set(copy.execute("SELECT app, name FROM django_migrations"))
            learners, answers = (
                int(copy.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 (our tables)
                for table in ("progress_user", "progress_evidence")
            )
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise BackupError(f"{path} is damaged or no backup of mlprep: {error}.") from error
    if faults:
        raise BackupError(f"{path} is damaged: {faults}. Take an older one.")
    ours = {"concepts", "progress", "quizzes"}
    known = set(MigrationLoader(None).disk_migrations)
    if newer := sorted(name for app, name in applied if app in ours and (app, name) not in known):
        raise BackupError(f"{path} was made by a newer version (it has {newer[-1]}). Upgrade first, then restore.")
    return Candidate(path, learners, answers)


def _restore_sqlite(path: Path) -> Counts:
    """By SQLite's own backup, in one transaction: whoever reads meanwhile sees the old state or the new one."""
    connection.ensure_connection()
    if connection.connection.in_transaction:
        raise BackupError("A transaction is open; a restore is one of its own.")
    with closing(_open(path)) as copy:
        copy.backup(connection.connection)
    return count_rows(lambda sql: connection.connection.execute(sql).fetchall())
