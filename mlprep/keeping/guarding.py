"""The database's file is its owner's alone."""

import os
from contextlib import suppress
from pathlib import Path

from django.db import connection

_OWNER_ONLY = 0o600


def close_database_to_others() -> None:
    """Make SQLite's file so that only its owner reads it, or mend the rights of the one that is there.

    SQLite gives the files beside it (-wal, -shm) the same rights. A file of another owner stays as it is.
    """
    if connection.vendor != "sqlite":
        return
    path = Path(str(connection.settings_dict["NAME"]))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _OWNER_ONLY))
    for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        with suppress(FileNotFoundError, PermissionError):
            file.chmod(_OWNER_ONLY)
