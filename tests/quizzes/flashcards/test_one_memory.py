"""Quizzes and cards share one memory; the library's cards come and go without touching it."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from quizzes.attempts.services import close_attempt, save_answer
from quizzes.domain.guessing import chance_of_knowing
from quizzes.domain.questions import KINDS
from quizzes.flashcards.from_quizzes import count_quiz_answer
from quizzes.flashcards.models import Card, CardEvent, EventKind, LearnerCard
from tests.factories import learned, make_attempt, make_attempt_at, make_card, make_concept, make_question_of

FILES = sorted(Path("fixtures/cards").glob("*.yaml"))


def in_review(learner, card, *, stability: float = 10.0, days_ago: int = 10) -> LearnerCard:
    today = learner.day_of(timezone.now())
    LearnerCard.objects.filter(learner=learner, card=card).update(
        state="review", stability=stability, difficulty=5.0, interval=days_ago, reps=3, due_on=today,
        last_on=today - timedelta(days=days_ago),
    )  # fmt: skip
    return learned(learner, card)


def answered(learner, question, *, credit: float, guess_chance: float = 0.0, key: str = "quiz:1:1") -> int:
    return count_quiz_answer(
        learner=learner, question=question, credit=credit, guess_chance=guess_chance, key=key, now=timezone.now()
    )


@pytest.fixture
def pair(alice):
    """A question and a card on the same fact, in review."""
    concept = make_concept()
    question = make_question_of("formula", concept)
    card = make_card(concept, questions=[question.slug])
    return question, in_review(alice, card)


def test_a_closed_quiz_counts_as_a_review_of_the_card_on_the_same_fact(alice, pair):
    question, card = pair
    attempt = make_attempt_at(alice, question)
    asked = attempt.questions.get()
    right = asked.version.content["answer"]
    save_answer(attempt=attempt, number=1, given=right, now=timezone.now())
    close_attempt(attempt=attempt, now=timezone.now())
    after = learned(alice, card.card)
    assert (after.reps, after.stability > card.stability, after.due_on > card.due_on) == (4, True, True)
    assert CardEvent.objects.get().kind == EventKind.QUIZ


def test_a_wrong_answer_is_a_lapse(alice, pair):
    question, card = pair
    answered(alice, question, credit=0.0)
    after = learned(alice, card.card)
    assert (after.state, after.lapses) == ("relearning", 1)
    assert after.stability < card.stability


def test_what_may_have_been_a_guess_strengthens_less(alice, pair):
    question, card = pair
    answered(alice, question, credit=1.0, guess_chance=0.25)
    guessed = learned(alice, card.card).stability
    in_review(alice, card.card)
    answered(alice, question, credit=1.0, key="quiz:2:1")
    assert card.stability < guessed < learned(alice, card.card).stability


def test_one_answer_counts_once_and_other_cards_and_new_ones_stay(alice, pair):
    question, card = pair
    other = in_review(alice, make_card(card.card.concept))
    new = learned(alice, make_card(card.card.concept, questions=[question.slug]))
    assert answered(alice, question, credit=1.0) == 1
    assert answered(alice, question, credit=1.0) == 0
    assert learned(alice, other.card).reps == 3
    assert learned(alice, new.card).reps == 0


@pytest.mark.parametrize(
    ("recall", "guess", "chance"), [(0.9, 0.0, 1.0), (0.5, 0.25, 0.8), (0.0, 0.25, 0.0), (0, 0, 0)]
)
def test_the_chance_of_knowing_follows_bayes(recall, guess, chance):
    assert chance_of_knowing(recall, guess) == pytest.approx(chance)


@pytest.mark.parametrize("kind", KINDS)
def test_a_missed_question_of_any_kind_becomes_a_card_once(as_alice, alice, kind):
    attempt = make_attempt_at(alice, make_question_of(kind))
    close_attempt(attempt=attempt, now=timezone.now())
    for _ in range(2):
        response = as_alice.post(f"/quizzes/{attempt.pk}/cards/1/", follow=True)
        assert "is among your flashcards" in response.content.decode()
    card = Card.objects.get(owner=alice)
    page = as_alice.get(f"/flashcards/review/?card={learned(alice, card).pk}").content.decode()
    assert "merror" not in page
    assert f'data-card="{learned(alice, card).pk}"' in page


def test_a_running_quiz_and_someone_elses_give_no_cards(as_alice, as_bob, alice):
    running = make_attempt(alice, questions=1)
    assert as_alice.post(f"/quizzes/{running.pk}/cards/1/").status_code == 404
    close_attempt(attempt=running, now=timezone.now())
    assert as_bob.post(f"/quizzes/{running.pk}/cards/1/").status_code == 404
    assert as_alice.post(f"/quizzes/{running.pk}/cards/9/").status_code == 404


def sheet(tmp_path: Path, text: str) -> Path:
    library = tmp_path / "library"
    (library / "cards").mkdir(parents=True, exist_ok=True)
    for name in ("tracker.yaml", "generators.yaml"):
        (library / name).write_text(Path("fixtures", name).read_text())
    (library / "cards" / "ML-002.yaml").write_text(text)
    return library


CARDS = """
concept: ML-002
cards:
  - id: ml-002-one
    kind: fact
    front: One?
    back: Yes.
  - id: ml-002-two
    kind: cloze
    text: The {{c1::first}} and the {{c2::second}}.
"""


def test_cards_are_loaded_changed_and_retired_and_what_is_known_of_them_stays(tmp_path, alice):
    library = sheet(tmp_path, CARDS)
    call_command("load_library", library, verbosity=0)
    assert set(alice.cards.values_list("card__slug", flat=True)) == {"ml-002-one", "ml-002-two-c1", "ml-002-two-c2"}
    known = in_review(alice, Card.objects.get(slug="ml-002-one"))
    sheet(tmp_path, CARDS.replace("Yes.", "Yes indeed.").replace(" and the {{c2::second}}", ""))
    call_command("load_library", library, verbosity=0)
    after = learned(alice, known.card)
    assert (after.stability, after.due_on, after.card.content["back"]) == (10.0, known.due_on, "Yes indeed.")
    assert Card.objects.get(slug="ml-002-two-c2").retired


def test_a_changed_meaning_halves_the_stability(tmp_path, alice):
    library = sheet(tmp_path, CARDS)
    call_command("load_library", library, verbosity=0)
    in_review(alice, Card.objects.get(slug="ml-002-one"))
    sheet(tmp_path, CARDS.replace("kind: fact", "kind: fact\n    revision: 2"))
    call_command("load_library", library, verbosity=0)
    assert learned(alice, Card.objects.get(slug="ml-002-one")).stability == 5.0
    assert CardEvent.objects.get().kind == EventKind.MEANING


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("front: One?", "front: $\\\\frac{1$"), "front: "),
        (("ml-002-two", "ml-002-one"), "is used twice"),
        (("{{c2::", "{{c3::"), "number them from 1"),
        (("concept: ML-002", "concept: XX-9"), "the tracker has no concept XX-9"),
        (("back: Yes.", "back: Yes.\n    questions: [nope]"), "there is no question nope"),
        (
            ("kind: fact\n    front: One?\n    back: Yes.", "kind: generated\n    generator: nope"),
            "there is no generator called nope",
        ),
    ],
)
def test_a_faulty_card_is_named_with_file_and_line(tmp_path, db, change, words):
    library = sheet(tmp_path, CARDS.replace(*change))
    with pytest.raises(CommandError, match=r"ML-002\.yaml:\d+: ") as raised:
        call_command("load_library", library, verbosity=0)
    assert words in str(raised.value)
    assert not Card.objects.exists()


def test_the_library_has_250_written_cards_at_least_6_a_concept_and_no_two_alike():
    written, fronts = 0, []
    for path in FILES:
        cards = [card for card in yaml.safe_load(path.read_text())["cards"] if card["kind"] != "generated"]
        assert len(cards) >= 6, path
        assert {card["kind"] for card in cards} >= {"formula", "name", "interview", "fact", "cloze", "mistake", "when"}
        written += len(cards)
        fronts += [card.get("front") or card["text"] for card in cards]
    assert len(FILES) == 41
    assert written >= 250
    assert len(set(fronts)) == len(fronts)
