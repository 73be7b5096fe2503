"""`make bench`: mastery of 500 concepts from 200,000 pieces of evidence, and of one more answer."""

import os
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

import numpy as np  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.utils import timezone  # noqa: E402

from concepts.models import Concept  # noqa: E402
from progress.domain.mastery import interval, probability  # noqa: E402
from progress.domain.traces import MODEL, Answers, retraced_all  # noqa: E402
from progress.memories import renew_all  # noqa: E402
from progress.models import Evidence, User  # noqa: E402
from progress.services import record_evidence, withdraw_evidence  # noqa: E402
from progress.standing import standing_of  # noqa: E402
from tests.factories import make_concept  # noqa: E402

CONCEPTS, EVIDENCE = 500, 200_000
ROUNDS = 15


def main() -> None:
    print(f"\nmastery of {CONCEPTS} concepts, {EVIDENCE:,} pieces of evidence")
    show("all at once, numpy alone", seconds(bulk(even=True)), 100)
    show("the same, concepts unequally often", seconds(bulk(even=False)), 100)
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        if connection.vendor == "sqlite":
            # As in an installation: an answer is on the disk when it is done.
            connection.cursor().execute("PRAGMA synchronous=FULL")
        measure()
    finally:
        runner.teardown_databases(databases)


def bulk(*, even: bool) -> Callable[[], object]:
    """Everything from the evidence to probability and interval, without the database."""
    rng = np.random.default_rng(1)
    share = np.ones(CONCEPTS) if even else 1.0 / np.arange(3, CONCEPTS + 3)
    concept = np.sort(rng.choice(CONCEPTS, EVIDENCE, p=share / share.sum()))
    day = rng.uniform(0, 300, EVIDENCE)
    day = day[np.lexsort((day, concept))]
    answers = Answers(
        (rng.random(EVIDENCE) < 0.7).astype(float),
        rng.choice([0.0, 0.25], EVIDENCE),
        rng.choice([-0.8, 0.0, 0.8], EVIDENCE),
        rng.choice([0.5, 1.0], EVIDENCE),
    )

    def call() -> object:
        now = MODEL.later(retraced_all(CONCEPTS, concept, day, answers), 3.0)
        return probability(now), interval(now)

    return call


def measure() -> None:
    learner = User.objects.create_user("bench")
    concepts = [make_concept(week=1 + number % 10) for number in range(CONCEPTS)]
    now = timezone.now()
    rng = np.random.default_rng(2)
    Evidence.objects.bulk_create(
        (
            Evidence(
                learner=learner,
                concept_id=concepts[number % CONCEPTS].pk,
                source=f"bench:{number}",
                credit=float(rng.random() < 0.7),
                guess_chance=0.25,
                happened_at=now - timedelta(minutes=EVIDENCE - number),
            )
            for number in range(EVIDENCE)
        ),
        batch_size=5_000,
    )
    started = time.perf_counter()
    renew_all(learner)
    print(f"{'rebuilt from the database':<40}{time.perf_counter() - started:>9.2f} s")
    show("one more answer, recorded and on disk", seconds(one_more(learner, concepts), rounds=200), 5)
    show("an answer taken back", seconds(taken_back(learner, concepts), rounds=50))
    show(f"read the standing of all {CONCEPTS}", seconds(lambda: standing_of(learner, concepts)))
    show("read the standing of one", seconds(lambda: standing_of(learner, concepts[:1]), rounds=100))


def one_more(learner: User, concepts: list[Concept]) -> Callable[[], object]:
    count = iter(range(10**9))

    def call() -> None:
        number = next(count)
        record_evidence(
            learner=learner,
            concept_id=concepts[number % CONCEPTS].pk,
            source=f"more:{number}",
            credit=1.0,
            guess_chance=0.25,
            happened_at=timezone.now(),
        )

    return call


def taken_back(learner: User, concepts: list[Concept]) -> Callable[[], object]:
    count = iter(range(10**9))
    return lambda: withdraw_evidence(learner=learner, source=f"more:{next(count)}")


def seconds(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of so many calls."""
    samples = []
    call()
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        samples.append(time.perf_counter() - started)
    return statistics.median(samples)


def show(what: str, median: float, aim: int | None = None) -> None:
    print(f"{what:<40}{median * 1000:>9.2f} ms{f'   (aim: {aim})' if aim else ''}")


if __name__ == "__main__":
    main()
