"""`manage.py restore`: put a backup in the place of the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mlprep.keeping.errors import BackupError
from mlprep.keeping.replacing import keep_aside, look_at_present
from mlprep.keeping.restoring import look_at, restore

WORD = "restore"


class Command(BaseCommand):
    help = (
        "Replace the database, be it damaged, empty or not there at all, by a backup: checks the file, asks, keeps "
        "what is there aside, restores in one transaction, migrates and looks the data over. On SQLite the app may go "
        "on running unless the database is damaged; on PostgreSQL stop it first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            candidate = look_at(options["file"])
            present = look_at_present()
            then = (
                "replaces it."
                if candidate.learners is None
                else f"has {candidate.learners} learners and {candidate.answers} answers."
            )
            self.stdout.write(f"{present.words} {candidate.path} {then}")
            if not options["yes"] and not _confirmed():
                raise CommandError("Nothing was changed.")
            if kept := keep_aside(present, settings.DATA_DIR / "backups"):
                self.stdout.write(f"What was there is kept as {kept}")
            counts = restore(candidate)
        except BackupError as error:
            raise CommandError(str(error)) from error
        call_command("migrate", verbosity=0)
        self.stdout.write(f"Restored {sum(counts.values())} rows. What the check of the data says:")
        try:
            call_command("check_data", stdout=self.stdout)
        except CommandError as error:
            self.stdout.write(f"{error} The backup had them; `manage.py check_data --repair` mends what can be mended.")


def _confirmed() -> bool:
    try:
        return input(f"Type '{WORD}' to replace it: ").strip() == WORD
    except EOFError:
        return False
