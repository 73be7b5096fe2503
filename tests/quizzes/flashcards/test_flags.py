"""Flags of seven colours: set from Browse and from a card's page, found by colour, taken back; what is due."""

from datetime import timedelta

import pytest
from django.utils import timezone

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


def test_due_is_what_the_queue_would_show_today(as_alice, alice):
    today, now = alice.day_of(timezone.now()), timezone.now()
    review = {"state": "review", "due_on": today, "stability": 3.0, "difficulty": 5.0, "last_on": today}
    states = {
        "due": review,
        "step over": {"state": "learning", "due_at": now - timedelta(minutes=1)},
        "step under way": {"state": "learning", "due_at": now + timedelta(hours=1)},
        "put off": {**review, "buried_until": today + timedelta(days=1)},
        "suspended": {**review, "suspended": True},
        "tomorrow": {**review, "due_on": today + timedelta(days=1)},
    }
    cards = {name: learned(alice, make_card()).pk for name in states}
    for name, state in states.items():
        LearnerCard.objects.filter(pk=cards[name]).update(**state)
    page = page_of(as_alice, "/flashcards/browse/?q=is:due")
    assert [name for name, pk in cards.items() if f'value="{pk}"' in page] == ["due", "step over"]


def test_a_colour_that_is_none_is_told():
    with pytest.raises(SearchError, match="flag:beige needs a colour or a number, such as flag:red"):
        parse_search("flag:beige")
