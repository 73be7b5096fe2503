"""With an interview date the queue aims at recall on that day, and says what to expect of it."""

from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from progress.models import StudyPlan
from quizzes.domain.fsrs import FSRS, Rating
from quizzes.domain.interview import Deck, answers_needed, best, expected_recall, gains, recall_in, review, within
from quizzes.flashcards.interview import InterviewQueue, answers_a_day, outlook, queue_of
from quizzes.flashcards.models import FlashcardSettings, LearnerCard
from quizzes.flashcards.preferences import settings_of
from quizzes.flashcards.queue import Queue
from quizzes.flashcards.services import Answer, answer_card
from tests.factories import learned, make_card, make_concept, make_plan_task, make_topic

fsrs = FSRS()


def deck(count: int = 60, seed: int = 1, new: int = 20) -> Deck:
    rng = np.random.default_rng(seed)
    stability, difficulty = rng.uniform(0.5, 60, count), rng.uniform(1, 10, count)
    stability[:new] = difficulty[:new] = np.nan
    return Deck(stability, difficulty, np.where(np.isnan(stability), 0, rng.integers(0, 40, count)), np.ones(count))


def by_due_dates(cards: Deck, days: int, answers: int) -> float:
    """The ordinary way: each day what is most overdue, then new cards."""
    for _ in range(days):
        recall = recall_in(cards, fsrs, 0.0)
        urgency = np.where(cards.is_new, -0.9, -recall)
        order = np.argsort(urgency, kind="stable")
        order = order[(cards.is_new | (recall < 0.9))[order]]
        chosen = np.zeros(len(recall), dtype=bool)
        chosen[within(order, answers_needed(cards, fsrs), answers)] = True
        cards = review(cards, fsrs, chosen)
        cards = Deck(cards.stability, cards.difficulty, cards.elapsed + 1, cards.weight)
    return float(recall_in(cards, fsrs, 0.0).mean())


@pytest.mark.parametrize(("days", "reviews"), [(5, 6), (20, 4), (40, 8)])
def test_aiming_at_the_date_beats_going_by_due_dates(days, reviews):
    aimed = float(expected_recall(deck(), fsrs, days=days, answers_a_day=reviews).mean())
    assert aimed > by_due_dates(deck(), days, reviews) - 1e-9


@given(st.integers(1, 30), st.integers(0, 20), st.integers(0, 5))
def test_expected_recall_is_a_chance_and_more_reviews_do_no_harm(days, reviews, seed):
    cards = deck(seed=seed)
    some = expected_recall(cards, fsrs, days=days, answers_a_day=reviews)
    assert ((some >= 0) & (some <= 1)).all()
    more = expected_recall(cards, fsrs, days=days, answers_a_day=reviews + 10)
    assert more.mean() >= some.mean() - 0.005


@given(st.integers(1, 200), st.integers(0, 9))
def test_gains_are_never_negative_and_grow_with_the_weight(days, seed):
    cards = deck(seed=seed)
    gained = gains(cards, fsrs, float(days))
    assert (gained >= 0).all()
    heavier = Deck(cards.stability, cards.difficulty, cards.elapsed, 3 * cards.weight)
    assert gains(heavier, fsrs, float(days)) == pytest.approx(3 * gained)


def test_what_may_be_forgotten_takes_more_of_the_days_answers():
    elapsed, days = np.array([0.0, 400.0, 0.0]), 30.0
    cards = Deck(np.array([50.0, 5.0, np.nan]), np.array([5.0, 5.0, np.nan]), elapsed, np.ones(3))
    firm, weak, new = answers_needed(cards, fsrs)
    assert (firm, new) == (1, 3)
    assert 1.4 < weak < 2
    many = Deck(*(np.repeat(values[1], 40) for values in (cards.stability, cards.difficulty, elapsed, cards.weight)))
    assert len(best(many, fsrs, days, 20)) == int(20.5 / weak) < 20


@pytest.fixture
def before_interview(alice):
    """Alice with an interview in ten days and a minute a day, that is four answers."""
    alice.interview_date = alice.day_of(timezone.now()) + timedelta(days=10)
    alice.save()
    FlashcardSettings.objects.create(learner=alice, minutes_a_day=1, new_per_day=1)
    return alice


def in_review(learner, card, *, stability: float, days_ago: int = 1) -> LearnerCard:
    today = learner.day_of(timezone.now())
    LearnerCard.objects.filter(learner=learner, card=card).update(
        state="review", stability=stability, difficulty=5.0, interval=90, reps=3,
        last_on=today - timedelta(days=days_ago),
        due_on=today + timedelta(days=90),
    )  # fmt: skip
    return learned(learner, card)


def queue(learner) -> Queue:
    return queue_of(learner, settings_of(learner), timezone.now())


def test_cards_come_by_what_they_gain_on_the_date_though_none_is_due(before_interview):
    firm = in_review(before_interview, make_card(make_concept(priority="low")), stability=900.0)
    weak = in_review(before_interview, make_card(make_concept(priority="low")), stability=4.0)
    important = in_review(before_interview, make_card(make_concept(priority="high")), stability=4.0)
    found = queue(before_interview)
    assert isinstance(found, InterviewQueue)
    assert found.in_order() == [important.pk, weak.pk, firm.pk]
    assert found.counts().due == 3


def test_the_day_keeps_to_its_minutes(before_interview):
    for _ in range(9):
        in_review(before_interview, make_card(make_concept()), stability=4.0)
    assert queue(before_interview).counts().due == 4
    make_card(make_concept())
    counts = queue(before_interview).counts()
    assert (counts.new, counts.due) == (1, 1)


def test_an_answered_card_does_not_come_again_that_day(before_interview):
    card = in_review(before_interview, make_card(make_concept()), stability=4.0)
    answer = Answer(rating=Rating.GOOD, key=uuid4().hex)
    answer_card(learner=before_interview, card=card, answer=answer, now=timezone.now())
    assert queue(before_interview).in_order() == []


def test_after_the_date_the_usual_queue_is_back(before_interview):
    before_interview.interview_date = before_interview.day_of(timezone.now())
    assert type(queue(before_interview)) is Queue


def test_the_learners_own_pace_fills_the_minutes(alice):
    assert answers_a_day(alice, 10) == 40
    card = learned(alice, make_card())
    answer_card(
        learner=alice, card=card, now=timezone.now(),
        answer=Answer(rating=Rating.GOOD, key=uuid4().hex, milliseconds=30_000),
    )  # fmt: skip
    assert answers_a_day(alice, 10) == 20


def test_the_outlook_tells_recall_by_week_and_what_more_minutes_buy(before_interview):
    for week in (1, 2):
        for _ in range(6):
            in_review(before_interview, make_card(make_concept(week=week)), stability=2.0 * week)
    rows = outlook(before_interview, settings_of(before_interview), timezone.now())
    assert [row.week for row in rows] == [1, 2, None]
    assert all(0 < row.on_the_date <= row.with_more + 0.02 <= 1.02 for row in rows)


def test_the_page_sets_the_date_and_shows_the_outlook(as_alice, alice):
    make_card(make_concept())
    day = alice.day_of(timezone.now()) + timedelta(days=18)
    sent = {"interview_date": day.isoformat(), "minutes_a_day": "20"}
    page = as_alice.post("/flashcards/interview/", sent, follow=True).content.decode()
    assert "What to expect in 18 days" in page
    assert "With 30 min" in page
    alice.refresh_from_db()
    assert alice.interview_date == day
    as_alice.post("/flashcards/interview/", {"interview_date": "", "minutes_a_day": "20"})
    alice.refresh_from_db()
    assert alice.interview_date is None


@pytest.mark.parametrize("sent", [{"interview_date": "2020-01-01"}, {"interview_date": "9999-12-31"},
    {"interview_date": "soon"}, {"minutes_a_day": "0"}])  # fmt: skip
def test_a_date_or_time_that_is_none_is_refused(as_alice, alice, sent):
    refused = as_alice.post("/flashcards/interview/", {"interview_date": "", "minutes_a_day": "20"} | sent)
    assert refused.status_code == 422
    alice.refresh_from_db()
    assert alice.interview_date is None


def test_cards_on_what_the_role_dwells_on_come_first(before_interview):
    topic = make_topic(slug="transformers")
    plain, wanted = make_concept(priority="low"), make_concept(priority="low")
    topic.concepts.add(wanted)
    first, second = (
        in_review(before_interview, make_card(concept), stability=4.2 if concept is wanted else 4.0)
        for concept in (wanted, plain)
    )
    make_plan_task(before_interview)
    assert queue(before_interview).in_order() == [second.pk, first.pk]
    StudyPlan.objects.update(role="ml-engineer")
    assert queue(before_interview).in_order() == [first.pk, second.pk]
