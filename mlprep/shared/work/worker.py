"""The loop that does tasks, one after another."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, Error, InterfaceError, OperationalError, close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks.signals import task_finished, task_started
from django_tasks_db.models import DBTaskResult

from mlprep.shared.work import leases

_log = logging.getLogger(__name__)
_RETRY_AFTER = timedelta(seconds=20)


class Worker:
    """Does what waits, and looks after what other workers left and what recurs.

    grace: seconds that a task may still take when the worker is told to stop; then it is put back. poll: seconds
    between looks where nothing waits. enqueue_due: called now and then, to enqueue what recurs. parent: the process
    without which the worker stops.
    """

    def __init__(
        self,
        *,
        grace: float,
        poll: float = 1.0,
        enqueue_due: Callable[[], None] = lambda: None,
        parent: int | None = None,
    ) -> None:
        self.id = get_random_string(16)
        self.grace, self.poll, self.enqueue_due = grace, poll, enqueue_due
        self._lease = settings.TASK_LEASE.total_seconds()
        self._held: DBTaskResult | None = None
        self._stopping = threading.Event()
        self._parent = parent
        self._looked_after = 0.0

    def run(self, *, batch: bool = False) -> None:
        """Work until told to stop; with `batch` until nothing waits."""
        if not batch:
            signal.signal(signal.SIGTERM, self._on_signal)
            signal.signal(signal.SIGINT, self._on_signal)
        threading.Thread(target=self._beat, daemon=True).start()
        while not self._stopping.is_set():
            if not batch:
                close_old_connections()
            self._look_after()
            held = leases.claim(self.id)
            if held is not None:
                self._do(held)
            elif batch:
                break
            else:
                self._stopping.wait(self.poll)
        self._stopping.set()

    def _do(self, held: DBTaskResult) -> None:
        """Do one task, and write down how it ended. One that a failing database ended is tried again."""
        self._held = held
        try:
            result = held.task_result
            sender = type(result.task.get_backend())
            task_started.send(sender=sender, task_result=result)
            held.set_successful(result.task.call(*result.args, **result.kwargs))
            task_finished.send(sender=sender, task_result=held.task_result)
            leases.let_go(held)
        except (OperationalError, InterfaceError) as error:
            _log.warning("Task %s was ended by the database", held.pk, exc_info=True)
            close_old_connections()
            self._try_again_or_fail(held, error)
        except Exception as error:
            leases.fail(held, error)
            leases.let_go(held)
        finally:
            self._held = None

    def _try_again_or_fail(self, held: DBTaskResult, error: Error) -> None:
        if len(held.worker_ids) < leases.MOST_TRIES:
            leases.put_back(held, wait=_RETRY_AFTER)
        else:
            leases.fail(held, error)
            leases.let_go(held)

    def _look_after(self) -> None:
        """Every few seconds: what has lost its worker, and what is due again."""
        every = self._lease / 3
        if time.monotonic() - self._looked_after >= every:
            self._looked_after = time.monotonic()
            leases.take_back()
            self.enqueue_due()

    def _beat(self) -> None:
        """In a thread beside the work: keep the lease, and stop when the server that started this has gone."""
        while not self._stopping.wait(self._lease / 6):
            if self._parent and os.getppid() != self._parent:
                os.kill(os.getpid(), signal.SIGTERM)
            held = self._held
            if held is not None:
                try:
                    leases.renew(held)
                except DatabaseError:
                    # The next beat may get through; if none does, somebody else does the task.
                    _log.warning("A lease could not be renewed", exc_info=True)
                finally:
                    connections.close_all()

    def _on_signal(self, signum: int, frame: FrameType | None) -> None:
        """Claim nothing more; what is under way may end, for a while."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._held is None:
            sys.exit(0)
        timer = threading.Timer(self.grace, self._leave)
        timer.daemon = True
        timer.start()

    def _leave(self) -> None:
        """Put the task back and go; the process may be deep in it."""
        held = self._held
        try:
            if held is not None:
                leases.put_back(held, counts=False)
        finally:
            os._exit(0)
