"""`manage.py check_data`: look the data over, and mend what can be mended."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from mlprep.keeping.checks import CHECKS

SHOWN = 10


class Command(BaseCommand):
    help = "Check that the data hold together; ends with an error where they do not. Changes nothing without --repair."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="put right what can be put right without guessing")

    def handle(self, *args: Any, **options: Any) -> None:
        left = 0
        for check in CHECKS:
            faults = list(check.find())
            if faults and options["repair"] and check.mend:
                with transaction.atomic():
                    check.mend()
                mended, faults = len(faults), list(check.find())
                self.stdout.write(f"{check.rule}: mended, {mended - len(faults)} of {mended}")
            elif not faults:
                self.stdout.write(f"{check.rule}: yes")
            left += len(faults)
            self._tell(check.rule, faults, can_be_mended=bool(check.mend) and not options["repair"])
        if left:
            raise CommandError(f"{left} faults.")

    def _tell(self, rule: str, faults: list[str], *, can_be_mended: bool) -> None:
        if faults:
            self.stdout.write(f"{rule}: no{' (--repair puts it right)' if can_be_mended else ''}")
        for fault in faults[:SHOWN]:
            self.stdout.write(f"  {fault}")
        if len(faults) > SHOWN:
            self.stdout.write(f"  and {len(faults) - SHOWN} more")
