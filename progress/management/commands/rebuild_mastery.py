"""`manage.py rebuild_mastery`: make the memories of concepts anew from the evidence, where that is needed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from progress.memories import learners_to_renew, renew_all, renew_those_behind
from progress.models import User


class Command(BaseCommand):
    help = "Reckon mastery anew from all answers and statuses: for learners for whom the model has changed, or for all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="for every learner, needed or not")
        parser.add_argument(
            "--at-once", type=int, metavar="LEARNERS", help="for more learners than that, leave it to the worker"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        learners = User.objects.order_by("pk") if options["all"] else learners_to_renew()
        most = options["at_once"]
        if most is not None and (behind := learners.count()) > most:
            renew_those_behind.enqueue()
            self.stdout.write(f"Mastery of {behind} learners is reckoned anew by the worker")
            return
        for learner in learners:
            count = renew_all(learner)
            self.stdout.write(f"Mastery of {learner}: {count} concepts reckoned anew")
