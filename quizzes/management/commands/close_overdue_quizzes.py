"""`manage.py close_overdue_quizzes`: close the quizzes whose time is up, for a timer such as cron."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizzes.attempts.services import close_attempt
from quizzes.domain.clock import GRACE
from quizzes.models import Attempt


class Command(BaseCommand):
    help = "Close and grade the quizzes whose time is up; otherwise each closes when its learner looks next."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        overdue = list(Attempt.objects.overdue(now - GRACE))
        for attempt in overdue:
            close_attempt(attempt=attempt, now=now)
        self.stdout.write(f"{len(overdue)} quizzes closed")
