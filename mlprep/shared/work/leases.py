"""Who works at which task. Times are the database's, so that machines with different clocks agree."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django_tasks import TaskResultStatus
from django_tasks.signals import task_finished
from django_tasks_db.models import DBTaskResult

from mlprep.shared.work.models import Lease

_log = logging.getLogger(__name__)
MOST_TRIES = 5
"""What has cost so many workers their life is not tried again."""


class WorkerLost(Exception):
    """Every worker that began the task went away in the middle of it."""


def claim(worker_id: str) -> DBTaskResult | None:
    """The next task that is due, with a lease; None where there is none. No other worker gets it."""
    if not DBTaskResult.objects.ready().exists():
        # Most often there is none, and nobody has to wait for a lock.
        return None
    with transaction.atomic():
        held = DBTaskResult.objects.ready().get_locked()
        if held is not None:
            held.claim(worker_id)
            renew(held)
    return held


def renew(held: DBTaskResult) -> None:
    """Say that its worker is still at it."""
    Lease.objects.update_or_create(task=held.pk, defaults={"seen_at": Now()})


def let_go(held: DBTaskResult) -> None:
    """The task has ended, or is somebody else's."""
    Lease.objects.filter(task=held.pk).delete()


def put_back(held: DBTaskResult, *, counts: bool = True, wait: timedelta = timedelta()) -> None:
    """Let another worker begin the task anew. counts: whether this was a try."""
    changes: dict[str, object] = {"status": TaskResultStatus.READY}
    if not counts:
        changes["worker_ids"] = held.worker_ids[:-1]
    if wait:
        changes["run_after"] = Now() + wait
    with transaction.atomic():
        if _under_way().filter(pk=held.pk, started_at=held.started_at).update(**changes):
            let_go(held)


def take_back() -> int:
    """Put back every task whose worker is dead; gives how many there were."""
    alive = Lease.objects.filter(seen_at__gt=Now() - settings.TASK_LEASE).values_list("task", flat=True)
    lost = list(_under_way().exclude(pk__in=list(alive)))
    for held in lost:
        if len(held.worker_ids) < MOST_TRIES:
            _log.warning("Task %s has lost its worker and is begun anew", held.pk)
            put_back(held)
        else:
            fail(held, WorkerLost(f"{MOST_TRIES} workers were lost at it"))
            let_go(held)
    return len(lost)


def fail(held: DBTaskResult, error: BaseException) -> None:
    """Write down that the task will not be tried again, and tell whom it concerns."""
    _log.error("Task %s has failed", held.task_path, exc_info=error)
    held.set_failed(error)
    try:
        result = held.task_result
    except (ImportError, AttributeError):
        # A task of an older version that is no more.
        return
    task_finished.send(sender=type(result.task.get_backend()), task_result=result)


def _under_way() -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
