"""What is done at an exercise: drafts, runs, hints, giving up."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from progress.models import User
from progress.services import Shown, record_all
from quizzes.domain.evidence import OF_EXERCISE
from quizzes.domain.exercises.credit import credit_of_pass
from quizzes.exercises.models import Exercise, ExerciseRun, ExerciseWork
from quizzes.exercises.running import sandbox
from quizzes.sandbox.client import Waiting

LONGEST_PAUSE = timedelta(minutes=5)
"""More time than this between two acts is a break and no thinking."""
KEPT_RUNS = 50
WAIT_SECONDS = 2.5


class RunTaken(Exception):
    """The id of the run is another learner's, or another exercise's."""


@transaction.atomic
def work_of(*, learner: User, exercise: Exercise, now: datetime, code: str | None = None) -> ExerciseWork:
    """The learner's work at the exercise, begun where there is none; the clock goes on, and `code` is kept."""
    work, begun = ExerciseWork.objects.select_for_update().get_or_create(
        learner=learner,
        exercise=exercise,
        defaults={"code": exercise.stub, "started_at": now, "active_at": now},
    )
    if not begun:
        work.seconds += min(max(now - work.active_at, timedelta()), LONGEST_PAUSE).total_seconds()
        work.active_at = now
    if code is not None:
        work.code = code
    work.save(update_fields=["code", "seconds", "active_at"])
    return work


def start_run(  # noqa: PLR0913 (all by keyword)
    *, learner: User, exercise: Exercise, code: str, id: UUID, now: datetime, wait: float = WAIT_SECONDS
) -> tuple[ExerciseRun, int]:
    """Run the code; gives the run and its place in line (0 where it has ended or is running).

    The same id is one run, however often it is sent. Raises RunTaken, and SandboxUnavailable, after which the code
    is saved as a draft.
    """
    work = work_of(learner=learner, exercise=exercise, now=now, code=code)
    run, _ = ExerciseRun.objects.get_or_create(
        id=id,
        defaults={"work": work, "code": code, "exercise_digest": exercise.digest, "created_at": now},
    )
    if run.work_id != work.pk:
        raise RunTaken
    if run.result is not None:
        return run, 0
    return _settle(run, work, sandbox().run(id=run.id.hex, code=run.code, tests=exercise.tests, wait=wait), now)


def look_at_run(*, run: ExerciseRun, now: datetime, wait: float = WAIT_SECONDS) -> tuple[ExerciseRun, int]:
    """The run, with its result if it has ended by now, and its place in line. Raises SandboxUnavailable."""
    if run.result is not None:
        return run, 0
    found = sandbox().ask(run.id.hex, wait=wait)
    if found is None:
        # The sandbox was started anew meanwhile, so nobody knows the run: it begins again.
        found = sandbox().run(id=run.id.hex, code=run.code, tests=run.work.exercise.tests, wait=wait)
    return _settle(run, run.work, found, now)


@transaction.atomic
def take_hint(*, learner: User, exercise: Exercise, now: datetime) -> ExerciseWork:
    """Show the next hint."""
    work = work_of(learner=learner, exercise=exercise, now=now)
    work.hints_taken = min(work.hints_taken + 1, len(exercise.hints))
    work.save(update_fields=["hints_taken"])
    return work


@transaction.atomic
def see_solution(*, learner: User, exercise: Exercise, now: datetime, give_up: bool) -> ExerciseWork | None:
    """Open the solution: after a run, or where the learner gives up. None where neither is so.

    Giving up counts as a wrong answer, once; looking after an own pass costs nothing.
    """
    work = work_of(learner=learner, exercise=exercise, now=now)
    if not (give_up or work.solved_at or work.runs.ended().exists()):
        return None
    if work.solution_seen_at is None:
        work.solution_seen_at = now
        work.gave_up_at = now if give_up and not work.solved_at else None
        work.save(update_fields=["solution_seen_at", "gave_up_at"])
        if work.gave_up_at:
            _record(work, "gave-up", 0.0, now)
    return work


def reset_code(*, learner: User, exercise: Exercise, now: datetime) -> ExerciseWork:
    """Put the stub back into the editor; runs keep their code."""
    return work_of(learner=learner, exercise=exercise, now=now, code=exercise.stub)


@transaction.atomic
def _settle(
    run: ExerciseRun, work: ExerciseWork, found: dict[str, Any] | Waiting, now: datetime
) -> tuple[ExerciseRun, int]:
    """Write down what the sandbox said, once."""
    if isinstance(found, Waiting):
        return run, found.place
    fresh = ExerciseRun.objects.filter(pk=run.pk, result__isnull=True).update(result=found, passed=found["passed"])
    run.result, run.passed = found, found["passed"]
    if fresh and run.passed:
        first = ExerciseWork.objects.filter(pk=work.pk, solved_at=None).update(solved_at=now)
        if first:
            work.refresh_from_db()
            runs = work.runs.ended().filter(passed=False).count()
            seen = work.solution_seen_at is not None
            credit = credit_of_pass(hints=work.hints_taken, runs_before=runs, solution_seen=seen)
            _record(work, "passed", credit, now)
    if fresh:
        old = work.runs.order_by("-created_at").values_list("pk", flat=True)[KEPT_RUNS:]
        ExerciseRun.objects.filter(pk__in=list(old), passed=False).delete()
    return run, 0


def _record(work: ExerciseWork, what: str, credit: float, now: datetime) -> None:
    shown = [
        Shown(
            concept=concept,
            source=f"exercise:{work.pk}:{concept.code}:{what}",
            credit=credit,
            guess_chance=0.0,
            happened_at=now,
            difficulty=OF_EXERCISE[work.exercise.difficulty],
        )
        for concept in work.exercise.concepts.all()
    ]
    record_all(learner=work.learner, shown=shown)
