"""Sending the letters, one a learner's day."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.db.models import Q

from mlprep.digest.messages import digest_for
from progress.accounts.models import Digest
from progress.models import User

_log = logging.getLogger(__name__)
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
    """Send the letters that are due. Each is claimed before it is sent, so that two runs at once send none twice."""
    sent = failed = 0
    wanting = User.objects.filter(is_active=True).exclude(digest=Digest.OFF).exclude(email="")
    with get_connection() as connection:
        for learner in wanting.iterator(500):
            today = learner.day_of(now)
            due = Q(digest_sent_on=None) | Q(digest_sent_on__lte=today - _EVERY[Digest(learner.digest)])
            before = learner.digest_sent_on
            if not User.objects.filter(due, pk=learner.pk).update(digest_sent_on=today):
                continue
            try:
                if message := digest_for(learner, now):
                    message.connection = connection
                    sent += message.send()
            except OSError as error:
                # Tried again at the next run.
                User.objects.filter(pk=learner.pk).update(digest_sent_on=before)
                _log.error("A digest could not be sent: %s", error)
                failed += 1
    return Sent(sent, failed)
