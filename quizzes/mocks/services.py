"""Starting, keeping and closing a mock interview.

Several requests may race for one interview (a double click, a second tab, the deadline). Its row decides: what is
saved is a conditional UPDATE, and that a learner sits one at a time is a constraint of the database.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count

from mlprep.shared.limits.taking import take_one
from progress.models import Evidence, User
from progress.services import record_evidence
from progress.standing import standing_of
from quizzes.domain.clock import GRACE, deadline_of, is_over
from quizzes.domain.exercises.credit import credit_of_pass
from quizzes.domain.mocks.board import Board, draw
from quizzes.mocks.models import MockInterview, MockReveal, MockRun, MockScript, Shown


class InterviewRuns(Exception):
    """The learner sits an interview already."""

    def __init__(self, interview: MockInterview) -> None:
        super().__init__(str(interview))
        self.interview = interview


class InterviewClosed(Exception):
    """The interview takes nothing any more, because it was finished."""


class DeadlinePassed(InterviewClosed):
    """The interview takes nothing any more, because its time is up."""


class NothingToShow(Exception):
    """There is no such hint or follow-up, or it is not its turn."""


def start_interview(*, learner: User, script: MockScript, role: str, now: datetime) -> MockInterview:
    """Start the clock on a script as it stands in the library now. Raises InterviewRuns and LimitReached."""
    close_overdue_interviews(now=now, learner=learner)
    if script.current is None:
        raise ValueError(f"{script} has no text")
    minutes = deadline_of(now, script.minutes, learner.time_factor)
    code = script.current.content["code"]
    taken = take_one("starts", learner.pk)
    try:
        with transaction.atomic():
            return MockInterview.objects.create(
                learner=learner,
                version=script.current,
                role=role,
                started_at=now,
                deadline=minutes or now + timedelta(minutes=script.minutes),
                code=code["given"] if code else "",
                measured=_measured(learner, script),
            )
    except IntegrityError:
        taken.give_back()
        raise InterviewRuns(MockInterview.objects.of(learner).running().get()) from None


def save_work(*, interview: MockInterview, now: datetime, pad: str | None = None, code: str | None = None) -> None:
    """Keep what stands on the pad and in the editor; None leaves it. Raises InterviewClosed or DeadlinePassed."""
    texts = {"pad": pad, "code": code if interview.has_code else None}
    _keep(interview, now, {name: text for name, text in texts.items() if text is not None})


def save_board(*, interview: MockInterview, board: Board, now: datetime) -> None:
    """Keep the drawing, as strokes and as the SVG drawn from them. Raises InterviewClosed or DeadlinePassed."""
    _keep(interview, now, {"board": board.as_json(), "board_svg": draw(board)})


def show_next(*, interview: MockInterview, what: Shown, number: int, now: datetime) -> MockReveal:
    """Have the interviewer say a hint or follow-up; said once, however often it is asked for.

    Hints and follow-ups come in their order, and a follow-up's hint after it. Raises NothingToShow, InterviewClosed
    and DeadlinePassed.
    """
    _check_order(interview, what, number)
    with transaction.atomic():
        current = MockInterview.objects.select_for_update().get(pk=interview.pk)
        _refuse_late(current, now)
        shown, _ = MockReveal.objects.get_or_create(
            interview=current, what=what, number=number, defaults={"shown_at": now}
        )
    return shown


@transaction.atomic
def close_interview(*, interview: MockInterview, now: datetime) -> MockInterview:
    """Close an interview, once; closing a closed one changes nothing.

    What the tests of code showed is recorded as evidence that nobody rated for themselves.
    """
    running = MockInterview.objects.running().filter(pk=interview.pk)
    if running.update(finished_at=min(now, interview.deadline)):
        _record_tests(interview, now)
    return MockInterview.objects.with_script().get(pk=interview.pk)


def close_overdue_interviews(*, now: datetime, learner: User | None = None) -> int:
    """Close interviews whose time is up, of one learner or of all; returns how many.

    The clock's doing and not the visitor's, so it may happen on a GET.
    """
    interviews = MockInterview.objects.of(learner) if learner else MockInterview.objects.all()
    overdue = list(interviews.overdue(now - GRACE).with_script())
    for interview in overdue:
        close_interview(interview=interview, now=now)
    return len(overdue)


def best_run(interview: MockInterview) -> MockRun | None:
    """The run in which most tests passed, the latest of several; None where nothing was run."""
    runs = list(interview.runs.ended())
    return max(runs, key=lambda run: (tests_passed(run), run.created_at)) if runs else None


def tests_passed(run: MockRun | None) -> float:
    """The share of the tests that passed, from 0 to 1."""
    tests = (run.result or {}).get("tests", []) if run else []
    return sum(test["outcome"] == "passed" for test in tests) / len(tests) if tests else 0.0


def tests_share(interview: MockInterview) -> float | None:
    """What the tests say of an interview with code, from 0 to 1; None for one without, and 0 where nothing was run."""
    return tests_passed(best_run(interview)) if interview.has_code else None


def _measured(learner: User, script: MockScript) -> dict[str, list[float]]:
    """By concept: the mastery before the interview, and on how many answers it rests that were not self-rated."""
    concepts = list(script.concepts.all())
    standings = standing_of(learner, concepts)
    answers = Evidence.objects.of(learner).filter(concept__in=concepts, self_rated=False)
    counts = dict(answers.order_by().values_list("concept").annotate(count=Count("pk")))
    return {concept.code: [standings[concept.pk].mastery, counts.get(concept.pk, 0)] for concept in concepts}


def _keep(interview: MockInterview, now: datetime, values: dict[str, object]) -> None:
    open_still = MockInterview.objects.running().filter(pk=interview.pk, deadline__gte=now - GRACE)
    if not open_still.update(saved_at=now, **values):
        _refuse_late(MockInterview.objects.get(pk=interview.pk), now)
    for name, value in values.items():
        setattr(interview, name, value)


def _refuse_late(interview: MockInterview, now: datetime) -> None:
    """Raises InterviewClosed where the learner finished it, DeadlinePassed where the clock did or is about to."""
    if interview.finished_at is not None and interview.finished_at < interview.deadline:
        raise InterviewClosed
    if interview.finished_at is not None or is_over(interview.deadline, now):
        raise DeadlinePassed


def _check_order(interview: MockInterview, what: Shown, number: int) -> None:
    content = interview.content
    shown = set(interview.reveals.filter(what=what).values_list("number", flat=True))
    items = content["hints"] if what == Shown.HINT else content["follow_ups"]
    if not 1 <= number <= len(items):
        raise NothingToShow
    if what == Shown.FOLLOW_UP_HINT:
        asked = interview.reveals.filter(what=Shown.FOLLOW_UP, number=number).exists()
        if not asked or not items[number - 1]["hint"]:
            raise NothingToShow
    elif number > len(shown) + 1:
        raise NothingToShow


def _record_tests(interview: MockInterview, now: datetime) -> None:
    best = best_run(interview) if interview.has_code else None
    if best is None:
        return
    hints = interview.reveals.filter(what=Shown.HINT).count()
    credit = tests_passed(best) * credit_of_pass(hints=hints, runs_before=0, solution_seen=False)
    for concept in interview.script.concepts.all():
        record_evidence(
            learner=interview.learner,
            concept_id=concept.pk,
            source=f"mock:{interview.pk}:{concept.code}:tests",
            credit=credit,
            guess_chance=0.0,
            happened_at=min(now, interview.deadline),
        )
