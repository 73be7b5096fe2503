"""Keeps one worker running beside the server. Each web process has a keeper; a lock lets one of a machine do it."""

import contextlib
import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

GRACE = 5
"""Seconds that the worker's task may still take when the server stops."""
_LONG_ENOUGH = 60.0
_LONGEST_PAUSE = 60.0


class Keeper:
    """Starts `manage.py work`, and again when it ends; takes over where another web process that kept it has gone."""

    def __init__(self, *, manage: Path, lock: Path) -> None:
        self._command = [sys.executable, str(manage), "work", f"--grace={GRACE}", f"--parent={os.getpid()}"]
        self._lock = lock
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._keep, daemon=True, name="keeper of the worker").start()

    def stop(self) -> None:
        """Stop the worker, if it is this process that keeps it. Takes at most twice GRACE."""
        self._stopping.set()
        child = self._child
        if child is not None and child.poll() is None:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(2 * GRACE)
                return
            child.kill()

    def _keep(self) -> None:
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w") as held:
            # Waits for as long as another process of this machine lives that has it.
            fcntl.flock(held, fcntl.LOCK_EX)
            pause = 1.0
            while not self._stopping.is_set():
                started = time.monotonic()
                self._child = subprocess.Popen(self._command)  # noqa: S603 (our own command)
                self._child.wait()
                pause = 1.0 if time.monotonic() - started > _LONG_ENOUGH else min(2 * pause, _LONGEST_PAUSE)
                self._stopping.wait(pause)
