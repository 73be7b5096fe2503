"""The server as gunicorn.conf.py sets it up: it stops and reloads without dropping anybody."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

GUNICORN = Path(sys.executable).with_name("gunicorn")


def ask(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return bytes(answer.read())


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen, int]]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port), "WORKER": "off"}
    command = [GUNICORN, "--config", "gunicorn.conf.py", "tests.deployment.slow:application"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                try:
                    ask(port, "/")
                    break
                except urllib.error.URLError:
                    time.sleep(0.1)
            yield process, port
        finally:
            process.kill()


def test_what_is_being_answered_when_the_server_is_told_to_stop_still_ends(server):
    process, port = server
    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(ask, port, "/slow?1.5") for _ in range(8)]
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        # Refused or closed unanswered: a proxy that retries then asks the next one.
        with pytest.raises((urllib.error.URLError, ConnectionError)):
            ask(port, "/")
        assert all(future.result() for future in running)
    assert process.wait(timeout=5) == 0


def test_nobody_notices_a_reload_and_new_processes_answer_afterwards(server):
    process, port = server
    before = {ask(port, "/") for _ in range(20)}
    with ThreadPoolExecutor(4) as pool:
        slow = [pool.submit(ask, port, "/slow?1") for _ in range(2)]
        time.sleep(0.2)
        process.send_signal(signal.SIGHUP)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            assert ask(port, "/")
        assert all(future.result() for future in slow)
    assert before.isdisjoint({ask(port, "/") for _ in range(20)})


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
    ],
)
def test_a_request_whose_end_is_ambiguous_is_refused(server, framing):
    _, port = server
    with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as line:
        line.sendall(
            b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + framing + b"\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n"
        )
        assert line.recv(1000).split(b" ")[1] == b"400"
