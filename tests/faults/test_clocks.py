"""Clocks that are wrong: the learner's, which nobody asks, and the server's, which may be put forward and back."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.faults.installation import Installation
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.django_db

PAGES = [
    *("/", "/plan/", "/flashcards/", "/flashcards/review/", "/flashcards/statistics/", "/quizzes/", "/progress/"),
    *("/progress/readiness/", "/notes/", "/notes/reviews/", "/mocks/", "/concepts/FAULT-01/", "/settings/"),
]


class Clock:
    """The clock of a server: of Django and Python alone (`stepped_clock`), or of the whole process (libfaketime)."""

    def __init__(self, site: Installation, library: Path | None) -> None:
        self.name = "of the whole process" if library else "as Django and Python tell it"
        self.file = site.folder / "clock"
        self.step(0)
        if not library:
            site.environment["CLOCK_FILE"] = str(self.file)
            site.application = "tests.faults.stepped_clock"
            return
        site.environment |= {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "WORKER": "no",
        }
        site.server = (sys.executable, "-m", "tests.faults.faketime_server")

    def step(self, seconds: int) -> None:
        """Put the clock so many seconds before or behind the true time."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}")
        os.replace(new, self.file)


def libfaketime() -> Path:
    """Where Debian's package has it, or where FAKETIME_LIBRARY says."""
    given = os.environ.get("FAKETIME_LIBRARY")
    found = [Path(given)] if given else sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        pytest.skip("libfaketime is not installed here: apt-get install libfaketime")
    return found[0]


@pytest.fixture(scope="module", params=["stepped", "libfaketime"])
def clock(
    request: pytest.FixtureRequest, prepared: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Clock, Installation]]:
    library = libfaketime() if request.param == "libfaketime" else None
    folder = tmp_path_factory.mktemp("clock")
    site = Installation(folder, prepared.database.copied_to(folder), prepared.cast)
    made = Clock(site, library)
    site.start()
    yield made, site
    site.kill()
    site.database.drop()


def deadlines(site: Installation) -> list[tuple[object, ...]]:
    return site.database.rows("SELECT id, deadline FROM quizzes_attempt ORDER BY id")


def test_the_learners_clock_gives_no_time(clock, figure):
    installation = clock[1]
    token = installation.cast["learners"][0]["token"]
    quizzes = installation.cast["quizzes"][:40]
    now = datetime.now(UTC)
    over = [
        (installation.database.moment(now - timedelta(seconds=10 + place)), quiz) for place, quiz in enumerate(quizzes)
    ]
    installation.database.change("UPDATE quizzes_attempt SET deadline = %s WHERE id = %s", over)
    gains = 0
    for place, quiz in enumerate(quizzes):
        theirs = now + timedelta(days=(-1, 1)[place % 2])
        answer = installation.call(
            "PUT",
            f"/api/v1/quizzes/{quiz}/answers/1/",
            {"answer": "late", "saved_at": theirs.isoformat(), "now": theirs.isoformat()},
            token,
            {"Date": format_datetime(theirs), "X-Time": theirs.isoformat()},
        )
        gains += answer.status != 409
    figure("client clock ± 1 day", f"{gains} of {len(quizzes)} gained by it", "0")
    assert not gains


def test_the_servers_clock_may_step_and_the_stored_deadline_holds(clock, figure):
    clock, site = clock
    learner = site.cast["learners"][0]
    open_before, open_after, *_ = site.cast["quizzes"][50:]
    visitor = Visitor(site)
    visitor.sign_in()

    def answer(quiz: int) -> int:
        return site.call("PUT", f"/api/v1/quizzes/{quiz}/answers/1/", {"answer": "text"}, learner["token"]).status

    def review() -> int:
        key = {"rating": "good", "idempotency_key": f"clock-{os.urandom(6).hex()}"}
        return site.call("POST", f"/api/v1/flashcards/{learner['cards'][0]}/reviews/", key, learner["token"]).status

    stored, told = deadlines(site), []
    told += [answer(open_before), review()]
    clock.step(86_400)
    late = answer(open_after)
    told += [review()]
    # By the session, whose middleware closes what is over by the server's clock.
    broken = [path for path in PAGES if visitor.get(path).status >= 500]
    closed = answer(open_before)
    clock.step(-86_400)
    reopened = answer(open_before)
    told += [review()]
    broken += [path for path in PAGES if visitor.get(path).status >= 500]
    clock.step(0)
    reopened_too = answer(open_before)
    told += [review()]
    moved = sum(before != after for before, after in zip(stored, deadlines(site), strict=True))
    gains = [late, closed, reopened, reopened_too].count(200)
    figure(
        f"server clock stepped ± 1 day, {clock.name}",
        f"{gains} gained, {moved} deadlines moved, {len(broken)} pages broken",
        "0; the stored deadline holds",
    )
    assert (gains, moved, broken) == (0, 0, [])
    assert told == [200] * 5
