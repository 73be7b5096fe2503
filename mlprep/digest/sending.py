"""Sending the letters, one a learner's day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q

from mlprep.digest.messages import digest_for
from progress.accounts.letters import note_failure
from progress.accounts.models import Digest
from progress.models import User

_OF_ONE_LETTER = (SMTPRecipientsRefused, SMTPDataError)
_EVERY = {Digest.DAILY: timedelta(days=1), Digest.WEEKLY: timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Sent:
    """How many letters went out, and how many could not."""

    sent: int
    failed: int


def has_mail_server() -> bool:
    """Whether letters would reach anybody."""
    return not settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend"))


def send_digests(now: datetime) -> Sent:
    """Send the letters that are due, to proved addresses alone.

    Each is claimed before it is sent, so that two runs at once send none twice. A server that is away ends the run:
    each further letter would wait for it as long.
    """
    sent = failed = 0
    proved = EmailAddress.objects.filter(primary=True, verified=True, user__is_active=True)
    wanting = proved.exclude(user__digest=Digest.OFF).select_related("user").order_by("pk")
    connection = get_connection()
    try:
        for address in wanting.iterator(500):
            learner: User = address.user
            today = learner.day_of(now)
            due = Q(digest_sent_on=None) | Q(digest_sent_on__lte=today - _EVERY[Digest(learner.digest)])
            before = learner.digest_sent_on
            if not User.objects.filter(due, pk=learner.pk).update(digest_sent_on=today):
                continue
            try:
                if message := digest_for(learner, now, to=address.email):
                    message.connection = connection
                    sent += message.send()
            except OSError as error:
                # Tried again at the next run.
                User.objects.filter(pk=learner.pk).update(digest_sent_on=before)
                note_failure(error)
                failed += 1
                if not isinstance(error, _OF_ONE_LETTER):
                    break
    finally:
        _close(connection)
    return Sent(sent, failed)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError as error:
        note_failure(error)
