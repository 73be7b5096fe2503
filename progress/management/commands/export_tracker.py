"""`manage.py export_tracker [FILE]`: write the tracker page."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from concepts.domain.tracker import format_tracker
from concepts.exchange import current_tracker
from concepts.models import Section, Status
from progress.models import ConceptStatus, User


class Command(BaseCommand):
    help = "Write the tracker page, which import_tracker reads back as the same."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="where to (default: standard output)")
        parser.add_argument("--learner", help="username of the learner whose statuses the page shows")

    def handle(self, *args: Any, **options: Any) -> None:
        sections = list(Section.objects.values_list("name", flat=True))
        try:
            page = format_tracker(current_tracker(self._statuses(options["learner"])), sections=sections)
        except ValueError as error:
            raise CommandError(f"The tracker cannot be written: {error}") from error
        if options["file"]:
            options["file"].write_text(page, encoding="utf-8")
        else:
            self.stdout.write(page, ending="")

    def _statuses(self, username: str | None) -> dict[str, Status] | None:
        if not username:
            return None
        try:
            learner = User.objects.get(username=username)
        except User.DoesNotExist as error:
            raise CommandError(f"There is no learner {username!r}; give the username of an account.") from error
        records = ConceptStatus.objects.of(learner).values_list("concept__code", "status")
        return {code: Status(status) for code, status in records}
