"""`manage.py work`: do the long tasks that wait in the database; the server starts it by itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mlprep.chores import enqueue_due
from mlprep.shared.work.worker import Worker


class Command(BaseCommand):
    help = "Do what waits in the queue, until told to stop (SIGTERM); any number may run."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="do what waits now, then end")
        parser.add_argument(
            "--grace", type=float, default=20.0, help="seconds that a task may still take when told to stop"
        )
        parser.add_argument("--parent", type=int, help="the process without which to stop, such as the server's")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(
            grace=options["grace"],
            enqueue_due=(lambda: None) if options["batch"] else enqueue_due,
            parent=options["parent"],
        )
        worker.run(batch=options["batch"])
