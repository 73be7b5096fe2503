"""Many at once: nothing is lost, nothing counts twice, and SQLite does not say 'database is locked'."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from progress.models import ConceptMemory, Evidence, User
from progress.services import Shown, record_all
from quizzes.attempts.selection import Selection
from quizzes.attempts.services import AttemptClosed, close_attempt, retry_missed, save_answer, start_attempt
from quizzes.models import Attempt, AttemptQuestion
from tests.factories import keys_of, make_attempt, make_concept, make_question

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs in threads that start together; each has its own connection."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_twenty_learners_answering_at_once_lose_no_answer():
    attempts = [make_attempt(User.objects.create_user(f"learner{number}"), questions=5) for number in range(20)]

    def answer_all(attempt: Attempt) -> None:
        for number in range(1, 6):
            save_answer(attempt=attempt, number=number, given="b", now=timezone.now())

    all_at_once(*(lambda attempt=attempt: answer_all(attempt) for attempt in attempts))
    assert AttemptQuestion.objects.filter(answer="b").count() == 100


def test_eight_finishes_at_once_grade_once(alice):
    attempt = make_attempt(alice, questions=3)
    for number in range(1, 4):
        right, _ = keys_of(attempt, number)
        save_answer(attempt=attempt, number=number, given=right[0], now=timezone.now())
    closed = all_at_once(*[lambda: close_attempt(attempt=attempt, now=timezone.now())] * 8)
    assert {result.score for result in closed} == {3}
    assert Evidence.objects.of(alice).count() == 3


def test_an_answer_that_races_the_finish_is_either_graded_or_refused(alice):
    for _ in range(10):
        attempt = make_attempt(alice, questions=1)
        right, _ = keys_of(attempt, 1)

        def answer(attempt: Attempt = attempt, right: list[str] = right) -> bool:
            try:
                save_answer(attempt=attempt, number=1, given=right[0], now=timezone.now())
            except AttemptClosed:
                return False
            return True

        taken, _ = all_at_once(answer, lambda attempt=attempt: close_attempt(attempt=attempt, now=timezone.now()))
        attempt.refresh_from_db()
        assert attempt.score == (1 if taken else 0)
        assert (attempt.questions.get().answer is not None) == taken


def test_eight_closings_of_the_overdue_record_evidence_once(alice):
    from quizzes.attempts.services import close_overdue

    attempt = make_attempt(alice, questions=2)
    save_answer(attempt=attempt, number=1, given="a", now=timezone.now())
    later = attempt.deadline + timedelta(minutes=1)
    all_at_once(*[lambda: close_overdue(learner=alice, now=later)] * 8)
    assert Evidence.objects.of(alice).count() == 1


def test_eight_presses_of_start_at_once_make_one_quiz(alice):
    make_question(make_concept())
    wishes = Selection(questions=1)

    def press() -> Attempt:
        return start_attempt(learner=alice, selection=wishes, now=timezone.now(), key="a-key-of-the-page")

    started = all_at_once(*[press] * 8)
    assert {attempt.pk for attempt in started} == {Attempt.objects.of(alice).get().pk}
    assert AttemptQuestion.objects.count() == 1


def test_eight_presses_of_retry_at_once_make_one_quiz(alice):
    attempt = close_attempt(attempt=make_attempt(alice, questions=2), now=timezone.now())
    retried = all_at_once(*[lambda: retry_missed(attempt=attempt, now=timezone.now(), key="a-key-of-the-page")] * 8)
    assert {again.pk for again in retried} == {Attempt.objects.of(alice).running().get().pk}


def test_answers_on_the_same_concepts_at_once_all_count_in_their_memories(alice):
    concepts = [make_concept() for _ in range(3)]

    def press(number: int) -> None:
        order = concepts if number % 2 else concepts[::-1]
        now = timezone.now()
        shown = [Shown(concept.pk, f"race:{number}:{concept.pk}", 1.0, 0.0, now) for concept in order]
        record_all(learner=alice, shown=shown)

    all_at_once(*(lambda number=number: press(number) for number in range(8)))
    assert Evidence.objects.of(alice).count() == 24
    assert list(ConceptMemory.objects.of(alice).values_list("answers", flat=True)) == [8, 8, 8]
