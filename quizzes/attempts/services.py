"""Starting, answering and closing a timed quiz.

Several requests may race for one attempt (a double click, a second tab, the deadline). The attempt's
row decides: it is locked while an answer is saved, and closed by a conditional UPDATE. SQLite has no row
locks and needs none, because its transactions begin IMMEDIATE, so that writers queue.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random
from secrets import randbits

from django.db import transaction

from concepts.models import Concept
from progress.models import User
from progress.services import record_evidence
from progress.standing import standing_of
from quizzes.attempts.models import Attempt, AttemptQuestion
from quizzes.attempts.selection import Selection
from quizzes.bank.models import Question, QuestionVersion
from quizzes.domain.clock import GRACE, deadline_of, is_over
from quizzes.domain.questions import Answer, parse_question
from quizzes.domain.selection import Candidate, draw


class NoQuestions(Exception):
    """No question fits the selection."""


class AttemptClosed(Exception):
    """The attempt takes no answer any more, because it was finished."""


class DeadlinePassed(AttemptClosed):
    """The attempt takes no answer any more, because its time is up."""


def start_attempt(*, learner: User, selection: Selection, now: datetime, seed: int | None = None) -> Attempt:
    """Draw the questions and start the clock; where there are fewer than asked for, all of them are taken.

    The same seed over the same library gives the same questions, their options in the same order.
    Raises NoQuestions where none fits.
    """
    seed = randbits(62) if seed is None else seed
    questions = selection.candidates(learner).select_related("current", "concept").in_bulk()
    drawn = draw(
        [Candidate(question.pk, question.concept_id) for question in questions.values()],
        selection.questions,
        Random(seed),  # noqa: S311 (a draw to be repeated, not a secret)
        first=_weakest_first(learner, questions.values()) if selection.focus == "weak" else (),
    )
    if not drawn:
        raise NoQuestions
    return _create_attempt(
        learner, selection, seed, now, [version for pk in drawn if (version := questions[pk].current)]
    )


def save_answer(*, attempt: Attempt, number: int, given: object, now: datetime) -> AttemptQuestion:
    """Save an answer of a running attempt; the last one saved counts.

    Raises AnswerError where `given` is no answer to the question, DeadlinePassed more than GRACE after the
    deadline, AttemptClosed once the attempt is finished, and AttemptQuestion.DoesNotExist.
    """
    question = attempt.questions.select_related("version").get(number=number)
    answer: Answer = parse_question(question.version.content).read_answer(given, question.presentation)
    with _while_running(attempt, now):
        question.answer, question.saved_at = answer, now
        question.save(update_fields=["answer", "saved_at"])
    return question


def set_flag(*, attempt: Attempt, number: int, flagged: bool, now: datetime) -> None:
    """Mark a question of a running attempt to come back to. Raises as save_answer does."""
    with _while_running(attempt, now):
        attempt.questions.filter(number=number).update(flagged=flagged)


@transaction.atomic
def close_attempt(*, attempt: Attempt, now: datetime) -> Attempt:
    """Close and grade an attempt, once; closing a closed one changes nothing.

    Every answer given is recorded as evidence on its concept; a question left open shows nothing.
    """
    running = Attempt.objects.running().filter(pk=attempt.pk)
    if running.update(finished_at=min(now, attempt.deadline)):
        _grade(attempt)
    return Attempt.objects.get(pk=attempt.pk)


def close_overdue(*, learner: User, now: datetime) -> int:
    """Close the learner's attempts whose time is up; returns how many.

    This is the clock's doing and not the visitor's, so it may happen on a GET: whoever looks first finds the
    quiz closed as it was at its deadline, and looking again changes nothing.
    """
    overdue = list(Attempt.objects.of(learner).overdue(now - GRACE))
    for attempt in overdue:
        close_attempt(attempt=attempt, now=now)
    return len(overdue)


@transaction.atomic
def _create_attempt(
    learner: User, selection: Selection, seed: int, now: datetime, versions: list[QuestionVersion]
) -> Attempt:
    attempt = Attempt.objects.create(
        learner=learner,
        started_at=now,
        deadline=deadline_of(now, selection.minutes),
        seed=seed,
        selection=selection.as_json(),
        max_score=len(versions),
    )
    AttemptQuestion.objects.bulk_create(
        AttemptQuestion(
            attempt=attempt,
            number=number,
            version=version,
            presentation=parse_question(version.content).present(Random(f"{seed}:{number}")),  # noqa: S311 (likewise)
        )
        for number, version in enumerate(versions, start=1)
    )
    return attempt


@contextmanager
def _while_running(attempt: Attempt, now: datetime) -> Iterator[None]:
    """A transaction in which the attempt stays open. Raises AttemptClosed or DeadlinePassed on entry."""
    with transaction.atomic():
        current = Attempt.objects.select_for_update().get(pk=attempt.pk)
        if current.finished_at is not None and current.finished_at < current.deadline:
            raise AttemptClosed
        if current.finished_at is not None or is_over(current.deadline, now):
            raise DeadlinePassed
        yield


def _grade(attempt: Attempt) -> None:
    score = 0.0
    for question in attempt.questions.select_related("version__question__concept"):
        kind = parse_question(question.version.content)
        question.credit = 0.0 if question.answer is None else kind.grade(question.answer, question.presentation)
        question.save(update_fields=["credit"])
        score += question.credit
        if question.answer is not None:
            record_evidence(
                learner=attempt.learner,
                concept=question.version.question.concept,
                source=f"quiz:{attempt.pk}:{question.number}",
                credit=question.credit,
                guess_chance=kind.guess_chance,
                happened_at=question.saved_at or attempt.deadline,
            )
    Attempt.objects.filter(pk=attempt.pk).update(score=score)


def _weakest_first(learner: User, questions: Iterable[Question]) -> list[int]:
    concepts: dict[int, Concept] = {question.concept_id: question.concept for question in questions}
    standings = standing_of(learner, list(concepts.values()))
    return sorted(concepts, key=lambda pk: standings[pk].mastery)
