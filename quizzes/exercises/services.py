"""What is done at an exercise: drafts, runs, hints, giving up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from mlprep.shared.limits.taking import LimitReached, take_one
from progress.models import User
from progress.services import Shown, record_all
from quizzes.domain.evidence import OF_EXERCISE
from quizzes.domain.exercises.credit import credit_of_pass
from quizzes.domain.exercises.files import is_untouched
from quizzes.exercises.models import Exercise, ExerciseRun, ExerciseWork
from quizzes.exercises.running import sandbox
from quizzes.sandbox.client import SandboxUnavailable, Waiting

LONGEST_PAUSE = timedelta(minutes=5)
"""More time than this between two acts is a break and no thinking."""
WAIT_SECONDS = 1.0
LOOK_SECONDS = 0.2
"""How long a thread of the web process waits for a run that begins, and for one that is asked after."""


class RunTaken(Exception):
    """The id of the run is that of another run: of other code, another exercise or another learner."""


class NewerText(Exception):
    """Another page has saved other text meanwhile."""


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in an editor.

    page: which one, empty where no editor is meant and the text counts whatever was saved. edit: how often the page
    had changed it. seen: the digest of the text that the page was made with.
    """

    code: str
    page: str = ""
    edit: int = 0
    seen: str = ""


@transaction.atomic
def work_of(*, learner: User, exercise: Exercise, now: datetime) -> ExerciseWork:
    """The learner's work at the exercise, begun where there is none; the clock goes on."""
    work, begun = ExerciseWork.objects.select_for_update().get_or_create(
        learner=learner,
        exercise=exercise,
        defaults={"code": exercise.stub, "started_at": now, "active_at": now},
    )
    if not begun:
        work.seconds += min(max(now - work.active_at, timedelta()), LONGEST_PAUSE).total_seconds()
        work.active_at = now
    work.save(update_fields=["seconds", "active_at"])
    return work


@transaction.atomic
def keep_text(*, learner: User, exercise: Exercise, text: Text, now: datetime) -> ExerciseWork:
    """Save what stands in an editor as the draft.

    What a page sent before what it sent last is late and left out. Raises NewerText where another page saved text
    that this one was not made with.
    """
    work = work_of(learner=learner, exercise=exercise, now=now)
    if text.page and text.page == work.page:
        if text.edit < work.edit:
            return work
    elif text.page and work.code != text.code and work.digest != text.seen:
        raise NewerText
    work.code, work.page, work.edit = text.code, text.page, text.edit
    work.save(update_fields=["code", "page", "edit"])
    return work


def start_run(  # noqa: PLR0913 (all by keyword)
    *, learner: User, exercise: Exercise, text: Text, id: UUID, now: datetime, wait: float = WAIT_SECONDS
) -> tuple[ExerciseRun, int]:
    """Run the code; gives the run and its place in line (0 where it has ended or is running).

    The same id is one run, however often it is sent. The code becomes the draft, unless another page saved newer
    text. Raises RunTaken, SandboxUnavailable, TooManyRuns and LimitReached, after which the code is still the draft.
    """
    try:
        work = keep_text(learner=learner, exercise=exercise, text=text, now=now)
    except NewerText:
        work = work_of(learner=learner, exercise=exercise, now=now)
    run, begun = ExerciseRun.objects.get_or_create(
        id=id,
        defaults={
            "work": work,
            "code": text.code,
            "is_try": not is_untouched(text.code, exercise.stub),
            "exercise_digest": exercise.digest,
            "created_at": now,
        },
    )
    if run.work_id != work.pk or run.code != text.code:
        raise RunTaken
    if run.result is not None:
        return run, 0
    try:
        if begun:
            take_one("runs", learner.pk)
        return _settle(run, work, _begin(run, work, wait), now)
    except (SandboxUnavailable, LimitReached):
        if begun:
            run.delete()
        raise


def look_at_run(*, run: ExerciseRun, now: datetime, wait: float = LOOK_SECONDS) -> tuple[ExerciseRun, int]:
    """The run, with its result if it has ended by now, and its place in line. Raises SandboxUnavailable."""
    if run.result is not None:
        return run, 0
    found = sandbox().ask(run.id.hex, wait=wait)
    if found is None:
        # The sandbox was started anew meanwhile, so nobody knows the run: it begins again.
        found = _begin(run, run.work, wait)
    return _settle(run, run.work, found, now)


def _begin(run: ExerciseRun, work: ExerciseWork, wait: float) -> dict[str, Any] | Waiting:
    tests = work.exercise.tests
    return sandbox().run(
        id=run.id.hex, code=run.code, tests=tests, wait=wait, owner=f"{work.learner_id}", work=f"{work.pk}"
    )


@transaction.atomic
def take_hint(*, learner: User, exercise: Exercise, now: datetime, number: int | None = None) -> ExerciseWork:
    """Show the next hint. number: the one that was asked for, from 1; asked for twice it is taken once."""
    work = work_of(learner=learner, exercise=exercise, now=now)
    if number is not None and number != work.hints_taken + 1:
        return work
    work.hints_taken = min(work.hints_taken + 1, len(exercise.hints))
    work.save(update_fields=["hints_taken"])
    return work


@transaction.atomic
def see_solution(*, learner: User, exercise: Exercise, now: datetime, give_up: bool) -> ExerciseWork | None:
    """Open the solution: after a try, or where the learner gives up. None where neither is so.

    Giving up counts as a wrong answer, once; looking after an own pass costs nothing.
    """
    work = work_of(learner=learner, exercise=exercise, now=now)
    if not (give_up or work.solved_at or work.runs.tries().exists()):
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
    return keep_text(learner=learner, exercise=exercise, text=Text(exercise.stub), now=now)


@transaction.atomic
def _settle(
    run: ExerciseRun, work: ExerciseWork, found: dict[str, Any] | Waiting, now: datetime
) -> tuple[ExerciseRun, int]:
    """Write down what the sandbox said, once."""
    if isinstance(found, Waiting):
        return run, found.place
    run.result, run.passed = found, found["passed"]
    run.is_try = run.is_try and any(test["outcome"] != "not run" for test in found["tests"])
    fresh = ExerciseRun.objects.filter(pk=run.pk, result__isnull=True).update(
        result=found, passed=run.passed, is_try=run.is_try
    )
    if fresh and run.passed:
        first = ExerciseWork.objects.filter(pk=work.pk, solved_at=None).update(solved_at=now)
        if first:
            work.refresh_from_db()
            runs = work.runs.tries().filter(passed=False).count()
            seen = work.solution_seen_at is not None
            credit = credit_of_pass(hints=work.hints_taken, runs_before=runs, solution_seen=seen)
            _record(work, "passed", credit, now)
    return run, 0


def _record(work: ExerciseWork, what: str, credit: float, now: datetime) -> None:
    shown = [
        Shown(
            concept_id=concept.pk,
            source=f"exercise:{work.pk}:{concept.code}:{what}",
            credit=credit,
            guess_chance=0.0,
            happened_at=now,
            difficulty=OF_EXERCISE[work.exercise.difficulty],
        )
        for concept in work.exercise.concepts.all()
    ]
    record_all(learner=work.learner, shown=shown)
