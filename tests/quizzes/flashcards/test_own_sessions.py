"""A session of one's own, from its beginning to its end."""

import re

import pytest

from tests.factories import make_card, make_concept

pytestmark = [pytest.mark.django_db, pytest.mark.same_anywhere]

CRAM = "/flashcards/cram/"


def rate(client, page: str, rating: str) -> str:
    sent = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("card", "version", "key")}
    return client.post(CRAM, {**sent, "rating": rating}, follow=True).content.decode()


def test_the_end_of_a_session_is_told(as_alice):
    for _ in range(2):
        make_card(make_concept(week=2))
    page = as_alice.post(CRAM, {"q": "week:2"}, follow=True).content.decode()
    for rating in ("again", "good", "good"):
        assert "is over" not in page
        page = rate(as_alice, page, rating)
    assert "Your session of 2 cards is over." in page
    assert "is over" not in as_alice.get(CRAM).content.decode()
