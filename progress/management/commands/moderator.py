"""`manage.py moderator`: who looks after comments."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from progress.models import User


class Command(BaseCommand):
    help = "Make somebody a moderator of comments, or no longer one; without a name, list the moderators."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?", help="the name with which they sign in")
        parser.add_argument("--remove", action="store_true", help="they are no longer a moderator")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["username"]:
            for name in User.objects.filter(is_moderator=True).order_by("username").values_list("username", flat=True):
                self.stdout.write(name)
            return
        name = User.normalize_username(options["username"])
        if not User.objects.filter(username=name).update(is_moderator=not options["remove"]):
            raise CommandError(f"There is no user {name}; names are as on the page of the account.")
        self.stdout.write(f"{name} is {'no longer ' if options['remove'] else ''}a moderator.")
