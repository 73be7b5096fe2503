"""Clocks that are wrong: the learner's, which nobody asks, and the server's, which may be put forward and back."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.faults.installation import Installation
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.django_db

PAGES = [
    *("/", "/plan/", "/flashcards/", "/flashcards/review/", "/flashcards/statistics/", "/quizzes/", "/progress/"),
    *("/progress/readiness/", "/notes/", "/notes/reviews/", "/mocks/", "/concepts/FAULT-01/", "/settings/"),
]


class Clock:
    """The clock of a server (`stepped_clock`)."""

    def __init__(self, site: Installation) -> None:
        self.file = site.folder / "clock"
        self.step(0)
        site.environment["CLOCK_FILE"] = str(self.file)
        site.application = "tests.faults.stepped_clock"

    def step(self, seconds: int) -> None:
        """Put the clock so many seconds before or behind the true time."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}")
        os.replace(new, self.file)


@pytest.fixture(scope="module")
def clock(installation: Installation) -> Iterator[Clock]:
    made = Clock(installation)
    installation.start()
    yield made
    installation.kill()


def deadlines(site: Installation) -> list[tuple[object, ...]]:
    return site.database.rows("SELECT id, deadline FROM quizzes_attempt ORDER BY id")


def test_the_learners_clock_gives_no_time(installation, clock, figure):
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


def test_the_servers_clock_may_step_and_the_stored_deadline_holds(installation, clock, figure):
    site, learner = installation, installation.cast["learners"][0]
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
        "server clock stepped ± 1 day",
        f"{gains} gained, {moved} deadlines moved, {len(broken)} pages broken",
        "0; the stored deadline holds",
    )
    assert (gains, moved, broken) == (0, 0, [])
    assert told == [200] * 5
