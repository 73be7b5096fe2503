"""`manage.py set_up`: bring database and library up to date, saying each step and how long it took."""

import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

STEPS = [
    ("Database", "migrate", {"verbosity": 0}),
    ("Cache table", "createcachetable", {"verbosity": 0}),
    ("Library", "load_library", {}),
    ("Comments", "render_comments", {}),
]


class Command(BaseCommand):
    help = "Migrate the database and load the library; quick and harmless where nothing has changed."

    def handle(self, *args: Any, **options: Any) -> None:
        for title, command, arguments in STEPS:
            started = time.perf_counter()
            call_command(command, stdout=self.stdout, **arguments)
            self.stdout.write(f"{title} ready ({time.perf_counter() - started:.1f} s)")
