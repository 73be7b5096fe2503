"""`manage.py import_tracker FILE`: read a tracker page.

It stands in this app and not in concepts because `--learner` carries the page's statuses over to a learner.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from concepts.domain.tracker import KNOWN_SECTIONS, Fault, parse_tracker
from concepts.exchange import import_tracker
from progress.models import User
from progress.services import set_statuses

_LONGEST_PAGE = 5_000_000


class Command(BaseCommand):
    help = "Import a tracker page; one bad line imports nothing, unless --skip-bad is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--sections", help=f"section names, by comma (default: {', '.join(KNOWN_SECTIONS)})")
        parser.add_argument("--learner", help="username of the learner who gets the page's statuses")
        parser.add_argument("--skip-bad", action="store_true", help="import the good lines, list the bad ones")

    def handle(self, *args: Any, **options: Any) -> None:
        learner = self._learner(options["learner"])
        parsed = parse_tracker(self._text(options["file"]), sections=section_names(options["sections"]))
        if parsed.faults and not options["skip_bad"]:
            raise CommandError(
                f"{_listed(parsed.faults)}\nNothing was imported. Mend these lines, or pass them over with --skip-bad."
            )
        with transaction.atomic():
            report = import_tracker(parsed.tracker)
            carried = 0
            if learner:
                carried = set_statuses(learner=learner, statuses=dict(report.statuses), now=timezone.now())
        if parsed.faults:
            self.stderr.write(f"Passed over:\n{_listed(parsed.faults)}")
        self.stdout.write(
            f"{report.created} concepts new, {report.updated} brought up to date"
            + (f", {carried} statuses carried over to {learner}" if learner else "")
        )

    def _text(self, path: Path) -> str:
        try:
            with path.open("rb") as file:
                read = file.read(_LONGEST_PAGE + 1)
            text = read.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}. Give a text file in UTF-8.") from error
        if len(read) > _LONGEST_PAGE:
            raise CommandError(f"{path} is longer than {_LONGEST_PAGE:,} bytes; no tracker page is. Give another file.")
        if "\x00" in text:
            raise CommandError(f"{path} cannot be read: it holds zero bytes. Give a text file in UTF-8.")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _learner(self, username: str | None) -> User | None:
        if not username:
            return None
        try:
            return User.objects.get(username=username)
        except User.DoesNotExist as error:
            raise CommandError(f"There is no learner {username!r}; give the username of an account.") from error


def section_names(option: str | None) -> tuple[str, ...]:
    """The names given with --sections, or the known ones."""
    return tuple(name.strip() for name in option.split(",") if name.strip()) if option else KNOWN_SECTIONS


def _listed(faults: tuple[Fault, ...]) -> str:
    return "\n".join(map(str, faults))
