"""Own cards are deleted for good, once that is confirmed; library cards and those of others stay."""

from uuid import uuid4

import pytest
from django.utils import timezone

from progress.models import Evidence
from quizzes.domain.fsrs import Rating
from quizzes.flashcards.models import Card, CardEvent, LearnerCard
from quizzes.flashcards.own_cards import write_card
from quizzes.flashcards.services import Answer, NothingToUndo, answer_card, undo
from tests.factories import learned, make_card, make_concept

CHANGE = "/flashcards/browse/change/"


def address(card: LearnerCard) -> str:
    return f"/flashcards/{card.pk}/delete/"


def rate(learner, card) -> None:
    answer = Answer(rating=Rating.GOOD, key=uuid4().hex)
    answer_card(learner=learner, card=learned(learner, card), answer=answer, now=timezone.now())


def test_a_card_of_ones_own_goes_with_its_log_once_that_is_confirmed(as_alice, alice):
    card, other = make_card(make_concept(), learner=alice), make_card()
    rate(alice, card)
    rate(alice, other)
    told = as_alice.get(address(learned(alice, card))).content.decode()
    assert "Your 1 answer to it leaves the statistics too" in told
    assert Card.objects.filter(pk=card.pk).exists()
    gone = as_alice.post(address(learned(alice, card)), follow=True).content.decode()
    assert "Deleted 1 card." in gone
    assert list(Card.objects.all()) == [other]
    assert CardEvent.objects.get().card == learned(alice, other)
    assert Evidence.objects.of(alice).count() == 1


def test_the_blanks_of_one_text_go_together(as_alice, alice):
    first, _ = write_card(learner=alice, front="{{c1::One}} and {{c2::two}}", back="")
    write_card(learner=alice, front="Another", back="card")
    assert "these 2 cards" in as_alice.get(address(learned(alice, first))).content.decode()
    as_alice.post(address(learned(alice, first)))
    assert Card.objects.get().title == "Another"


def test_the_edit_page_of_an_own_card_leads_there_and_that_of_a_library_card_does_not(as_alice, alice):
    own, library = learned(alice, make_card(learner=alice)), learned(alice, make_card())
    assert address(own) in as_alice.get(f"/flashcards/{own.pk}/edit/").content.decode()
    assert address(library) not in as_alice.get(f"/flashcards/{library.pk}/edit/").content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_library_cards_and_cards_of_others_cannot_be_deleted(as_alice, as_bob, alice, method):
    own, library = learned(alice, make_card(learner=alice)), learned(alice, make_card())
    assert getattr(as_bob, method)(address(own)).status_code == 404
    assert getattr(as_bob, method)(address(library)).status_code == 404
    assert getattr(as_alice, method)(address(library)).status_code == 404
    assert LearnerCard.objects.of(alice).count() == 2


def test_visitors_sign_in_first_and_other_methods_are_refused(client, as_alice, alice):
    own = learned(alice, make_card(learner=alice))
    assert client.post(address(own)).url.startswith("/accounts/login/")
    assert as_alice.put(address(own)).status_code == 405
    assert Card.objects.count() == 1


def test_many_own_cards_are_deleted_after_their_count_was_told_and_library_cards_stay(as_alice, as_bob, alice, bob):
    own = [make_card(learner=alice) for _ in range(2)]
    library, bobs = make_card(), make_card(learner=bob)
    sent = {"action": "delete", "cards": [learned(alice, card).pk for card in (*own, library)]}
    as_bob.post(CHANGE, sent | {"confirmed": "on"})
    told = as_alice.post(CHANGE, sent).content.decode()
    assert "2 cards" in told
    assert "cannot be taken back" in told
    assert Card.objects.count() == 4
    assert "Deleted 2 cards." in as_alice.post(CHANGE, sent | {"confirmed": "on"}, follow=True).content.decode()
    assert set(Card.objects.all()) == {library, bobs}
    refused = as_alice.post(CHANGE, {"action": "delete", "all_found": "on"}, follow=True).content.decode()
    assert "None of these is a card of your own" in refused


def test_undo_goes_on_with_what_was_done_to_other_cards(alice, as_alice):
    kept, gone = make_card(), make_card(learner=alice)
    rate(alice, kept)
    rate(alice, gone)
    as_alice.post(address(learned(alice, gone)))
    assert undo(learner=alice, now=timezone.now()) == [learned(alice, kept)]
    with pytest.raises(NothingToUndo):
        undo(learner=alice, now=timezone.now())


def test_the_review_page_and_a_session_survive_a_card_that_is_gone(as_alice, alice):
    card, other = (learned(alice, make_card(learner=alice)) for _ in range(2))
    as_alice.post("/flashcards/cram/", {"q": "is:own"})
    for item in (card, other):
        as_alice.post(address(item))
    assert as_alice.get("/flashcards/cram/").status_code == 200
    assert as_alice.get(f"/flashcards/review/?card={card.pk}").status_code == 200
    form = {"card": card.pk, "rating": "good", "key": "12345678"}
    assert as_alice.post("/flashcards/review/", form).status_code == 404
