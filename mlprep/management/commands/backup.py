"""`manage.py backup`: a copy of the database, taken while the app runs, verified, and old ones cleared away."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mlprep.keeping.copies import make_backup
from mlprep.keeping.errors import BackupError
from mlprep.keeping.rotation import DAYS, MONTHS, WEEKS, abandoned, outdated


class Command(BaseCommand):
    help = (
        "Copy the database into DATA_DIR/backups (SQLite by its online backup, PostgreSQL by pg_dump), verify the copy "
        "by restoring and counting, and remove outdated ones."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR / "backups")
        parser.add_argument("--days", type=int, default=DAYS, help=f"keep one a day for so many days ({DAYS})")
        parser.add_argument("--weeks", type=int, default=WEEKS, help=f"one a week for so many weeks ({WEEKS})")
        parser.add_argument("--months", type=int, default=MONTHS, help=f"one a month for so many months ({MONTHS})")
        parser.add_argument("--keep-all", action="store_true", help="remove none")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            backup = make_backup(folder)
        except BackupError as error:
            raise CommandError(str(error)) from error
        size = backup.path.stat().st_size / 1e6
        self.stdout.write(f"{backup.path} ({size:.1f} MB, {backup.rows} rows; {backup.proof})")
        if options["keep_all"]:
            return
        spans = {name: options[name] for name in ("days", "weeks", "months")}
        for path in outdated(folder.iterdir(), **spans):
            # Where the clock was wrong once, the newest by its name is another one.
            if path != backup.path:
                path.unlink(missing_ok=True)
                self.stdout.write(f"{path.name} is outdated and removed")
        for path in abandoned(folder.iterdir(), now=timezone.now().replace(tzinfo=None)):
            path.unlink(missing_ok=True)
            self.stdout.write(f"{path.name} was never finished and is removed")
