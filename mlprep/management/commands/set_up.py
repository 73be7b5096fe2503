"""`manage.py set_up`: bring database and library up to date, saying each step and how long it took."""

import sqlite3
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from mlprep.keeping.guarding import close_database_to_others

WAL_RESET_MENDED = (3, 51, 3)
"""The SQLite in which a checkpoint that races a writer can no longer damage the database."""

STEPS = [
    ("Database", "migrate", {"verbosity": 0}),
    ("Cache table", "createcachetable", {"verbosity": 0}),
    ("Library", "load_library", {}),
    ("Comments", "render_comments", {}),
    ("Mastery", "rebuild_mastery", {"at_once": 50}),
]


class Command(BaseCommand):
    help = "Migrate the database and load the library; quick and harmless where nothing has changed."

    def handle(self, *args: Any, **options: Any) -> None:
        close_database_to_others()
        for title, command, arguments in STEPS:
            started = time.perf_counter()
            call_command(command, stdout=self.stdout, **arguments)
            self.stdout.write(f"{title} ready ({time.perf_counter() - started:.1f} s)")
        if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < WAL_RESET_MENDED:
            self.stdout.write(
                f"Note: SQLite {sqlite3.sqlite_version} has a very rare fault in its write-ahead log, mended in "
                f"{'.'.join(map(str, WAL_RESET_MENDED))}. Back up, or set SQLITE_JOURNAL_MODE=DELETE to do without it."
            )
