"""The process from which runs are forked: it has numpy imported, and never holds anybody's code."""

import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable

# What exercises and tests commonly import, so that a run reads no file for it.
import bisect, collections, contextlib, copy, dataclasses, decimal, enum, fractions, functools, heapq  # noqa: E401, F401
import io, itertools, math, numbers, operator, pprint, random, re, statistics, string, textwrap, time  # noqa: E401, F401
import typing, unittest, warnings  # noqa: E401, F401

import numpy as np

from quizzes.sandbox import candidate, confine, examiner

MAX_COMMAND = 1024


def main(control_fd: int, cpu_seconds: int) -> None:
    """Fork what the broker asks for over the control socket until it is gone.

    It sends `{"run": name}` with two descriptors, the job's and the output's, or `{"kill": name}`; it is told
    `{"gone": name, "who": "tests" | "code", "status": …, "cpu": …}` for each process that ended. cpu_seconds: what
    each process of a run may use; cpu: the seconds that it used.
    """
    control = socket.socket(fileno=control_fd)
    _warm_up()
    Zygote(control, confine.Limits(cpu_seconds)).serve()


class Zygote:
    """Forks runs and waits for their processes."""

    def __init__(self, control: socket.socket, limits: confine.Limits) -> None:
        self._control = control
        self._limits = limits
        self._running: dict[int, tuple[str, str]] = {}
        self._rules = None if confine.missing() else confine.readable()

    def serve(self) -> None:
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while True:
            ready, _, _ = select.select([self._control.fileno(), wake_read], [], [])
            if wake_read in ready:
                os.read(wake_read, 512)
                self._reap()
            if self._control.fileno() in ready:
                data, descriptors, _, _ = socket.recv_fds(self._control, MAX_COMMAND, 2)
                if not data:
                    self._kill(None)
                    return
                command = json.loads(data)
                if "run" in command:
                    self._run(command["run"], *descriptors)
                else:
                    self._kill(command["kill"])

    def _run(self, name: str, job_descriptor: int, output: int) -> None:
        with socket.socket(fileno=job_descriptor) as job:
            for_tests, for_code = socket.socketpair()
            with for_tests, for_code:
                keep = {job.fileno(), for_tests.fileno()}
                self._fork(name, "tests", lambda: examiner.examine(job, for_tests), keep)
                self._fork(name, "code", lambda: candidate.hold(for_code, output), {output, for_code.fileno()})
        os.close(output)

    def _fork(self, name: str, who: str, work: Callable[[], None], keep: set[int]) -> None:
        pid = os.fork()
        if pid:
            self._running[pid] = (name, who)
            return
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            np.random.seed()
            confine.confine(keep, self._limits, self._rules)
            work()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)

    def _reap(self) -> None:
        while self._running:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if not pid:
                return
            name, who = self._running.pop(pid)
            cpu = round(used.ru_utime + used.ru_stime, 3)
            event = {"gone": name, "who": who, "status": os.waitstatus_to_exitcode(status), "cpu": cpu}
            self._control.send(json.dumps(event).encode())

    def _kill(self, name: str | None) -> None:
        for pid, (run, _) in self._running.items():
            if name in {None, run}:
                os.kill(pid, signal.SIGKILL)


def _warm_up() -> None:
    """Do once what every run would do first, and keep the collector from touching shared pages."""
    np.random.default_rng(0).normal(size=(8, 8)) @ np.linalg.qr(np.eye(8))[0]
    os.environ.clear()
    # Other packages are not there for a run, where they could be found but not read.
    folders = confine.library_folders()
    sys.path[:] = [path for path in sys.path if path in folders or os.path.basename(path) == "lib-dynload"]
    sys.stdin.close()
    os.open(os.devnull, os.O_RDONLY)
    gc.collect()
    gc.freeze()
