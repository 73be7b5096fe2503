"""Servers of a test's own, to be stopped and started: PostgreSQL, from Debian's programs, and Redis."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import psycopg

from tests.faults.installation import free_port
from tests.missing import missing


class Cluster:
    """A PostgreSQL with nothing in it, on a port of its own; it may not run as root.

    data, wal: empty folders for all that it keeps and for its log of changes, where they shall be elsewhere.
    settings: lines more.
    """

    def __init__(self, data: Path | None = None, wal: Path | None = None, settings: str = "") -> None:
        self._data, self._wal, self._settings = data, wal, settings

    def __enter__(self) -> Self:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")) or [Path(shutil.which("pg_ctl") or "")]
        self.programs = found[-1].parent
        if not (self.programs / "initdb").exists():
            missing("PostgreSQL's server is not installed here: apt-get install postgresql")
        self.owner = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.folder = Path(tempfile.mkdtemp(prefix="mlprep-cluster-"))
        self.data = self._data or self.folder / "data"
        self.give(self.folder, *filter(None, (self._data, self._wal)))
        self.port = free_port()
        standard = ("--auth=trust", "--username=faults", "--no-sync", "--encoding=UTF8", "--wal-segsize=1")
        elsewhere = [f"--waldir={self._wal}"] if self._wal else []
        self._program("initdb", *standard, *elsewhere, str(self.data))
        settings = f"port={self.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories='{self.folder}'\n"
        # Less than usual, so that it starts quickly beside the suite; what makes commits durable is as usual.
        settings += "shared_buffers=16MB\nmax_connections=60\n"
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(settings + self._settings)
        self.control("start")
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(
            self._command("pg_ctl", "stop", "-D", str(self.data), "-m", "immediate"),
            cwd=self.folder,
            check=False,
            capture_output=True,
            **self._user,
        )
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgres://faults@127.0.0.1:{self.port}/{name}"

    def control(self, what: str, mode: str = "fast") -> None:
        """Start, stop or restart it, and wait until that is done."""
        self._program(
            "pg_ctl", what, "-w", "-D", str(self.data), "-l", "log", *(["-m", mode] if what != "start" else [])
        )

    @property
    def runs(self) -> bool:
        """Whether the server is there, whatever it answers."""
        command = self._command("pg_ctl", "status", "-D", str(self.data))
        return subprocess.run(command, cwd=self.folder, check=False, capture_output=True, **self._user).returncode == 0

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def give(self, *places: Path) -> None:
        """Let the server's user have folders."""
        for place in places:
            shutil.chown(place, self.owner)

    @property
    def _user(self) -> dict[str, str]:
        return {"user": self.owner} if os.getuid() == 0 else {}

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [str(self.programs / program), *arguments]

    def _program(self, program: str, *arguments: str) -> None:
        log = self.folder / f"{program}.out"
        with log.open("ab") as output:
            done = subprocess.run(
                self._command(program, *arguments),
                cwd=self.folder,
                stdout=output,
                stderr=output,
                check=False,
                **self._user,
            )
        assert done.returncode == 0, f"{program} {arguments} failed:\n{log.read_text()[-2000:]}"


class Redis:
    """A Redis that keeps nothing, on a port of its own."""

    def __init__(self, password: str = "") -> None:
        self.password = password

    def __enter__(self) -> Self:
        if not shutil.which("redis-server"):
            missing("Redis is not installed here: apt-get install redis-server")
        self.port = free_port()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"]  # noqa: S108
        if self.password:
            command += ["--requirepass", self.password]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(500):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.01)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
