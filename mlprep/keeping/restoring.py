"""Putting a backup in the place of the database, whatever state that is in."""

import re
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from mlprep.keeping.copies import Counts, count_rows, sqlite_faults
from mlprep.keeping.errors import BackupError
from mlprep.keeping.guarding import close_database_to_others
from mlprep.keeping.postgresql import postgres

_SQLITE_BEGINNING = b"SQLite format 3\x00"
_DUMP_BEGINNING = b"PGDMP"
_OURS = ("concepts", "progress", "quizzes", "mlprep")


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
    try:
        with path.open("rb") as file:
            beginning = file.read(16)
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
    if connection.vendor == "sqlite":
        if not beginning.startswith(_SQLITE_BEGINNING):
            raise BackupError(f"{path} is no SQLite database. A dump of PostgreSQL needs DATABASE_URL set.")
        return _look_at_sqlite(path)
    if not beginning.startswith(_DUMP_BEGINNING):
        raise BackupError(f"{path} is no dump of PostgreSQL. A copy of SQLite goes with DATABASE_URL left out.")
    postgres("pg_restore", "--list", str(path))
    applied = postgres("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(path))
    _refuse_newer(path, re.findall(r"^\d+\t(\w+)\t(\w+)\t", applied, re.MULTILINE))
    return Candidate(path, None, None)


def restore(candidate: Candidate) -> Counts:
    """Replace the database by the backup, all or nothing; gives the rows of each table afterwards.

    Raises BackupError, and then the database is what it was. Migrate afterwards: the backup may be of an older version.
    """
    if connection.vendor == "sqlite":
        return _restore_sqlite(candidate.path)
    return _restore_postgresql(candidate.path)


def _open(path: Path) -> sqlite3.Connection:
    """The backup, which nobody writes to; so SQLite needs no files beside it."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _look_at_sqlite(path: Path) -> Candidate:
    _refuse_half(path)
    with closing(_open(path)) as copy:
        try:
            if faults := sqlite_faults(copy):
                raise BackupError(f"{path} is damaged: {faults}. Take an older one.")
            applied = set(copy.execute("SELECT app, name FROM django_migrations"))
            learners, answers = (
                int(copy.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 (our tables)
                for table in ("progress_user", "progress_evidence")
            )
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise BackupError(f"{path} is damaged or no backup of mlprep: {error}.") from error
    _refuse_newer(path, applied)
    return Candidate(path, learners, answers)


def _refuse_half(path: Path) -> None:
    """A file taken from a running or killed server has its last writes beside it, which a backup never has."""
    for log in (Path(f"{path}-wal"), Path(f"{path}-journal")):
        if log.exists() and log.stat().st_size:
            raise BackupError(
                f"{path} is no backup but a database that was in use: its last writes are in {log}. Make one file of "
                f"both, sqlite3 {path} \"VACUUM INTO 'whole.sqlite3'\", and restore that."
            )


def _refuse_newer(path: Path, applied: Iterable[tuple[str, str]]) -> None:
    known = set(MigrationLoader(None).disk_migrations)
    if newer := sorted(name for app, name in applied if app in _OURS and (app, name) not in known):
        raise BackupError(f"{path} was made by a newer version (it has {newer[-1]}). Upgrade first, then restore.")


def _restore_sqlite(path: Path) -> Counts:
    """By SQLite's own backup, in one transaction: whoever reads meanwhile sees the old state or the new one."""
    close_database_to_others()
    connection.ensure_connection()
    if connection.connection.in_transaction:
        raise BackupError("A transaction is open; a restore is one of its own.")
    with closing(_open(path)) as copy:
        copy.backup(connection.connection)
    return count_rows(lambda sql: connection.connection.execute(sql).fetchall())


def _restore_postgresql(path: Path) -> Counts:
    """In one transaction, without what the backup does not know: a table of a later version would stand in the way."""
    tables = [connection.ops.quote_name(name) for name in our_tables()]
    connections.close_all()
    Path(settings.DATA_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="restoring-") as folder:
        script = Path(folder) / "script.sql"
        # Read to its end before anything is touched, so that half a dump never counts as a whole one.
        postgres("pg_restore", "--clean", "--if-exists", "--no-owner", f"--file={script}", str(path))
        clear = [f"--command=DROP TABLE IF EXISTS {', '.join(tables)} CASCADE"] if tables else []
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        postgres("psql", *options, *clear, f"--file={script}", f"--dbname={connection.settings_dict['NAME']}")
    with connection.cursor() as cursor:
        return count_rows(lambda sql: (cursor.execute(sql), cursor.fetchall())[1])


def our_tables() -> list[str]:
    """The tables in the database that are the app's, of whatever version."""
    known = set(connection.introspection.django_table_names(include_views=False)) | {"django_migrations"}
    prefixes = tuple(f"{label}_" for label in _OURS)
    return sorted(name for name in connection.introspection.table_names() if name in known or name.startswith(prefixes))
