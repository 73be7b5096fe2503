"""`manage.py close_overdue_quizzes`: close the quizzes whose time is up, for a timer such as cron."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizzes.attempts.services import close_overdue


class Command(BaseCommand):
    help = "Close and grade the quizzes whose time is up; otherwise each closes when its learner looks next."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{close_overdue(now=timezone.now())} quizzes closed")
