"""The one process of a machine that has the queue of runs: as many at once as there are cores, the rest in order.

It listens on a Unix socket that only its own user can reach. A client sends one line of JSON: a job (`id`, `code`,
`tests`) or a question (`ask`: an id), and gets lines: `place` (1 is next) while it waits, then `result`; `unknown`
for an id that is none. It may go away and ask again later; results are kept for a while.

A job may say whose it is (`owner`) and what it is about (`work`). An owner has few places: what waits is replaced by
a newer run of the same work, and beyond MAX_OF_OWNER the answer is `busy`.
"""

import contextlib
import json
import os
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quizzes.sandbox.report import Report

WALL_SECONDS = 30.0
"""The limit that counts is on computing; this one ends what sleeps, and leaves room on a busy machine."""
KEEP_SECONDS = 600.0
IDLE_SECONDS = 300.0
MAX_REQUEST = 2 * 2**20
MAX_WAITING = 200
MAX_OF_OWNER = 3
_TICK = 0.5
_JOB = ("id", "code", "tests", "owner", "work")
_CONTROL_KIND = getattr(socket, "SOCK_SEQPACKET", socket.SOCK_DGRAM)
_START_ZYGOTE = (
    "import sys; sys.path.insert(0, sys.argv[1]); from quizzes.sandbox.zygote import main; "
    "main(int(sys.argv[2]), int(sys.argv[3]))"
)
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Run:
    """A job that has a process, or waits for one."""

    id: str
    code: str
    tests: str
    owner: str = ""
    work: str = ""
    report: Report = field(default_factory=Report)
    job: socket.socket | None = None
    output: int = -1
    listeners: list[socket.socket] = field(default_factory=list)
    open_ends: int = 0
    stopped: bool = False


class Broker:
    """See the module."""

    def __init__(self, listener: socket.socket, *, slots: int, seconds: float, cpu_seconds: int) -> None:
        self._listener = listener
        self._slots = slots
        self._seconds = seconds
        self._cpu_seconds = cpu_seconds
        self._selector = selectors.DefaultSelector()
        self._waiting: deque[Run] = deque()
        self._running: dict[str, Run] = {}
        self._results: dict[str, tuple[float, dict[str, Any]]] = {}
        self._active = time.monotonic()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, _CONTROL_KIND)
        self._zygote = subprocess.Popen(  # noqa: S603 (our own interpreter and code)
            [sys.executable, "-I", "-c", _START_ZYGOTE, str(ROOT), str(theirs.fileno()), str(cpu_seconds)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=_environment(),
        )
        theirs.close()
        self._on(listener, self._accept)
        self._on(self._control, self._hear_zygote)

    def serve(self) -> None:
        """Work until nobody has asked for anything for a while, or the zygote is gone."""
        while self._zygote.poll() is None:
            for key, _ in self._selector.select(_TICK):
                key.data()
            now = time.monotonic()
            for run in list(self._running.values()):
                if now - run.report.started > self._seconds and not run.stopped:
                    run.report.timed_out = run.stopped = True
                    self._control.send(json.dumps({"kill": run.id}).encode())
            for name in [name for name, (at, _) in self._results.items() if now - at > KEEP_SECONDS]:
                del self._results[name]
            if self._running or self._waiting:
                self._active = now
            elif now - self._active > IDLE_SECONDS:
                break
        self._control.close()

    def _on(self, what: socket.socket | int, call: Callable[[], None]) -> None:
        self._selector.register(what, selectors.EVENT_READ, call)

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        client.settimeout(1)
        received = bytearray()

        def read() -> None:
            try:
                data = client.recv(65536)
            except OSError:
                data = b""
            received.extend(data)
            if not data or len(received) > MAX_REQUEST:
                self._drop(client)
            elif b"\n" in data:
                self._request(client, bytes(received))

        self._on(client, read)

    def _request(self, client: socket.socket, line: bytes) -> None:
        self._active = time.monotonic()
        try:
            request = json.loads(line)
            name = request.get("ask") or request["id"]
            job = None if "ask" in request else Run(**{field: str(request[field]) for field in _JOB})  # type: ignore[arg-type]
        except (ValueError, KeyError, TypeError):
            self._drop(client)
            return
        known = self._find(name)
        if name in self._results:
            self._say(client, result=self._results[name][1])
        elif known is not None:
            known.listeners.append(client)
            self._tell_place(known)
        elif job is None:
            self._say(client, unknown=True)
        else:
            self._take_in(job, client)

    def _take_in(self, job: Run, client: socket.socket) -> None:
        self._drop_older(job)
        others = [run for run in (*self._running.values(), *self._waiting) if job.owner and run.owner == job.owner]
        if len(others) >= MAX_OF_OWNER:
            self._say(client, busy=len(others))
        elif len(self._waiting) >= MAX_WAITING:
            self._say(client, full=True)
        else:
            job.listeners.append(client)
            self._waiting.append(job)
            self._start_waiting()
            self._tell_place(job)

    def _drop_older(self, job: Run) -> None:
        """What waits of the same work is not wanted any more."""
        for run in [run for run in self._waiting if job.owner and (run.owner, run.work) == (job.owner, job.work)]:
            self._waiting.remove(run)
            run.report.problem = "A newer run took the place of this one before it began."
            self._keep_result(run)

    def _find(self, name: str) -> Run | None:
        return self._running.get(name) or next((run for run in self._waiting if run.id == name), None)

    def _start_waiting(self) -> None:
        while self._waiting and len(self._running) < self._slots:
            self._start(self._waiting.popleft())
        for run in self._waiting:
            self._tell_place(run)

    def _tell_place(self, run: Run) -> None:
        place = 0 if run.id in self._running else self._waiting.index(run) + 1
        for client in list(run.listeners):
            self._say(client, place=place)

    def _start(self, run: Run) -> None:
        run.job, theirs = socket.socketpair()
        run.output, their_output = os.pipe()
        run.report.started = time.monotonic()
        self._running[run.id] = run
        socket.send_fds(self._control, [json.dumps({"run": run.id}).encode()], [theirs.fileno(), their_output])
        theirs.close()
        os.close(their_output)
        run.job.settimeout(self._seconds)
        with contextlib.suppress(OSError):
            run.job.sendall(json.dumps({"code": run.code, "tests": run.tests}).encode() + b"\n")
        run.open_ends = 2
        self._on(run.job, lambda: self._hear_tests(run))
        self._on(run.output, lambda: self._hear_output(run))

    def _hear_tests(self, run: Run) -> None:
        if run.job is None:
            return
        try:
            data = run.job.recv(65536)
        except OSError:
            data = b""
        if data:
            run.report.hear(data)
            if run.report.done:
                # The code's process serves until its connection closes with the tests' process; it may not want to.
                run.stopped = True
                self._control.send(json.dumps({"kill": run.id}).encode())
            return
        self._selector.unregister(run.job)
        run.job.close()
        run.job = None
        self._ended(run)

    def _hear_output(self, run: Run) -> None:
        data = os.read(run.output, 65536)
        if data:
            run.report.print(data)
            return
        self._selector.unregister(run.output)
        os.close(run.output)
        self._ended(run)

    def _ended(self, run: Run) -> None:
        run.open_ends -= 1
        self._finish_if_over(run)

    def _hear_zygote(self) -> None:
        data = self._control.recv(4096)
        if not data:
            return
        event = json.loads(data)
        run = self._running.get(event["gone"])
        if run is None:
            return
        run.report.endings[event["who"]] = event["status"]
        run.report.cpu[event["who"]] = event["cpu"]
        if event["who"] == "tests" and not run.stopped:
            # Without its tests the code has nothing to do.
            run.stopped = True
            self._control.send(json.dumps({"kill": run.id}).encode())
        self._finish_if_over(run)

    def _finish_if_over(self, run: Run) -> None:
        if run.open_ends or len(run.report.endings) < 2 or run.id not in self._running:
            return
        del self._running[run.id]
        self._keep_result(run)
        self._start_waiting()

    def _keep_result(self, run: Run) -> None:
        result = run.report.result(self._seconds, self._cpu_seconds)
        self._results[run.id] = (time.monotonic(), result)
        for client in list(run.listeners):
            self._say(client, result=result)

    def _say(self, client: socket.socket, **message: object) -> None:
        try:
            client.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            self._drop(client)

    def _drop(self, client: socket.socket) -> None:
        for run in (*self._running.values(), *self._waiting):
            if client in run.listeners:
                run.listeners.remove(client)
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(client)
        client.close()


def _environment() -> dict[str, str]:
    """Nothing of the server's environment but what numpy's linear algebra needs to know of the processor."""
    chosen = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
    return {**chosen, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}


def main(listener_fd: int, slots: int, seconds: float, cpu_seconds: int) -> None:
    """Serve on a socket that whoever started this process made and passed on, as a process of its own."""
    listener = socket.socket(fileno=listener_fd)
    if pid := os.fork():
        # Written by the one that is waited for, so that it is there as soon as a broker has been started.
        Path(listener.getsockname()).with_name("pid").write_text(str(pid))
        os._exit(0)
    Broker(listener, slots=slots, seconds=seconds, cpu_seconds=cpu_seconds).serve()
