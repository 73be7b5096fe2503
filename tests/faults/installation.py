"""An installation as people run it: gunicorn on the product's settings, with a database and a folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.faults.databases import Database

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
FULL = bool(os.environ.get("FAULTS_FULL"))
"""Whether everything is done at full length."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the server that arrived whole. sent, received: seconds of time.time()."""

    status: int
    headers: dict[str, str]
    text: str
    sent: float
    received: float

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Installation:
    """A server that can be started, killed and started again over the same data."""

    folder: Path
    database: Database
    cast: dict[str, Any]
    environment: dict[str, str] = field(default_factory=dict)
    application: str = "mlprep.wsgi"
    server: tuple[str, ...] = (str(BIN / "gunicorn"),)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def variables(self) -> dict[str, str]:
        """The environment of the server and of its commands; the suite's own cache is not theirs."""
        inherited = {name: value for name, value in os.environ.items() if name not in {"CACHE_URL", "HOST", "PORT"}}
        return {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database.url,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "THREADS": "8",
            # Fifty writers are no fifty people.
            "LIMITS": "api=100000/m; comments=100000/m; runs=100000/m; notes=100000/m; cards=100000/m; starts=100000/m",
            **self.environment,
        }

    def start(self) -> float:
        """Start the server and wait until it is ready; returns how many seconds that took."""
        self.port = self.port or free_port()
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.server, self.application],
                cwd=ROOT,
                env=self.variables,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.wait_until_ready()

    def wait_until_ready(self, seconds: float = 60) -> float:
        started = time.monotonic()
        while time.monotonic() < started + seconds:
            try:
                if self.call("GET", "/readyz").status == 200:
                    return time.monotonic() - started
            except (OSError, HTTPException):
                pass
            assert self.process is None or self.process.poll() is None, f"the server ended:\n{self.log()[-3000:]}"
            time.sleep(0.03)
        raise AssertionError(f"the server was not ready after {seconds} s:\n{self.log()[-3000:]}")

    def kill(self) -> None:
        """End all its processes at once, as a lost power supply ends them."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def log(self) -> str:
        path = self.folder / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def run(self, *command: str, **variables: str) -> str:
        """Run a program of the installation's, such as `manage.py backup`; gives what it printed."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**self.variables, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        token: str = "",
        headers: dict[str, str] | None = None,
        timeout: float = 90,
    ) -> Answer:
        """Ask the server, on a connection of its own. Raises OSError or HTTPException where no whole answer comes."""
        content = body if isinstance(body, str) else json.dumps(body)
        sent = {"Content-Type": "application/json", "Connection": "close", **(headers or {})}
        if token:
            sent["Authorization"] = f"Token {token}"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            began = time.time()
            connection.request(method, path, None if body is None else content, sent)
            response = connection.getresponse()
            text = response.read().decode()
            return Answer(response.status, dict(response.headers), text, began, time.time())
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
