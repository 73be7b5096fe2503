"""Code of an interview in the sandbox."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mlprep.shared.limits.taking import LimitReached, take_one
from quizzes.exercises.running import sandbox
from quizzes.mocks.models import MockInterview, MockRun
from quizzes.mocks.services import save_work
from quizzes.sandbox.client import Waiting

WAIT_SECONDS = 2.5
MAX_RUNS = 200


class RunTaken(Exception):
    """The id of the run is another interview's."""


class TooManyRuns(Exception):
    """More code was run in this interview than anybody can write in it."""


def start_run(  # noqa: PLR0913 (all by keyword)
    *, interview: MockInterview, code: str, id: UUID, now: datetime, pad: str | None = None, wait: float = WAIT_SECONDS
) -> tuple[MockRun, int]:
    """Run the code against the script's tests; gives the run and its place in line (0 where it has ended or runs).

    The code is kept first. The same id is one run. Raises InterviewClosed, RunTaken, TooManyRuns,
    LimitReached and SandboxUnavailable.
    """
    save_work(interview=interview, now=now, pad=pad, code=code)
    if interview.runs.count() >= MAX_RUNS:
        raise TooManyRuns
    run, begun = MockRun.objects.get_or_create(
        id=id, defaults={"interview": interview, "code": code, "created_at": now}
    )
    if run.interview_id != interview.pk:
        raise RunTaken
    if run.result is not None:
        return run, 0
    if begun:
        try:
            take_one("runs", interview.learner_id)
        except LimitReached:
            run.delete()
            raise
    tests = interview.content["code"]["tests"]
    return _settle(run, sandbox().run(id=run.id.hex, code=run.code, tests=tests, wait=wait))


def look_at_run(*, run: MockRun, wait: float = WAIT_SECONDS) -> tuple[MockRun, int]:
    """The run, with its result if it has ended by now, and its place in line. Raises SandboxUnavailable."""
    if run.result is not None:
        return run, 0
    found = sandbox().ask(run.id.hex, wait=wait)
    if found is None:
        # The sandbox was started anew meanwhile, so nobody knows the run: it begins again.
        tests = run.interview.content["code"]["tests"]
        found = sandbox().run(id=run.id.hex, code=run.code, tests=tests, wait=wait)
    return _settle(run, found)


def _settle(run: MockRun, found: dict[str, Any] | Waiting) -> tuple[MockRun, int]:
    """Write down what the sandbox said, once. What was begun in time may end later."""
    if isinstance(found, Waiting):
        return run, found.place
    MockRun.objects.filter(pk=run.pk, result__isnull=True).update(result=found, passed=found["passed"])
    run.result, run.passed = found, found["passed"]
    return run, 0
