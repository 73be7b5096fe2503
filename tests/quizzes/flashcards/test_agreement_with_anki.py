"""Answers at any hour of the day leave the memory that Anki's own backend reckons from the same log."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from quizzes.domain.fsrs import Rating
from quizzes.flashcards.models import CardEvent
from quizzes.flashcards.services import Answer, answer_card
from tests.factories import learned, make_card

anki = pytest.importorskip("anki.collection", reason="Anki's package is for Linux on x86-64 here")

HISTORIES, REVIEWS = 100, 10
KINDS = {"new": 0, "learning": 0, "review": 1, "relearning": 2}


@pytest.fixture
def collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", "UTC")
    collection = anki.Collection(str(tmp_path / "oracle.anki2"))
    collection.set_config("fsrs", True)
    yield collection
    collection.close()


def anki_card(collection, log: list[tuple[datetime, int, str]]) -> int:
    note = collection.new_note(collection.models.by_name("Basic"))
    note["Front"], note["Back"] = uuid4().hex, "b"
    collection.add_note(note, 1)
    card = note.cards()[0].id
    for number, (moment, rating, state) in enumerate(log):
        stamp = int(moment.timestamp() * 1000) + card % 997 + number
        row = (stamp, card, -1, rating, 10, 5, 2500, 4000, KINDS[state])
        collection.db.execute("insert or replace into revlog values (?,?,?,?,?,?,?,?,?)", *row)
    collection.db.execute("update cards set type=2, queue=2, due=9, ivl=9, reps=9 where id=?", card)
    return card


def moments(rng: np.random.Generator) -> list[datetime]:
    """Late evenings, small hours and mornings, minutes to weeks apart, the last some days ago."""
    gaps = rng.choice([0.15, 3, 8, 9, 20, 26, 80, 300, 900], REVIEWS)
    hours = np.cumsum(gaps[::-1])[::-1]
    end = datetime.now(UTC).replace(hour=int(rng.integers(24)), minute=30) - timedelta(days=3)
    return [end - timedelta(hours=float(hour)) for hour in hours]


def test_histories_through_the_services_agree_with_anki(collection, alice):
    alice.time_zone = "UTC"
    alice.save()
    rng = np.random.default_rng(3)
    for _ in range(HISTORIES):
        card = make_card()
        for moment in moments(rng):
            rating = Rating(int(rng.choice([1, 2, 3, 3, 3, 4])))
            answer_card(
                learner=alice, card=learned(alice, card), answer=Answer(rating=rating, key=uuid4().hex), now=moment
            )
        log = list(
            CardEvent.objects.filter(card__card=card)
            .order_by("pk")
            .values_list("happened_at", "rating", "state_before")
        )
        theirs = collection.compute_memory_state(anki_card(collection, log))
        ours = learned(alice, card)
        assert ours.stability == pytest.approx(theirs.stability, rel=1e-4)
        assert ours.difficulty == pytest.approx(theirs.difficulty, rel=1e-4)
