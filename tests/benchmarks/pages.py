"""`make bench`: the server time of the main pages as a ratio to a bare signed-in view with one query.

Everything is measured in one run, in turns, so that the machine's mood hits all alike; the figure is the
median of the ratios. Run on a database of its own, which is thrown away.
"""

import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from concepts.library.loader import load_library  # noqa: E402
from concepts.models import Concept, SearchEntry, Status  # noqa: E402
from progress.memories import renew_all  # noqa: E402
from progress.models import ConceptStatus, Evidence, User  # noqa: E402
from quizzes.attempts.selection import Selection  # noqa: E402
from quizzes.attempts.services import start_attempt  # noqa: E402

ROUNDS = 60
FEW, MANY = 41, 4_100


def main() -> None:
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        with override_settings(ROOT_URLCONF="tests.benchmarks.bare", ALLOWED_HOSTS=["testserver"]):
            measure()
    finally:
        runner.teardown_databases(databases)


def measure() -> None:
    load_library(settings.LIBRARY_DIR)
    learner = User.objects.create_user("bench")
    client = Client()
    client.force_login(learner)
    few = timed(pages_of(client, learner))
    grow(learner)
    many = timed(pages_of(client, learner))
    print(f"\n{'page':<28}{'queries':>9}{f'{FEW} concepts':>16}{f'{MANY:,} concepts':>18}{'growth':>9}")
    for name in few:
        (ratio, queries), (ratio_many, _) = few[name], many[name]
        growth = many[name][0] / few[name][0]
        print(f"{name:<28}{queries:>9}{ratio:>15.1f}x{ratio_many:>17.1f}x{growth:>8.2f}x")
    print("\nx: median over the bare view's median. Aim: up to 4x at 41 concepts, paged lists up to 1.3x growth.")


def pages_of(client: Client, learner: User) -> dict[str, Callable[[], object]]:
    attempt = start_attempt(learner=learner, selection=Selection(minutes=180), now=timezone.now(), seed=1)
    return {
        "bare view": lambda: client.get("/bare/"),
        "concept list": lambda: client.get("/concepts/"),
        "concept list, searched": lambda: client.get("/concepts/?search=gradient"),
        "concept": lambda: client.get("/concepts/ML-002/"),
        "quiz question": lambda: client.get(f"/quizzes/{attempt.pk}/?question=2"),
        "quiz answer": lambda: client.post(f"/quizzes/{attempt.pk}/answers/1/", {"answer": "a"}),
        "weeks": lambda: client.get("/progress/"),
        "API concepts": lambda: client.get("/api/v1/concepts/"),
    }


def timed(pages: dict[str, Callable[[], object]]) -> dict[str, tuple[float, int]]:
    """Each page's ratio to the bare view, and its queries."""
    queries = {}
    for name, visit in pages.items():
        response = visit()
        assert getattr(response, "status_code", 0) < 400, name
        with CaptureQueriesContext(connection) as captured:
            visit()
        queries[name] = len(captured)
    reset_queries()
    samples: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(ROUNDS):
        for name, visit in pages.items():
            started = time.perf_counter()
            visit()
            samples[name].append(time.perf_counter() - started)
    medians = {name: statistics.median(times) for name, times in samples.items()}
    base = medians["bare view"]
    print(f"bare view: {base * 1000:.2f} ms")
    return {name: (median / base, queries[name]) for name, median in medians.items()}


def grow(learner: User) -> None:
    """More concepts of the same kind, with a learner who worked on all of them."""
    patterns = list(Concept.objects.order_by("position"))
    copies = []
    for number in range(MANY - len(patterns)):
        concept = Concept.objects.get(pk=patterns[number % len(patterns)].pk)
        concept.pk, concept.code, concept.position = None, f"COPY-{number:05}", 100 + number
        copies.append(concept)
    Concept.objects.bulk_create(copies)
    made = list(Concept.objects.filter(code__startswith="COPY-"))
    entries = {entry.concept_id: entry for entry in SearchEntry.objects.all()}
    fields = ("name", "formula", "interview_question", "notes", "answer")
    SearchEntry.objects.bulk_create(
        SearchEntry(
            concept=concept,
            code=concept.code.lower(),
            **{field: getattr(entries[patterns[number % len(patterns)].pk], field) for field in fields},
        )
        for number, concept in enumerate(made)
    )
    ConceptStatus.objects.bulk_create(
        ConceptStatus(learner=learner, concept=concept, status=Status.LEARNING) for concept in made
    )
    Evidence.objects.bulk_create(
        Evidence(
            learner=learner,
            concept=concept,
            source=f"bench:{concept.pk}",
            credit=1,
            guess_chance=0.25,
            happened_at=timezone.now(),
        )
        for concept in made
    )
    renew_all(learner)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
