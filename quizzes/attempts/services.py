"""Starting, answering and closing a quiz.

Several requests may race for one attempt (a double click, a second tab, the deadline). The attempt's
row decides: it is locked while an answer is saved, and closed by a conditional UPDATE. SQLite has no row
locks and needs none, because its transactions begin IMMEDIATE, so that writers queue.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import ceil
from random import Random
from secrets import randbits

from django.db import IntegrityError, transaction
from django.db.models import F

from concepts.models import Concept
from mlprep.shared.limits.taking import take_one
from progress.models import User
from progress.services import record_all
from progress.standing import standing_of
from quizzes.attempts.grading import grade_attempt, grade_question, sum_up
from quizzes.attempts.models import Attempt, AttemptQuestion, digest
from quizzes.attempts.presses import Press
from quizzes.attempts.selection import MAX_MINUTES, Selection
from quizzes.bank.models import Question, QuestionVersion
from quizzes.domain.clock import GRACE, deadline_of, is_over
from quizzes.domain.grades import RIGHT_FROM
from quizzes.domain.questions import parse_question
from quizzes.domain.questions.open_answer import OpenAnswer
from quizzes.domain.selection import Candidate, draw

LONGEST_PAUSE = timedelta(minutes=5)
"""More time than this between two acts is a break and no thinking."""


class NoQuestions(Exception):
    """No question fits the selection."""


class AttemptClosed(Exception):
    """The attempt takes no answer any more, because it was finished."""


class DeadlinePassed(AttemptClosed):
    """The attempt takes no answer any more, because its time is up."""


class QuestionClosed(Exception):
    """Practice has shown what is right, so the answer stays."""


def start_attempt(
    *, learner: User, selection: Selection, now: datetime, seed: int | None = None, key: str = ""
) -> Attempt:
    """Draw the questions and start the clock; where there are fewer than asked for, all of them are taken.

    The same seed over the same library gives the same questions, drawn and ordered alike. key: made by the page;
    pressed twice with the same wishes it starts one quiz, and gives that again.
    Raises NoQuestions where none fits, and LimitReached where the learner has started very many lately.
    """
    press = Press.of(learner, key, selection.as_json(), now)
    if press.attempt:
        return press.attempt
    seed = randbits(62) if seed is None else seed
    pairs = list(selection.candidates(learner).values_list("pk", "concept_id"))
    drawn = draw(
        [Candidate(question, concept) for question, concept in pairs],
        selection.questions,
        Random(seed),  # noqa: S311 (a draw to be repeated, not a secret)
        first=_weakest_first(learner, {concept for _, concept in pairs}) if selection.focus == "weak" else (),
    )
    if not drawn:
        raise NoQuestions
    questions = Question.objects.select_related("current").defer("current__rendered").in_bulk(drawn)
    versions = [version for pk in drawn if (version := questions[pk].current)]
    return _create_once(press, learner, selection, seed, now, versions)


def retry_missed(*, attempt: Attempt, now: datetime, key: str = "") -> Attempt:
    """Start a quiz over what was not right in a closed one, drawn anew, with the minutes a question had.

    key: as for start_attempt. Raises NoQuestions where all was right, or the library holds none of it any more, and
    LimitReached.
    """
    press = Press.of(attempt.learner, key, attempt.pk, now)
    if press.attempt:
        return press.attempt
    missed = attempt.questions.missed(RIGHT_FROM).select_related("version__question__current")
    asked = [question.version.question for question in missed]
    versions = [question.current for question in asked if question.current and not question.retired]
    if not versions:
        raise NoQuestions
    before = Selection.from_json(attempt.selection)
    minutes = before.minutes and min(MAX_MINUTES, ceil(before.minutes * len(versions) / attempt.max_score))
    selection = Selection(questions=len(versions), minutes=minutes, mode=before.mode)
    return _create_once(press, attempt.learner, selection, randbits(62), now, versions)


def save_answer(  # noqa: PLR0913 (all by keyword)
    *,
    attempt: Attempt,
    number: int,
    given: object,
    now: datetime,
    confidence: str | None = None,
    before: str | None = None,
) -> AttemptQuestion:
    """Save an answer of a running attempt; the last one saved counts, an empty one leaves the question open.

    before: the digest of the answer that an untouched page was made with. Where it is also the digest of what is
    given, the answer stays as it is: an old page, in another tab or from the history, takes nothing back.

    Raises AnswerError where `given` is no answer to the question, DeadlinePassed more than GRACE after the
    deadline, AttemptClosed once the attempt is finished, QuestionClosed once practice has shown the answer, and
    AttemptQuestion.DoesNotExist.
    """
    with _while_running(attempt, now) as spent:
        question = attempt.questions.select_related("version__question__concept").get(number=number)
        if question.revealed_at:
            raise QuestionClosed
        answer = parse_question(question.version.content).read_answer(given, question.presentation)
        question.seconds += spent
        if before != digest(answer):
            question.answer, question.saved_at = answer, None if answer is None else now
        if confidence is not None:
            question.confidence = confidence
        question.save(update_fields=["answer", "saved_at", "seconds", "confidence"])
    return question


def set_confidence(*, attempt: Attempt, number: int, confidence: str, now: datetime) -> None:
    """Record how sure the learner is; empty says nothing. Raises as save_answer does."""
    with _while_running(attempt, now) as spent:
        open_question = attempt.questions.filter(number=number, revealed_at=None)
        open_question.update(confidence=confidence, seconds=F("seconds") + spent)


def reveal_answer(*, attempt: Attempt, number: int, now: datetime) -> AttemptQuestion:
    """In practice: close one question and grade it, so that its explanation can be shown; a second time is harmless.

    Raises as save_answer does, and ValueError in an exam.
    """
    if not attempt.is_practice:
        raise ValueError("an exam shows nothing before its end")
    with _while_running(attempt, now) as spent:
        question = attempt.questions.in_full().get(number=number)
        if question.revealed_at is None:
            question.revealed_at = now
            question.seconds += spent
            question.save(update_fields=["revealed_at", "seconds"])
            record_all(learner=attempt.learner, shown=grade_question(question, attempt))
    return question


def set_flag(*, attempt: Attempt, number: int, flagged: bool, now: datetime) -> None:
    """Mark a question of a running attempt to come back to. Raises as save_answer does."""
    with _while_running(attempt, now) as spent:
        attempt.questions.filter(number=number).update(flagged=flagged, seconds=F("seconds") + spent)


@transaction.atomic
def rate_answer(*, attempt: Attempt, number: int, covered: Sequence[int]) -> AttemptQuestion:
    """Give oneself credit for an open answer: the numbers of the rubric's points that it covers, from 1.

    It can be changed later. Raises AnswerError for a point that is none, ValueError where there is nothing to
    rate, and AttemptQuestion.DoesNotExist.
    """
    question = attempt.questions.in_full().get(number=number)
    kind = parse_question(question.version.content)
    is_closed = attempt.finished_at or question.revealed_at
    if not isinstance(kind, OpenAnswer) or question.answer is None or not is_closed:
        raise ValueError("only an open answer that is closed can be rated")
    question.answer = kind.rate(question.answer, list(covered))
    question.save(update_fields=["answer"])
    shown = grade_question(question, attempt)
    if attempt.finished_at:
        sum_up(attempt)
    record_all(learner=attempt.learner, shown=shown)
    return question


@transaction.atomic
def close_attempt(*, attempt: Attempt, now: datetime, key: str = "") -> Attempt:
    """Close and grade an attempt, once; closing a closed one changes nothing.

    Every answer given is recorded as evidence on its concept; a question left open shows nothing.
    key: of one press of "finish". Raises AttemptClosed where something else than this press has closed the attempt.
    """
    # A clock that was put back ends no quiz before it began.
    ended = max(now, attempt.started_at)
    ended = min(ended, attempt.deadline or ended)
    if Attempt.objects.running().filter(pk=attempt.pk).update(finished_at=ended, finish_key=key):
        grade_attempt(attempt)
    closed = Attempt.objects.get(pk=attempt.pk)
    if key and closed.finish_key != key:
        raise AttemptClosed
    return closed


def close_overdue(*, now: datetime, learner: User | None = None) -> int:
    """Close attempts whose time is up, of one learner or of all; returns how many.

    This is the clock's doing and not the visitor's, so it may happen on a GET: whoever looks first finds the
    quiz closed as it was at its deadline, and looking again changes nothing.
    """
    attempts = Attempt.objects.of(learner) if learner else Attempt.objects.all()
    overdue = list(attempts.overdue(now - GRACE))
    for attempt in overdue:
        close_attempt(attempt=attempt, now=now)
    return len(overdue)


def _create_once(  # noqa: PLR0913, PLR0917 (what an attempt consists of)
    press: Press, learner: User, selection: Selection, seed: int, now: datetime, versions: list[QuestionVersion]
) -> Attempt:
    taken = take_one("starts", learner.pk)
    try:
        return _create_attempt(press, learner, selection, seed, now, versions)
    except IntegrityError:
        # The same press came in twice at once, and the other one was first.
        taken.give_back()
        return Attempt.objects.of(learner).get(key=press.name)


@transaction.atomic
def _create_attempt(  # noqa: PLR0913, PLR0917 (likewise)
    press: Press, learner: User, selection: Selection, seed: int, now: datetime, versions: list[QuestionVersion]
) -> Attempt:
    attempt = Attempt.objects.create(
        learner=learner,
        started_at=now,
        deadline=deadline_of(now, selection.minutes, learner.time_factor),
        mode=selection.mode,
        seed=seed,
        selection=selection.as_json(),
        key=press.name,
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
def _while_running(attempt: Attempt, now: datetime) -> Iterator[float]:
    """A transaction in which the attempt stays open. Raises AttemptClosed or DeadlinePassed on entry.

    Gives the seconds since the learner's last act in this attempt; a pause counts as LONGEST_PAUSE at most.
    """
    with transaction.atomic():
        current = Attempt.objects.select_for_update().get(pk=attempt.pk)
        deadline = current.deadline
        if current.finished_at is not None and (deadline is None or current.finished_at < deadline):
            raise AttemptClosed
        if current.finished_at is not None or (deadline is not None and is_over(deadline, now)):
            raise DeadlinePassed
        pause = now - (current.active_at or current.started_at)
        yield min(max(pause, timedelta()), LONGEST_PAUSE).total_seconds()
        Attempt.objects.filter(pk=attempt.pk).update(active_at=now)


def _weakest_first(learner: User, concepts: Collection[int]) -> list[int]:
    standings = standing_of(learner, list(Concept.objects.filter(pk__in=concepts)))
    return sorted(standings, key=lambda pk: standings[pk].probability)
