"""`manage.py backup`: a copy of the database, taken while the app runs."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone


class Command(BaseCommand):
    help = "Copy the database into DATA_DIR/backups: SQLite by its online backup, PostgreSQL by pg_dump."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR / "backups")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"mlprep-{timezone.now():%Y%m%d-%H%M%S}"
        if connection.vendor == "sqlite":
            path = self._copy_sqlite(folder / f"{stem}.sqlite3")
        else:
            path = self._dump_postgresql(folder / f"{stem}.dump")
        path.chmod(0o600)
        self.stdout.write(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")

    def _copy_sqlite(self, path: Path) -> Path:
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            path.unlink()
            raise CommandError(f"The copy is damaged ({verdict}), and so may be the database: check the disk.")
        return path

    def _dump_postgresql(self, path: Path) -> Path:
        database = connection.settings_dict
        variables = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        environment = {name: str(database[key]) for name, key in variables.items() if database[key]}
        command = ["pg_dump", "--format=custom", f"--file={path}", str(database["NAME"])]
        try:
            subprocess.run(command, check=True, env={**os.environ, **environment})  # noqa: S603
        except FileNotFoundError as error:
            raise CommandError("pg_dump is not installed: install PostgreSQL's client (postgresql-client).") from error
        except subprocess.CalledProcessError as error:
            raise CommandError(f"pg_dump failed with {error.returncode}; its own message stands above.") from error
        return path
