"""`manage.py close_overdue_quizzes`: close quizzes and mock interviews whose time is up, for cron."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizzes.attempts.services import close_overdue
from quizzes.mocks.services import close_overdue_interviews


class Command(BaseCommand):
    help = "Close the quizzes and mock interviews whose time is up; otherwise each closes when its learner looks next."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        self.stdout.write(f"{close_overdue(now=now)} quizzes closed")
        self.stdout.write(f"{close_overdue_interviews(now=now)} mock interviews closed")
