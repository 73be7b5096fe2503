"""Cards put off to the next day, and brought back before it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from quizzes.domain.cards import State
from quizzes.flashcards.models import LearnerCard
from quizzes.flashcards.preferences import settings_of
from quizzes.flashcards.queue import Queue
from quizzes.flashcards.services import bury, reset, set_due, unbury, undo
from tests.factories import learned, make_card

pytestmark = [pytest.mark.django_db, pytest.mark.same_anywhere]


def queue_of(learner) -> Queue:
    return Queue(learner, settings_of(learner), timezone.now())


def test_what_was_put_off_comes_back_today_when_asked_for_and_that_is_undone_too(alice):
    now = timezone.now()
    item, other = (learned(alice, make_card()) for _ in range(2))
    bury(learner=alice, cards=[item], now=now)
    assert unbury(learner=alice, cards=[learned(alice, item.card), other], now=now) == 1
    assert set(queue_of(alice).new_cards) == {item.pk, other.pk}
    undo(learner=alice, now=now)
    assert queue_of(alice).new_cards == [other.pk]


def test_a_due_date_or_a_new_beginning_brings_back_a_card_that_was_put_off(alice):
    now = timezone.now()
    due, anew = (learned(alice, make_card()) for _ in range(2))
    LearnerCard.objects.filter(pk=anew.pk).update(state=State.REVIEW, due_on=alice.day_of(now), stability=3.0)
    anew.refresh_from_db()
    bury(learner=alice, cards=[due, anew], now=now)
    assert not queue_of(alice).in_order()
    set_due(learner=alice, cards=[due], due_on=alice.day_of(now), now=now)
    assert queue_of(alice).in_order() == [due.pk]
    reset(learner=alice, cards=[anew], now=now)
    assert set(queue_of(alice).in_order()) == {due.pk, anew.pk}


def test_what_was_put_off_is_told_and_brought_back_in_one_go(as_alice, alice):
    cards = [learned(alice, make_card()) for _ in range(3)]
    bury(learner=alice, cards=cards[:2], now=timezone.now())
    home = as_alice.get("/flashcards/").content.decode()
    assert "2 cards are put off to tomorrow" in home
    form = re.search(r"<form[^>]*>(?:(?!</form>).)*put off to tomorrow.*?</form>", home, re.DOTALL)[0]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    back = as_alice.post("/flashcards/browse/change/", sent, follow=True)
    assert back.redirect_chain[-1][0] == "/flashcards/"
    assert "put off to tomorrow" not in back.content.decode()
    assert not LearnerCard.objects.exclude(buried_until=None).exists()


def test_a_card_is_said_to_be_put_off_only_until_it_is_back(as_alice, alice):
    item = learned(alice, make_card())
    today = alice.day_of(timezone.now())
    LearnerCard.objects.filter(pk=item.pk).update(buried_until=today)
    assert "put off" not in as_alice.get(f"/flashcards/{item.pk}/").content.decode()
    LearnerCard.objects.filter(pk=item.pk).update(buried_until=today + timedelta(days=1))
    page = as_alice.get(f"/flashcards/{item.pk}/").content.decode()
    assert "put off to" in page
    assert 'value="unbury"' in page
