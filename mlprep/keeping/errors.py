"""What can go wrong with backups and with the database under a command."""

import sqlite3

from django.db import DatabaseError, InterfaceError, OperationalError

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_IN_THE_WAY = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
}


class BackupError(Exception):
    """A copy cannot be made or put back, or is not what it should be; the text says why and what to do."""


def condition_of_database(error: DatabaseError | InterfaceError | sqlite3.Error) -> str | None:
    """What is wrong with the database and what to do about it; None where the fault is a statement's, and ours."""
    cause = error if isinstance(error, sqlite3.Error) else error.__cause__
    if not isinstance(cause, sqlite3.Error):
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        return f"The database does not answer: {str(error).strip()}\nDATABASE_URL names it; start it and try again."
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return f"There is no room: {error}. Make some and try again; a backup may go to a folder on another disk."
    if code in _DAMAGED:
        return f"The database is damaged: {error}. Stop the app; `manage.py restore` puts a backup in its place."
    if code in _IN_THE_WAY:
        return f"The database cannot be used: {error}. Look at its disk, the rights to its file, and who else has it."
    return None
