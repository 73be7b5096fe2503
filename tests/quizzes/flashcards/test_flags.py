"""Flags of seven colours: set from Browse and from a card's page, found by colour, taken back."""

import pytest

from quizzes.domain.card_search import SearchError, parse_search
from quizzes.flashcards.models import LearnerCard
from tests.factories import make_card
from tests.quizzes.flashcards.test_pages import learned, page_of


def test_cards_are_flagged_in_a_colour_found_by_it_and_unflagged(as_alice, alice):
    blue, plain = (learned(alice, make_card()) for _ in range(2))
    change = {"cards": [blue.pk], "action": "flag_4", "confirmed": "on", "next": "/flashcards/browse/"}
    told = as_alice.post("/flashcards/browse/change/", change, follow=True).content.decode()
    assert "Flag blue: changed 1 card." in told
    for search, found in [("flag:blue", [blue]), ("flag:4", [blue]), ("-flag:Blue", [plain]), ("flag:red", [])]:
        page = page_of(as_alice, f"/flashcards/browse/?q={search}")
        assert [f'value="{one.pk}"' in page for one in (blue, plain)] == [one in found for one in (blue, plain)], search
    assert "blue flag" in page_of(as_alice, f"/flashcards/review/?card={blue.pk}")
    as_alice.post("/flashcards/browse/change/", change | {"action": "flag_7"})
    assert LearnerCard.objects.get(pk=blue.pk).flag_colour == "purple"
    as_alice.post("/flashcards/undo/")
    assert LearnerCard.objects.get(pk=blue.pk).flag_colour == "blue"
    as_alice.post("/flashcards/browse/change/", change | {"action": "unflag"})
    assert LearnerCard.objects.get(pk=blue.pk).flag == 0


def test_a_cards_page_shows_its_flag_and_offers_the_others(as_alice, alice):
    item = learned(alice, make_card())
    assert '<option value="unflag" selected>none</option>' in page_of(as_alice, f"/flashcards/{item.pk}/")
    LearnerCard.objects.filter(pk=item.pk).update(flag=6)
    assert '<option value="flag_6" selected>turquoise</option>' in page_of(as_alice, f"/flashcards/{item.pk}/")


def test_a_colour_that_is_none_is_told():
    with pytest.raises(SearchError, match="flag:beige needs a colour or a number, such as flag:red"):
        parse_search("flag:beige")
