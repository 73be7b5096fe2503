"""What costs computing or space, one learner may do only so often; what was typed stays, and others go on."""

import pytest

from progress.models import Note
from quizzes.attempts.models import Attempt
from quizzes.flashcards.models import Card
from tests.factories import make_concept, make_mock_script, make_question

JSON = "application/json"


@pytest.fixture
def concept(db):
    return make_concept("MATH-001")


def is_told(response, status=429):
    return response.status_code == status and 0 < int(response["Retry-After"]) <= 600


def test_own_cards_are_written_and_changed_only_so_often(as_alice, as_bob, settings, db):
    settings.LIMITS = settings.LIMITS | {"cards": "2/10m"}
    assert as_alice.post("/flashcards/new/", {"front": "First", "back": "one"}).status_code == 302
    learned = Card.objects.get().of_learners.get()
    edit = f"/flashcards/{learned.pk}/edit/"
    assert as_alice.post(edit, {"front": "First, better", "back": "one"}).status_code == 302
    for address in ("/flashcards/new/", edit):
        refused = as_alice.post(address, {"front": "Typed with care", "back": "two"})
        assert is_told(refused), address
        assert "Typed with care</textarea>" in refused.content.decode()
        assert "Your text is kept here." in refused.content.decode()
    assert Card.objects.get().content["front"] == "First, better"
    assert as_bob.post("/flashcards/new/", {"front": "Bob's", "back": "own"}).status_code == 302


def test_a_notes_text_is_changed_only_so_often(as_alice, as_bob, alice, concept, settings):
    settings.LIMITS = settings.LIMITS | {"notes": "2/m"}
    address = "/notes/concepts/MATH-001/"
    for body in ("one", "two", "two"):
        assert as_alice.post(address, {"body": body}).status_code == 302
    refused = as_alice.post(address, {"body": "Typed with care"})
    assert is_told(refused)
    assert "Typed with care</textarea>" in refused.content.decode()
    over = as_alice.put("/api/v1" + address, {"body": "three", "version": "x"}, content_type=JSON)
    assert over.status_code in {409, 429}
    assert Note.objects.of(alice).get().body == "two"
    assert as_bob.post(address, {"body": "Bob's"}).status_code == 302


def test_quizzes_and_interviews_are_started_only_so_often(as_alice, as_bob, alice, concept, settings):
    settings.LIMITS = settings.LIMITS | {"starts": "2/10m"}
    make_question(concept)
    script = make_mock_script()
    sent = {"questions": 1, "mode": "exam"}
    assert as_alice.post("/quizzes/start/", {**sent, "key": "a" * 16}).status_code == 302
    # Pressed twice it is the same quiz, and no second start.
    assert as_alice.post("/quizzes/start/", {**sent, "key": "a" * 16}).status_code == 302
    assert as_alice.post("/api/v1/quizzes/", sent, content_type=JSON).status_code == 201
    assert is_told(as_alice.post("/quizzes/start/", {**sent, "key": "b" * 16}))
    assert is_told(as_alice.post("/api/v1/quizzes/", sent, content_type=JSON))
    assert is_told(as_alice.post("/api/v1/mocks/", {"script": script.slug}, content_type=JSON))
    assert Attempt.objects.of(alice).count() == 2
    assert as_bob.post("/api/v1/quizzes/", sent, content_type=JSON).status_code == 201
