"""How the web processes hand code to the sandbox."""

import contextlib
import fcntl
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizzes.domain.exercises import checks
from quizzes.sandbox import broker
from quizzes.sandbox.confine import CPU_SECONDS

_START_BROKER = (
    "import sys; sys.path.insert(0, sys.argv[1]); from quizzes.sandbox.broker import main; "
    "main(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))"
)
_BACKLOG = 64
_TRIES = 3
CONNECT_SECONDS = 10.0


class SandboxUnavailable(Exception):
    """No code can be run now; the text says why."""


class TooManyRuns(SandboxUnavailable):
    """The learner has as many runs waiting or running as one may have; the text says so."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The run has not ended. place: 0 while it runs, 1 for the next in line."""

    place: int


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The sandbox of this machine for one installation.

    home: the folder of the installation's data, by which its broker is found. slots: runs at once. seconds: how
    long one may take; cpu_seconds: how long each of its two processes may compute.
    """

    home: Path
    slots: int = 0
    seconds: float = broker.WALL_SECONDS
    cpu_seconds: int = CPU_SECONDS

    def run(  # noqa: PLR0913 (all by keyword)
        self, *, id: str, code: str, tests: str, wait: float, owner: str = "", work: str = ""
    ) -> dict[str, Any] | Waiting:
        """Have the code tested; gives the result, or the place in line where it takes longer than `wait` seconds.

        The same id is run once. owner: whose it is; one owner has few places. work: a newer run of the same work takes
        the place of one that waits. Raises SandboxUnavailable, TooManyRuns.
        """
        answer = self._talk({"id": id, "code": code, "tests": tests, "owner": owner, "work": work}, wait)
        if answer is None:
            raise SandboxUnavailable("Too many runs are waiting. Try again in a minute.")
        return answer

    def ask(self, id: str, *, wait: float) -> dict[str, Any] | Waiting | None:
        """How the run goes on; None where the sandbox does not know it (any more)."""
        return self._talk({"ask": id}, wait)

    def _talk(self, request: dict[str, str], wait: float) -> dict[str, Any] | Waiting | None:
        """Ask the broker. One that goes away before it has said anything was going already: a new one is asked."""
        until = time.monotonic() + wait
        for _ in range(_TRIES):
            last: dict[str, Any] = {}
            with self._connect() as connection:
                try:
                    connection.sendall(json.dumps(request).encode() + b"\n")
                    for last in _messages(connection, until):
                        if "busy" in last:
                            raise TooManyRuns(
                                f"{last['busy']} runs of yours have not ended. Wait until one has, then run this one."
                            )
                        if "place" not in last:
                            return last.get("result")
                except TimeoutError:
                    return Waiting(last.get("place", 0))
                except OSError:
                    pass
            if last:
                break
        raise SandboxUnavailable("The sandbox stopped in the middle of the run. Run it again.")

    def _connect(self) -> socket.socket:
        """A connection to the broker, which is started where there is none."""
        until = time.monotonic() + CONNECT_SECONDS
        path = str(self._folder / "socket")
        while time.monotonic() < until:
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.connect(path)
            except (FileNotFoundError, ConnectionRefusedError):
                connection.close()
                self._start_broker()
            else:
                return connection
        raise SandboxUnavailable("The sandbox does not start. The server's log may say why.")

    def _start_broker(self) -> None:
        """Start the broker, once, however many processes want it at the same time."""
        path = self._folder / "socket"
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if _answers(path):
                return
            path.unlink(missing_ok=True)
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(str(path))
                listener.listen(_BACKLOG)
                slots = self.slots or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
                # Ends at once; the broker is its child, and so nobody's of ours to wait for.
                subprocess.run(  # noqa: S603 (our own interpreter and code)
                    [
                        *(sys.executable, "-I", "-c", _START_BROKER, str(broker.ROOT)),
                        *(str(listener.fileno()), str(slots), str(self.seconds), str(self.cpu_seconds)),
                    ],
                    pass_fds=[listener.fileno()],
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                    check=True,
                )

    @property
    def _folder(self) -> Path:
        """A folder of our user's alone; another state of the code has another one, so an upgrade starts anew."""
        files = [*sorted(Path(__file__).parent.glob("*.py")), Path(checks.__file__)]
        limits = f"{self.slots} {self.seconds} {self.cpu_seconds}"
        whole = "\n".join([str(self.home.resolve()), limits, *(path.read_text() for path in files)])
        name = hashlib.sha256(whole.encode()).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"mlprep-{os.getuid()}-{name}"
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        if status.st_uid != os.getuid() or status.st_mode & 0o077:
            raise SandboxUnavailable(f"{folder} is not this user's alone; remove it.")
        return folder


def _answers(path: Path) -> bool:
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _messages(connection: socket.socket, until: float) -> Iterator[dict[str, Any]]:
    """The broker's lines. Raises TimeoutError at `until`."""
    rest = b""
    while True:
        connection.settimeout(max(0.001, until - time.monotonic()))
        data = connection.recv(65536)
        if not data:
            return
        *lines, rest = (rest + data).split(b"\n")
        yield from map(json.loads, lines)
