"""Somebody holds the database's write lock: writers wait, and are told calmly when it takes too long."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.faults.installation import FULL, Installation
from tests.faults.visitor import Visitor
from tests.faults.writers import Ledger, losses, writing

pytestmark = pytest.mark.django_db

WAITED_OUT = 7
# Longer than a writer waits: 30 s at the product's 20, or the same in little.
PATIENCE, TOO_LONG = (20, 30) if FULL else (2, 5)
WRITERS = 6


@pytest.fixture
def site(installation: Installation) -> Iterator[Installation]:
    yield installation
    installation.kill()


@contextmanager
def lock(site: Installation) -> Iterator[None]:
    """Nobody else can write in the block."""
    with site.database.connect() as connection:
        if site.database.url.startswith("sqlite"):
            connection.execute("BEGIN IMMEDIATE")
        else:
            connection.execute("BEGIN")
            tables = (
                "progress_comment, quizzes_attempt, quizzes_attemptquestion, quizzes_learnercard, quizzes_cardevent"
            )
            connection.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        yield
        connection.execute("ROLLBACK")


def test_writers_wait_for_a_lock_of_seven_seconds(site, figure):
    site.start()
    ledger = Ledger()
    learner = site.cast["learners"][0]
    with ExitStack() as held:
        held.enter_context(lock(site))
        with writing(site, ledger, writers=WRITERS):
            time.sleep(1)
            began = time.monotonic()
            read = site.call("GET", f"/api/v1/quizzes/{learner['quiz']}/", None, learner["token"])
            reading = time.monotonic() - began
            time.sleep(WAITED_OUT - 1 - reading)
            assert ledger.total == 0
            held.close()
    faults = losses(site, ledger)
    figure(
        f"write lock held {WAITED_OUT} s",
        f"{len(faults)} lost, {sum(ledger.statuses.values())} of {ledger.total} refused, a read took {reading:.2f} s",
        "0 lost, 0 refused: writers wait, readers do not",
    )
    assert (read.status, faults) == (200, [])
    assert not ledger.statuses, ledger.bad
    assert ledger.total >= WRITERS


def test_a_lock_that_lasts_longer_is_told_with_what_was_typed(site, figure):
    site.environment["DATABASE_WAIT"] = str(PATIENCE)
    site.start()
    ledger = Ledger()
    visitor = Visitor(site)
    assert visitor.sign_in().status == 200
    page = visitor.get("/concepts/FAULT-01/")
    typed = "Typed while nobody could write.\n\nTwo paragraphs, <b>&amp; signs</b>."
    form = [("csrfmiddlewaretoken", page.token), ("key", "typed-while-busy"), ("body", typed)]
    began = time.monotonic()
    with ExitStack() as held:
        held.enter_context(lock(site))
        with writing(site, ledger, writers=WRITERS):
            refused = visitor.post("/comments/on/FAULT-01/", form)
            fragment = visitor.post("/comments/on/FAULT-01/", form, HX_Request="true", HX_Request_Type="partial")
            time.sleep(max(0.0, TOO_LONG - (time.monotonic() - began)))
            assert ledger.total == 0
            held.close()
            while ledger.total < WRITERS:
                time.sleep(0.01)
    told = ledger.statuses[503]
    sent_again = visitor.post("/comments/on/FAULT-01/", refused.hidden)
    faults = losses(site, ledger)
    figure(
        f"write lock held {TOO_LONG} s, {PATIENCE} s of patience",
        f"{len(faults)} lost, {told} told 503 with Retry-After, {len(ledger.bad)} bare 500",
        "0 lost, 0 bare 500",
    )
    assert (faults, ledger.bad) == ([], [])
    assert told >= WRITERS
    assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
    assert "kept on this page" in refused.html
    assert fragment.status == 503
    assert fragment.headers["HX-Retarget"] == "#unavailable"
    assert "<html" not in fragment.html
    assert sent_again.status == 200
    stored = site.database.rows("SELECT body FROM progress_comment WHERE key = %s", ["typed-while-busy"])
    assert stored == [(typed,)]
