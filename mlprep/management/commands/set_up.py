"""`manage.py set_up`: bring database and library up to date, saying each step, and what to know before others come."""

import sqlite3
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.urls import reverse

from mlprep.advice import advice
from mlprep.keeping.guarding import close_database_to_others
from mlprep.shared.addresses import address
from progress.accounts.first_run import first_run_code
from progress.models import User

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
        for note in advice():
            self.stdout.write(f"Note: {note}")
        self.stdout.write(
            f"Ready for {settings.SITE_URL}, registration {settings.REGISTRATION}, database {connection.vendor} "
            f"({connection.settings_dict['NAME']}), data in {settings.DATA_DIR}"
        )
        if not User.objects.exists():
            self._tell_first_run()

    def _tell_first_run(self) -> None:
        page, code = address(reverse("first_run")), first_run_code()
        if settings.OPEN_TO_OTHERS:
            self.stdout.write(f"There is no account yet. Make the administrator's at {page} with the code {code}")
        else:
            self.stdout.write(f"There is no account yet. Make the administrator's at {page} (code, if asked: {code})")
