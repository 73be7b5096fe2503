"""`check_data` finds what does not hold together and mends what can be mended."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.utils import timezone

from concepts.models import SearchEntry
from quizzes.domain.fsrs import Rating
from quizzes.models import Attempt, CardEvent, LearnerCard
from tests.factories import learned, make_attempt, make_card, make_concept
from tests.quizzes.flashcards.test_reviews import rate


def check(*arguments: str) -> None:
    call_command("check_data", *arguments)


def test_sound_data_pass(alice, capsys):
    card = learned(alice, make_card(make_concept()))
    rate(alice, card, Rating.GOOD)
    check()
    assert ": no" not in capsys.readouterr().out


def test_a_concept_that_cannot_be_searched_is_told_and_mended(db, capsys):
    concept = make_concept("LOST-001")
    SearchEntry.objects.all().delete()
    with pytest.raises(CommandError, match="1 faults"):
        check()
    assert "LOST-001 is not in the search index" in capsys.readouterr().out
    check("--repair")
    assert SearchEntry.objects.filter(concept=concept).exists()
    check()


def test_a_card_that_strayed_from_its_log_comes_back_to_it(alice, capsys):
    card = learned(alice, make_card())
    rate(alice, card, Rating.GOOD)
    sound = LearnerCard.objects.values("state", "stability", "due_at").get(pk=card.pk)
    LearnerCard.objects.filter(pk=card.pk).update(state="review", stability=99.0, due_at=None)
    with pytest.raises(CommandError):
        check()
    assert f"card {card.pk} of learner {alice.pk} is not in the state" in capsys.readouterr().out
    check("--repair")
    assert LearnerCard.objects.values("state", "stability", "due_at").get(pk=card.pk) == sound


def test_an_overdue_quiz_is_closed_and_missing_cards_are_added(alice, capsys):
    attempt = make_attempt(alice)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(days=1))
    make_card()
    LearnerCard.objects.all().delete()
    with pytest.raises(CommandError, match="2 faults"):
        check()
    check("--repair")
    assert Attempt.objects.get().finished_at is not None
    assert LearnerCard.objects.of(alice).count() == 1


def test_a_score_that_is_not_the_sum_is_told_but_not_guessed(alice, capsys):
    attempt = make_attempt(alice)
    Attempt.objects.filter(pk=attempt.pk).update(finished_at=timezone.now(), score=7.0)
    with pytest.raises(CommandError, match="1 faults"):
        check("--repair")
    assert f"quiz {attempt.pk} has a score of 7" in capsys.readouterr().out
    assert Attempt.objects.get().score == 7.0


def test_second_steps_that_another_key_made_are_told(alice, bob, capsys, settings):
    TOTP.activate(alice, generate_totp_secret())
    check()
    settings.SECRET_KEY, old = "another " * 8, settings.SECRET_KEY
    TOTP.activate(bob, generate_totp_secret())
    with pytest.raises(CommandError, match="1 faults"):
        check()
    assert f"a second step of learner {alice.pk} was made under another SECRET_KEY" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = [old]
    check()


def test_a_quiz_that_the_worker_closes_within_the_hour_is_no_fault(alice):
    attempt = make_attempt(alice)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(minutes=50))
    check()


def test_a_review_while_the_data_are_looked_over_is_no_fault(alice, monkeypatch):
    card = learned(alice, make_card())
    rate(alice, card, Rating.GOOD)
    read, reviewed = QuerySet.in_bulk, []

    def in_bulk(rows, keys):
        found = read(rows, keys)
        if rows.model is CardEvent and not reviewed:
            reviewed.append(rate(alice, LearnerCard.objects.get(pk=card.pk), Rating.EASY))
        return found

    monkeypatch.setattr(QuerySet, "in_bulk", in_bulk)
    check()
    assert reviewed
