"""What recurs: letters, overdue quizzes, tidying up. The worker enqueues it, so no cron is needed."""

from datetime import timedelta

from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult
from rest_framework.authtoken.models import Token

from mlprep.digest.sending import has_mail_server, send_digests
from mlprep.shared.limits.taking import prune
from mlprep.shared.work.models import Chore
from progress.comments.services import forget_deleted
from quizzes.attempts.services import close_overdue
from quizzes.mocks.services import close_overdue_interviews

KEPT = timedelta(days=14)
"""How long the outcome of a task is kept."""


@task()
def send_letters() -> int:
    """Send the letters that are due; each is claimed first, so that none is sent twice. Gives how many were sent."""
    return send_digests(timezone.now()).sent


@task()
def close_what_is_over() -> int:
    """Close quizzes and interviews whose time is up, whether or not their learner looks. Gives how many there were."""
    now = timezone.now()
    return close_overdue(now=now) + close_overdue_interviews(now=now)


@task()
def tidy_up() -> int:
    """Drop what is over: outcomes of tasks (gives how many), sessions, counts, deleted comments, tokens in clear."""
    call_command("clearsessions")
    prune()
    forget_deleted(now=timezone.now())
    # Tokens in clear of the release before, carried over as digests: the next release drops their table.
    Token.objects.all().delete()
    LogEntry.objects.filter(content_type__app_label="authtoken").delete()
    count, _ = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()
    return count


_HOUR = timedelta(hours=1)
_CHORES = {"letters": (send_letters, _HOUR), "overdue": (close_what_is_over, _HOUR), "tidying": (tidy_up, 24 * _HOUR)}


def enqueue_due() -> None:
    """Enqueue what is due again; of several workers one does it."""
    known = set(Chore.objects.values_list("name", flat=True))
    if missing := _CHORES.keys() - known:
        Chore.objects.bulk_create([Chore(name=name, next_at=Now()) for name in sorted(missing)], ignore_conflicts=True)
    due = Chore.objects.filter(next_at__lte=Now())
    for name in due.filter(name__in=_CHORES).values_list("name", flat=True):
        what, every = _CHORES[name]
        with transaction.atomic():
            if due.filter(name=name).update(next_at=Now() + every) and (name != "letters" or has_mail_server()):
                what.enqueue()
