"""`manage.py send_digests`: the letters that learners asked for, for a timer such as cron."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mlprep.digest.sending import send_digests


class Command(BaseCommand):
    help = "Send each learner who asked for it what there is to do today; run it hourly, one is sent a day or a week."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend")):
            raise CommandError("There is no mail server: set EMAIL_URL.")
        result = send_digests(timezone.now())
        self.stdout.write(f"{result.sent} sent")
        if result.failed:
            raise CommandError(f"{result.failed} could not be sent; the log says why. They are tried at the next run.")
