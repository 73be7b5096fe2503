"""`manage.py check_library`: every fault in the files of fixtures/, without loading anything."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from concepts.library.loader import check_library
from concepts.library.registry import shelves


class Command(BaseCommand):
    help = "Check the library's files: schema, ids, links between them, maths that renders, exercises by running them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--report", action="store_true", help="say what the library holds, too")
        parser.add_argument("root", nargs="?", type=Path, default=settings.LIBRARY_DIR)

    def handle(self, *args: Any, **options: Any) -> None:
        library = check_library(options["root"])
        faults = library.faults or [fault for shelf in shelves() for fault in shelf.prove(library.items)]
        if faults:
            raise CommandError("\n".join(map(str, faults)))
        if options["report"]:
            for shelf in shelves():
                for line in shelf.report(library.items):
                    self.stdout.write(line)
        files = sum(len(items) for items in library.items.values())
        self.stdout.write(self.style.SUCCESS(f"{files} files, no fault"))
