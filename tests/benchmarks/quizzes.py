"""`make bench`: a quiz of 50 questions from start to results, and grading in pure code.

The quiz's steps are given as ratios to the bare signed-in view of `tests.benchmarks.pages`, measured in the same
run; grading as answers a second over all kinds, each as frequent as in the bank.
"""

import os
import statistics
import time
from collections.abc import Callable
from random import Random
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402

from concepts.library.loader import load_library  # noqa: E402
from progress.models import User  # noqa: E402
from quizzes.domain.questions import parse_question  # noqa: E402
from quizzes.models import Attempt, QuestionVersion  # noqa: E402
from tests.benchmarks import pages  # noqa: E402

QUESTIONS = 50
QUIZZES = 5
ANSWERS = 10_000


def main() -> None:
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        with override_settings(ROOT_URLCONF=pages.__name__, ALLOWED_HOSTS=["testserver"]):
            load_library(settings.LIBRARY_DIR)
            measure_quizzes()
            measure_grading()
    finally:
        runner.teardown_databases(databases)


def measure_quizzes() -> None:
    client = Client()
    client.force_login(User.objects.create_user("bench"))
    client.get("/bare/")
    seconds: dict[str, list[float]] = {}
    for _ in range(QUIZZES):
        for step, times in take_a_quiz(client).items():
            seconds.setdefault(step, []).extend(times)
    bare = statistics.median(seconds.pop("bare view"))
    print(f"\na quiz of {QUESTIONS} questions of all kinds, each step over the bare view ({bare * 1000:.2f} ms)")
    for step, times in seconds.items():
        print(f"{step:<28}{statistics.median(times) / bare:>9.1f}x")


def take_a_quiz(client: Client) -> dict[str, list[float]]:
    """One quiz; the seconds of each of its requests, and of as many bare ones."""
    times: dict[str, list[float]] = {"start": [], "question": [], "answer": [], "finish and grade": [], "results": []}
    times["bare view"] = []

    def timed(step: str, visit: Callable[[], Any]) -> None:
        started = time.perf_counter()
        response = visit()
        times[step].append(time.perf_counter() - started)
        assert response.status_code < 400

    timed("start", lambda: client.post("/quizzes/start/", {"questions": QUESTIONS, "minutes": 100}))
    attempt = Attempt.objects.latest("started_at")
    for question in attempt.questions.in_full():
        kind = parse_question(question.version.content)
        right = kind.expected(question.presentation)
        given = right["text"] if isinstance(right, dict) else right
        address = f"/quizzes/{attempt.pk}/answers/{question.number}/"
        timed("question", lambda number=question.number: client.get(f"/quizzes/{attempt.pk}/?question={number}"))  # type: ignore[misc]
        timed("answer", lambda address=address, given=given: client.post(address, {"answer": given, "go": "1"}))  # type: ignore[misc]
        timed("bare view", lambda: client.get("/bare/"))
    timed("finish and grade", lambda: client.post(f"/quizzes/{attempt.pk}/finish/"))
    timed("results", lambda: client.get(f"/quizzes/{attempt.pk}/review/"))
    return times


def measure_grading() -> None:
    """Grades right and wrong answers to every question of the bank in turn, as an attempt's closing does."""
    cases = []
    for number, version in enumerate(QuestionVersion.objects.all()):
        question = parse_question(version.content)
        drawn = question.present(Random(number))
        both = (question.expected(drawn), question.wrong_example(drawn))
        cases.extend((question, question.read_answer(answer, drawn), drawn) for answer in both)
    Random(1).shuffle(cases)
    for question, answer, drawn in cases:
        question.grade(answer, drawn)
    started = time.perf_counter()
    for index in range(ANSWERS):
        question, answer, drawn = cases[index % len(cases)]
        question.grade(answer, drawn)
    seconds = time.perf_counter() - started
    print(f"\ngrading: {ANSWERS / seconds:,.0f} answers a second over {len(cases)} right and wrong ones of all kinds")


if __name__ == "__main__":
    main()
