"""The database that a restore is to replace: what state it is in, and keeping it aside."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from itertools import count
from pathlib import Path

from django.db import OperationalError, connection
from django.utils import timezone

from mlprep.keeping.copies import make_backup, sqlite_faults
from mlprep.keeping.errors import BackupError
from mlprep.keeping.restoring import our_tables

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR}
_BESIDE = ("-wal", "-shm", "-journal")


class State(Enum):
    """EMPTY: nothing of the app's is there. DAMAGED: no copy can be made of it."""

    EMPTY = "empty"
    SOUND = "sound"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Present:
    """The database as it is. words: a sentence on it."""

    state: State
    words: str


def look_at_present() -> Present:
    """What a restore would replace. Raises BackupError where that cannot be told."""
    if connection.vendor == "sqlite":
        return _look_at_file()
    try:
        return _present(our_tables())
    except OperationalError as error:
        raise BackupError(
            f"PostgreSQL does not let us in: {str(error).strip()}. The server and an empty database must be there "
            "first; DATABASE_URL names them."
        ) from error


def keep_aside(present: Present, folder: Path) -> Path | None:
    """Keep what is there in the folder: as a backup, or where it is damaged the files themselves. None for nothing.

    Raises BackupError, and then everything is as it was.
    """
    if present.state is State.SOUND:
        try:
            return make_backup(folder).path
        except BackupError as error:
            more = "" if connection.vendor == "sqlite" else " Or restore into a new database that DATABASE_URL names."
            raise BackupError(f"What is there cannot be kept, so it was left alone: {error}{more}") from error
    return _move_files(folder) if connection.vendor == "sqlite" else None


def _file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _look_at_file() -> Present:
    if not _file().exists() or not _file().stat().st_size:
        return Present(State.EMPTY, "There is no database yet.")
    try:
        with closing(sqlite3.connect(_file(), timeout=20)) as own:
            faults = sqlite_faults(own)
        if not faults:
            return _present(our_tables())
    except (sqlite3.DatabaseError, OperationalError) as error:
        cause = error if isinstance(error, sqlite3.Error) else error.__cause__
        if getattr(cause, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
            raise BackupError(f"{_file()} cannot be read: {error}. Stop the app and try again.") from error
        faults = str(error)
    return Present(
        State.DAMAGED,
        f"The database is damaged ({faults}). Stop the app first: what it still wrote would go into the damaged file.",
    )


def _present(tables: list[str]) -> Present:
    if not {"progress_user", "progress_evidence"} <= set(tables):
        return Present(State.SOUND if tables else State.EMPTY, "The database has no learners yet.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT COUNT(*) FROM progress_user), (SELECT COUNT(*) FROM progress_evidence)")
        learners, answers = cursor.fetchone()
    return Present(State.SOUND, f"The database has {learners} learners and {answers} answers.")


def _move_files(folder: Path) -> Path | None:
    """Move SQLite's files away, those beside the database first: they must never meet another one."""
    connection.close()
    there = [path for ending in (*_BESIDE, "") if (path := Path(f"{_file()}{ending}")).exists()]
    if not there or (there == [_file()] and not _file().stat().st_size):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    target = _free_name(folder / f"damaged-{timezone.now():%Y%m%d-%H%M%S}.sqlite3")
    for path in there:
        shutil.move(path, f"{target}{str(path).removeprefix(str(_file()))}")
    return target


def _free_name(path: Path) -> Path:
    names = (path.with_stem(f"{path.stem}{f'-{number}' if number > 1 else ''}") for number in count(1))
    return next(name for name in names if not any(Path(f"{name}{ending}").exists() for ending in ("", *_BESIDE)))
