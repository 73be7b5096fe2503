"""`manage.py load_library`: bring the database up to date with the files in fixtures/."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from concepts.library.faults import LibraryFaults
from concepts.library.loader import load_library


class Command(BaseCommand):
    help = "Check the library's files and load those that changed; learners' records stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("root", nargs="?", type=Path, default=settings.LIBRARY_DIR)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_library(options["root"])
        except LibraryFaults as error:
            count = len(error.faults)
            raise CommandError(f"{error}\nNothing was loaded: mend the {count} fault(s) above first.") from error
        self.stdout.write(f"{report.files} files, {report.changed} of them loaded, the others unchanged")
