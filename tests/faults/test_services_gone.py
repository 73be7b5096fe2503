"""PostgreSQL restarts and Redis goes away while learners write: it goes on by itself, and nothing is lost."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.clusters import Cluster, Redis
from tests.faults.databases import IS_POSTGRESQL
from tests.faults.installation import Installation
from tests.faults.visitor import Visitor
from tests.faults.writers import Ledger, losses, writing

pytestmark = pytest.mark.django_db

WRITERS = 8
WITHIN = 5.0
"""Seconds after which all must be well again."""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with Cluster() as running:
        yield running


@pytest.fixture
def installation(prepared: Installation, tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path, prepared.database.copied_to(tmp_path), prepared.cast)
    yield made
    made.kill()
    made.database.drop()


@pytest.mark.skipif(not IS_POSTGRESQL, reason="a server of PostgreSQL's")
def test_postgresql_may_restart_at_any_time(cluster, installation, figure):
    cluster.run("CREATE DATABASE mlprep TEMPLATE template0")
    site = Installation(installation.folder, installation.database.dumped_to(cluster.url("mlprep")), installation.cast)
    site.start()
    ledger, away, pauses = Ledger(), [], []
    try:
        with writing(site, ledger, writers=WRITERS):
            for mode in ("fast", "immediate") * 3:
                _wait_for(ledger, 20)
                began = time.monotonic()
                cluster.control("restart", mode)
                back = time.monotonic()
                away.append(back - began)
                # One more from every writer, so that no old connection is left untried.
                _wait_for(ledger, WRITERS)
                pauses.append(time.monotonic() - back)
    finally:
        site.kill()
    faults = losses(site, ledger)
    figure(
        "PostgreSQL restarted fast and immediate ×3",
        f"{len(faults)} of {ledger.total} lost, {ledger.statuses[503]} told 503, {len(ledger.bad)} bare 500, "
        f"all write again {max(pauses):.1f} s after it is back (it was away for {max(away):.1f} s)",
        "0 lost, within 5 s",
    )
    assert (faults, ledger.bad) == ([], [])
    assert max(pauses) < WITHIN


def test_without_redis_limits_are_counted_and_all_else_goes_on(installation: Installation, figure):
    with Redis() as redis:
        installation.environment["CACHE_URL"] = f"redis://127.0.0.1:{redis.port}/0"
        installation.start()
        ledger = Ledger()
        with writing(installation, ledger, writers=2):
            with_redis = _guesses_taken(installation, "nobody-1")
            redis.kill()
            began = time.monotonic()
            first = installation.call("POST", "/api/v1/auth/token/", {"username": "nobody-2", "password": "guess"})
            pause = time.monotonic() - began
            without = _guesses_taken(installation, "nobody-2")
            assert Visitor(installation).sign_in().status == 200
            redis.start()
            time.sleep(1.5)
            again = _guesses_taken(installation, "nobody-3")
        faults = losses(installation, ledger)
    figure(
        "Redis gone",
        f"{len(faults)} of {ledger.total} lost, {sum(ledger.statuses.values())} refused, answers after {pause:.1f} s; "
        f"guesses of a password taken: {with_redis} with Redis, {without + 1} without, {again} once it was back",
        "0 lost, within 5 s; limits hold",
    )
    assert (faults, dict(ledger.statuses)) == ([], {})
    assert first.status == 400
    assert pause < WITHIN
    assert with_redis == again <= without + 1 <= 2 * with_redis


def _wait_for(ledger: Ledger, more: int) -> None:
    enough, too_late = ledger.total + more, time.monotonic() + 60
    while ledger.total < enough:
        assert time.monotonic() < too_late, "nobody can write any more"
        time.sleep(0.01)


def _guesses_taken(site: Installation, name: str) -> int:
    """How many wrong passwords are looked at before there is a 429."""
    for number in range(40):
        answer = site.call("POST", "/api/v1/auth/token/", {"username": name, "password": f"guess {number}"})
        if answer.status == 429:
            return number
        assert answer.status == 400, answer.text
    return 40
