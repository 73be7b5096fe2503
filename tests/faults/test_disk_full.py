"""The disk is full: what is there can be read, what is new is refused calmly, and room is all it takes to go on."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.clusters import Cluster
from tests.faults.databases import IS_POSTGRESQL, Database
from tests.faults.installation import Installation
from tests.faults.writers import Ledger, losses, one_write

pytestmark = pytest.mark.django_db

MEGABYTES = 24 if IS_POSTGRESQL else 3
"""Room for the empty tables, and for little more."""


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of a few megabytes; pytest's own folders are closed to PostgreSQL's user."""
    place = Path(tempfile.mkdtemp(prefix="mlprep-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", place],  # noqa: S607 (wherever the system has it)
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        place.rmdir()
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)  # noqa: S607
    place.rmdir()


@pytest.fixture
def installation(prepared: Installation, disk: Path, tmp_path: Path) -> Iterator[Installation]:
    """Its data on the small disk: on SQLite all of them, on PostgreSQL the tables."""
    if not IS_POSTGRESQL:
        site = Installation(disk, _small_copy(prepared, tmp_path).copied_to(disk), prepared.cast)
        yield site
        site.kill()
        return
    with Cluster() as cluster:
        tables = disk / "tables"
        tables.mkdir()
        cluster.give(disk, tables)
        cluster.run(f"CREATE TABLESPACE small LOCATION '{tables}'")
        cluster.run("CREATE DATABASE small TABLESPACE small TEMPLATE template0")
        site = Installation(tmp_path, prepared.database.dumped_to(cluster.url("small")), prepared.cast)
        yield site
        site.kill()


def _small_copy(prepared: Installation, folder: Path) -> Database:
    """The cast without its timed quizzes, and no page too many."""
    copy = prepared.database.copied_to(folder)
    with copy.connect() as own:
        timed = "SELECT id FROM quizzes_attempt WHERE deadline IS NOT NULL"
        own.execute(f"DELETE FROM quizzes_attemptquestion WHERE attempt_id IN ({timed})")  # noqa: S608
        own.execute("DELETE FROM quizzes_attempt WHERE deadline IS NOT NULL")
        own.execute("VACUUM")
    return copy


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    assert os.statvfs(disk).f_bavail == 0
    return filler


def test_with_a_full_disk_one_reads_on_and_writes_again_once_there_is_room(installation, disk, figure):
    site, ledger = installation, Ledger()
    site.start()
    learner = site.cast["learners"][0]
    for _ in range(6):
        one_write(site, learner, ledger)
    assert ledger.total == 6
    filler = fill(disk)
    # What room the database has inside its files is used up first.
    while ledger.statuses[503] < 10:
        one_write(site, learner, ledger)
    taken = ledger.total
    reads = [
        site.call("GET", path, None, learner["token"]).status
        for path in (
            f"/api/v1/quizzes/{learner['quiz']}/",
            "/api/v1/concepts/FAULT-01/comments/",
            "/concepts/",
            "/readyz",
        )
    ]
    filler.unlink()
    until = time.monotonic() + 5
    while ledger.total < taken + 6 and time.monotonic() < until:
        one_write(site, learner, ledger)
    faults = losses(site, ledger)
    figure(
        f"disk full ({MEGABYTES} MB)",
        f"{len(faults)} of {ledger.total} lost, {ledger.statuses[503]} told 503, reads {sorted(set(reads))}, "
        f"{ledger.total - taken} of 6 written within 5 s of room",
        "0 lost; reads work, writes 503, recovers alone",
    )
    assert (faults, ledger.bad) == ([], [])
    assert set(reads) == {200}
    assert ledger.total == taken + 6
