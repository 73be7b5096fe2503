"""`manage.py send_digests`: the letters that learners asked for, which the worker sends each hour by itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mlprep.digest.sending import has_mail_server, send_digests


class Command(BaseCommand):
    help = "Send each learner who asked for it what there is to do today; the worker does it hourly."

    def handle(self, *args: Any, **options: Any) -> None:
        if not has_mail_server():
            raise CommandError("There is no mail server: set EMAIL_URL.")
        result = send_digests(timezone.now())
        self.stdout.write(f"{result.sent} sent")
        if result.failed:
            raise CommandError(f"{result.failed} could not be sent; the log says why. They are tried at the next run.")
