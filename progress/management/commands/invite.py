"""`manage.py invite`: a link with which one person may sign up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mlprep.shared.addresses import address
from progress.models import Invitation


class Command(BaseCommand):
    help = "Print a link with which one person may sign up within two weeks (where REGISTRATION is invite)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--note", default="", help="whom it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        invitation = Invitation.objects.create(note=options["note"])
        self.stdout.write(address(invitation.path))
