"""`manage.py restore`: put a backup in the place of the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mlprep.keeping.copies import BackupError, make_backup
from mlprep.keeping.restoring import look_at, restore
from progress.models import Evidence, User

WORD = "restore"


class Command(BaseCommand):
    help = (
        "Replace the database by a backup: checks the file, asks, backs up what is there, restores in one transaction "
        "and migrates. On SQLite the app may go on running; on PostgreSQL stop it first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            candidate = look_at(options["file"])
            now = f"{User.objects.count()} learners and {Evidence.objects.count()} answers"
            then = (
                "" if candidate.learners is None else f" {candidate.learners} learners and {candidate.answers} answers"
            )
            self.stdout.write(f"The database has {now}. {candidate.path}{' has' if then else ' replaces it.'}{then}")
            if not options["yes"] and input(f"Type '{WORD}' to replace it: ").strip() != WORD:
                raise CommandError("Nothing was changed.")
            kept = make_backup(settings.DATA_DIR / "backups")
            self.stdout.write(f"What was there is kept as {kept.path}")
            counts = restore(candidate)
        except BackupError as error:
            raise CommandError(str(error)) from error
        call_command("migrate", verbosity=0)
        self.stdout.write(f"Restored {sum(counts.values())} rows. Run `manage.py check_data` to look it over.")
