"""`make bench`: answering a card and fetching the next, at 100 and at 10,000 cards, beside Anki's own backend.

Service calls on SQLite without HTTP. Two collections of our own, one with 100 cards and 1,000 reviews, one with 10,000
cards and 1,000,000 reviews; the cards are on concepts, so that each answer also brings mastery up to date. A collection
of 10,000 notes in the package `anki` (AGPL, a development tool here) where it is installed. All are measured in turns,
in one run.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

import numpy as np  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.utils import timezone  # noqa: E402

from concepts.models import Concept  # noqa: E402
from progress.models import User  # noqa: E402
from quizzes.domain.fsrs import FSRS, Memory, Rating  # noqa: E402
from quizzes.flashcards.models import Card, CardEvent, FlashcardSettings, LearnerCard  # noqa: E402
from quizzes.flashcards.preferences import settings_of  # noqa: E402
from quizzes.flashcards.previews import Preview, preview  # noqa: E402
from quizzes.flashcards.queue import Queue  # noqa: E402
from quizzes.flashcards.services import Answer, answer_card  # noqa: E402
from tests.factories import make_concept, make_evidence  # noqa: E402

FEW, MANY = (100, 1_000), (10_000, int(os.environ.get("BENCH_REVIEWS", "1000000")))
DUE = 100
CONCEPTS = 40
ROUNDS = 60
BATCH = 5_000


def main() -> None:
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            if connection.vendor == "sqlite":
                # As in an installation, and as in Anki: an answer is on the disk when it is done.
                connection.cursor().execute("PRAGMA synchronous=FULL")
            measure()
    finally:
        runner.teardown_databases(databases)


def measure() -> None:
    learners = [collection_of(f"bench-{cards}", cards, reviews) for cards, reviews in (FEW, MANY)]
    calls = {name: one_review(learner) for name, learner in zip(("100 cards", "10,000 cards"), learners, strict=True)}
    with tempfile.TemporaryDirectory() as folder:
        if anki := anki_review(Path(folder)):
            calls["Anki, 10,000 notes"] = anki
        seconds: dict[str, list[float]] = {name: [] for name in calls}
        for _ in range(ROUNDS):
            for name, call in calls.items():
                started = time.perf_counter()
                call()
                seconds[name].append(time.perf_counter() - started)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"\nanswer a card and fetch the next ({MANY[1]:,} reviews in the log of 10,000 cards)")
    for name, median in medians.items():
        print(f"{name:<28}{median * 1000:>8.2f} ms{median / medians['100 cards']:>9.2f}x the time at 100 cards")
    if "Anki, 10,000 notes" in medians:
        print(f"{'ours over Anki':<28}{medians['10,000 cards'] / medians['Anki, 10,000 notes']:>8.2f}x  (aim: 1.5)")
    print(f"{'statistics page, 10,000':<28}{page_seconds(learners[1], '/flashcards/statistics/'):>8.2f} s   (aim: 1)")
    print(f"{'browse page, 10,000':<28}{page_seconds(learners[1], '/flashcards/browse/?q=is:due'):>8.2f} s")
    print(f"{'10,000 memories in numpy':<28}{numpy_seconds() * 1000:>8.2f} ms  (aim: 20)")


def collection_of(name: str, cards: int, reviews: int) -> User:
    """A learner with so many own cards in review, due over the coming year, and so many answers in the log."""
    learner = User.objects.create_user(name)
    FlashcardSettings.objects.create(learner=learner, reviews_per_day=9_999)
    rng = np.random.default_rng(1)
    today = learner.day_of(timezone.now())
    concepts = concepts_of(name)
    made = Card.objects.bulk_create(
        (
            Card(
                owner=learner,
                kind="own",
                siblings=f"{name}-{number}",
                content={"front": "F", "back": "B"},
                concept=concepts[number % len(concepts)],
            )
            for number in range(cards)
        ),
        batch_size=BATCH,
    )
    learned = LearnerCard.objects.bulk_create(
        (learned_card(learner, card, today, rng, due=number < DUE) for number, card in enumerate(made)),
        batch_size=BATCH,
    )
    CardEvent.objects.bulk_create(events(learner, learned, reviews, today, rng), batch_size=BATCH)
    for concept in concepts:
        # Who has answered so often has answered on every concept before.
        make_evidence(learner, concept, days_ago=1)
    return learner


def concepts_of(name: str) -> list[Concept]:
    return [make_concept(f"{name}-{number}".upper()) for number in range(CONCEPTS)]


def learned_card(learner: User, card: Card, today: date, rng: np.random.Generator, *, due: bool) -> LearnerCard:
    interval = int(rng.integers(1, 300))
    return LearnerCard(
        learner=learner,
        card=card,
        state="review",
        stability=float(interval),
        difficulty=float(rng.uniform(1, 10)),
        interval=interval,
        reps=10,
        last_on=today - timedelta(days=interval // 2),
        due_on=today + timedelta(days=int(rng.integers(-10, 0) if due else rng.integers(1, 300))),
    )


def events(
    learner: User, cards: list[LearnerCard], count: int, today: date, rng: np.random.Generator
) -> Iterator[CardEvent]:
    moment = timezone.now()
    for number in range(count):
        interval = int(rng.integers(1, 100))
        yield CardEvent(
            learner=learner,
            card=cards[number % len(cards)],
            kind="answer",
            key=f"k{number}",
            happened_at=moment,
            day=today - timedelta(days=1 + (count - number) * 1_000 // count),
            state_before="review",
            rating=int(rng.integers(1, 5)),
            milliseconds=4_000,
            before={"interval": interval},
            after={"interval": interval * 2},
        )


def one_review(learner: User) -> Callable[[], None]:
    """What a page does: the rating is stored, and the next card with its buttons fetched.

    Who the learner is the session has found before, in both programs.
    """

    def fetch(learner: User) -> Preview:
        card = queue_of(learner).next_card()
        if card is None:
            raise RuntimeError("no card is left")
        return preview(card, settings_of(learner), learner, timezone.now())

    shown = [fetch(learner)]
    # As in requests of their own: nothing is kept on the learner from the call before.
    visitors = [User.objects.get(pk=learner.pk) for _ in range(ROUNDS)]

    def call() -> None:
        visitor = visitors.pop()
        seen = shown[0]
        answer = Answer(rating=Rating.GOOD, key=uuid4().hex, version=seen.card.version, promise=seen.promise())
        answer_card(learner=visitor, card=seen.card, answer=answer, now=timezone.now())
        shown[0] = fetch(visitor)

    return call


def queue_of(learner: User, now: datetime | None = None) -> Queue:
    return Queue(learner, settings_of(learner), now or timezone.now())


def anki_review(folder: Path) -> Callable[[], None] | None:
    """The same in Anki: answer the top card as Good, then ask for the next with its buttons."""
    try:
        from anki.collection import Collection
    except ImportError:
        return None
    collection = Collection(str(folder / "bench.anki2"))
    collection.set_config("fsrs", True)
    model = collection.models.by_name("Basic")
    for number in range(MANY[0]):
        note = collection.new_note(model)
        note["Front"], note["Back"] = f"F{number}", "B"
        collection.add_note(note, 1)
    collection.db.execute("update cards set queue=2, type=2, due=0, ivl=30, factor=2500, reps=10")
    options = collection.decks.config_dict_for_deck_id(1)
    options["rev"]["perDay"] = 9_999
    collection.decks.update_config(options)
    queued = collection.sched.get_queued_cards()

    def call() -> None:
        nonlocal queued
        top = queued.cards[0]
        card = collection.get_card(top.card.id)
        card.start_timer()
        answer = collection.sched.build_answer(card=card, states=top.states, rating=2)
        collection.sched.answer_card(answer)
        queued = collection.sched.get_queued_cards()
        if queued.cards:
            collection.sched.describe_next_states(queued.cards[0].states)

    return call


def page_seconds(learner: User, path: str) -> float:
    client = Client()
    client.force_login(learner)
    client.get(path)
    started = time.perf_counter()
    if client.get(path).status_code != 200:
        raise RuntimeError(path)
    return time.perf_counter() - started


def numpy_seconds() -> float:
    rng = np.random.default_rng(2)
    memory = Memory(rng.uniform(0.1, 300, 10_000), rng.uniform(1, 10, 10_000))
    fsrs = FSRS()
    started = time.perf_counter()
    fsrs.after(memory, rng.integers(1, 5, 10_000), rng.integers(0, 100, 10_000))
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
