"""The queue of runs: as many at once as there are slots, the others in order; what happens when something dies."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from quizzes.sandbox.client import Sandbox, SandboxUnavailable, TooManyRuns, Waiting
from quizzes.sandbox.confine import missing
from tests.quizzes.sandbox.attacks import RIGHT, TESTS

# On a developer's machine that cannot confine code; where CI runs, its absence is a failure.
pytestmark = pytest.mark.skipif(bool(missing()) and "CI" not in os.environ, reason="this machine cannot confine code")

SLOW = "import time\ntime.sleep(1.5)\n" + RIGHT


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox of its own with one slot, gone after the test."""
    sandbox = Sandbox(tmp_path, slots=1, seconds=5)
    yield sandbox
    with contextlib.suppress(ProcessLookupError):
        os.kill(broker_of(sandbox), signal.SIGKILL)


def test_when_the_broker_is_gone_so_is_all_that_it_started(sandbox):
    before = processes()
    start(sandbox, "while True: pass")
    started = processes() - before
    os.kill(broker_of(sandbox), signal.SIGKILL)
    until = time.monotonic() + 10
    while processes() & started and time.monotonic() < until:
        time.sleep(0.05)
    assert not processes() & started


def start(sandbox: Sandbox, code: str = SLOW) -> tuple[str, Waiting]:
    key = uuid4().hex
    found = sandbox.run(id=key, code=code, tests=TESTS, wait=0.15)
    assert isinstance(found, Waiting)
    return key, found


def test_runs_wait_in_order_and_know_their_place(sandbox):
    sandbox.run(id=uuid4().hex, code=RIGHT, tests=TESTS, wait=30)
    places = [start(sandbox)[1].place for _ in range(4)]
    assert places == [0, 1, 2, 3]


def test_the_first_to_come_is_the_first_to_be_served(sandbox):
    sandbox.run(id=uuid4().hex, code=RIGHT, tests=TESTS, wait=30)
    keys = [start(sandbox)[0] for _ in range(3)]
    ended: list[str] = []

    def wait_for(key: str) -> None:
        result = sandbox.ask(key, wait=20)
        assert isinstance(result, dict)
        assert result["passed"]
        ended.append(key)

    threads = [threading.Thread(target=wait_for, args=[key]) for key in reversed(keys)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == keys


def test_an_owner_has_few_places_and_others_have_theirs(sandbox):
    sandbox.run(id=uuid4().hex, code=RIGHT, tests=TESTS, wait=30)

    def ask(owner: str, work: str) -> object:
        return sandbox.run(id=uuid4().hex, code=SLOW, tests=TESTS, wait=0.1, owner=owner, work=work)

    places = [ask("alice", f"{n}") for n in range(3)]
    assert [waiting.place for waiting in places] == [0, 1, 2]
    with pytest.raises(TooManyRuns, match="3 runs of yours"):
        ask("alice", "4")
    assert isinstance(ask("bob", "4"), Waiting)


def test_a_newer_run_of_the_same_work_takes_the_place_of_one_that_waits(sandbox):
    sandbox.run(id=uuid4().hex, code=RIGHT, tests=TESTS, wait=30)
    start(sandbox)
    older, newer = uuid4().hex, uuid4().hex
    for key in (older, newer):
        found = sandbox.run(id=key, code=SLOW, tests=TESTS, wait=0.1, owner="alice", work="1")
        assert found == Waiting(1)
    replaced = sandbox.ask(older, wait=1)
    assert "newer run" in replaced["problem"]
    assert not replaced["tests"]
    assert sandbox.ask(newer, wait=20)["passed"]


def test_a_result_can_be_asked_for_later_and_the_same_id_runs_once(sandbox):
    key, _ = start(sandbox)
    result = sandbox.ask(key, wait=20)
    assert sandbox.ask(key, wait=1) == result
    before = time.monotonic()
    assert sandbox.run(id=key, code=SLOW, tests=TESTS, wait=20) == result
    assert time.monotonic() - before < 0.5
    assert sandbox.ask(uuid4().hex, wait=1) is None


def test_a_killed_broker_is_started_anew(sandbox):
    key, _ = start(sandbox)
    os.kill(broker_of(sandbox), signal.SIGKILL)
    result = sandbox.run(id=key, code=RIGHT, tests=TESTS, wait=30)
    assert isinstance(result, dict)
    assert result["passed"]


def test_a_broker_that_dies_in_the_middle_is_told(sandbox):
    sandbox.run(id=uuid4().hex, code=RIGHT, tests=TESTS, wait=30)
    pid = broker_of(sandbox)
    killer = threading.Timer(0.3, os.kill, [pid, signal.SIGKILL])
    killer.start()
    with pytest.raises(SandboxUnavailable, match="in the middle"):
        sandbox.run(id=uuid4().hex, code=SLOW, tests=TESTS, wait=30)


def test_many_processes_start_one_broker(sandbox):
    results: list[object] = []
    threads = [
        threading.Thread(target=lambda: results.append(sandbox.run(id=uuid4().hex, code=RIGHT, tests=TESTS, wait=30)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(result, dict) and result["passed"] for result in results)
    assert len(results) == 8


def test_the_folder_of_the_socket_is_the_users_alone(sandbox):
    sandbox.run(id=uuid4().hex, code=RIGHT, tests=TESTS, wait=30)
    folder = sandbox._folder
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    with pytest.raises(SandboxUnavailable, match="alone"):
        sandbox.run(id=uuid4().hex, code=RIGHT, tests=TESTS, wait=30)
    folder.chmod(0o700)


def broker_of(sandbox: Sandbox) -> int:
    """The process that has the queue."""
    return int((sandbox._folder / "pid").read_text())


def processes() -> set[str]:
    """The processes of all sandboxes of this machine."""
    found = set()
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if b"quizzes.sandbox" in Path("/proc", entry, "cmdline").read_bytes():
                found.add(entry)
    return found
