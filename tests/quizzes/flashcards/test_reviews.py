"""Answering cards, taking answers back, and what the queue shows: through the services."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from progress.models import Evidence, User
from quizzes.domain.cards import State
from quizzes.domain.fsrs import Rating
from quizzes.flashcards.changes import StaleCard
from quizzes.flashcards.enrolment import enrol
from quizzes.flashcards.generated import question_of
from quizzes.flashcards.meaning import halve_stabilities
from quizzes.flashcards.models import CardEvent, FlashcardSettings, LearnerCard
from quizzes.flashcards.preferences import settings_of
from quizzes.flashcards.previews import preview
from quizzes.flashcards.queue import Queue
from quizzes.flashcards.services import (
    Answer,
    NothingToUndo,
    answer_card,
    bury,
    reset,
    set_due,
    set_flag,
    suspend,
    undo,
)
from quizzes.flashcards.snapshots import snapshot
from tests.factories import learned, make_card, make_concept


def rate(learner: User, card: LearnerCard, rating: Rating = Rating.GOOD, *, now: datetime | None = None, **sent):
    answer = Answer(rating=rating, key=sent.pop("key", uuid4().hex), **sent)
    return answer_card(learner=learner, card=card, answer=answer, now=now or timezone.now())


def queue_of(learner: User, now: datetime | None = None) -> Queue:
    return Queue(learner, settings_of(learner), now or timezone.now())


def change_settings(learner: User, **fields) -> None:
    FlashcardSettings.objects.update_or_create(learner=learner, defaults=fields)


def make_known(learner: User, card, *, days_ago: int = 3) -> LearnerCard:
    """A card learnt some days ago that is due today or before."""
    past = timezone.now() - timedelta(days=days_ago)
    item = learned(learner, card)
    for _ in range(2):
        rate(learner, item, now=past)
        past += timedelta(minutes=15)
    item = learned(learner, card)
    set_due(learner=learner, cards=[item], due_on=learner.day_of(timezone.now()), now=past)
    return learned(learner, card)


def test_a_newcomer_has_the_whole_library_and_enrolling_again_adds_nothing(alice):
    make_card()
    newcomer = User.objects.create_user("nina")
    assert newcomer.cards.count() == 1
    enrol(newcomer)
    assert newcomer.cards.count() == 1


def test_an_answer_schedules_and_is_logged_with_the_states_around_it(alice):
    card = learned(alice, make_card(make_concept()))
    rate(alice, card, milliseconds=900_000)
    card.refresh_from_db()
    assert (card.state, card.reps, card.version) == (State.LEARNING, 1, 1)
    event = CardEvent.objects.get()
    assert (event.rating, event.before["state"], event.after["state"]) == (Rating.GOOD, "new", "learning")
    assert event.milliseconds == 60_000
    assert event.algorithm == "FSRS-6"
    assert Evidence.objects.get().source == f"card:{event.pk}"


def test_the_same_key_counts_once(alice):
    card = learned(alice, make_card())
    first = rate(alice, card, key="one-key-only")
    again = rate(alice, card, Rating.EASY, key="one-key-only")
    assert (again.event, again.repeated) == (first.event, True)
    assert learned(alice, card.card).reps == 1


def test_a_stale_page_changes_nothing(alice):
    card = learned(alice, make_card())
    rate(alice, card, version=0)
    with pytest.raises(StaleCard):
        rate(alice, card, Rating.EASY, version=0)
    assert CardEvent.objects.count() == 1


def test_what_the_button_showed_is_what_it_does_even_if_other_days_have_filled_since(alice):
    now = timezone.now()
    cards = [make_known(alice, make_card(), days_ago=40) for _ in range(12)]
    seen = preview(cards[0], settings_of(alice), alice, now)
    promise, shown = seen.promise(), seen.states[Rating.GOOD].due_on
    for other in cards[1:]:
        rate(alice, other)
    rate(alice, cards[0], promise=promise, version=cards[0].version)
    assert learned(alice, cards[0].card).due_on == shown


def test_a_forged_promise_is_left_aside(alice):
    card = make_known(alice, make_card())
    expected = preview(card, settings_of(alice), alice, timezone.now()).states[Rating.GOOD].due_on
    rate(alice, card, promise="WzEsMSwiMjAyNi0wMS0wMSIseyIzIjo5OTl9XQ:forged")
    assert learned(alice, card.card).due_on == expected


def test_undo_brings_back_the_exact_state_and_redo_gives_the_same_date(alice):
    card = make_known(alice, make_card(make_concept()))
    before = snapshot(card)
    evidence = Evidence.objects.count()
    now = timezone.now()
    rate(alice, card, now=now)
    due = learned(alice, card.card).due_on
    undo(learner=alice, now=now)
    assert snapshot(learned(alice, card.card)) == before
    assert Evidence.objects.count() == evidence
    rate(alice, learned(alice, card.card), now=now)
    assert learned(alice, card.card).due_on == due


def test_forty_changes_are_taken_back_one_by_one(alice):
    cards = [learned(alice, make_card()) for _ in range(4)]
    states = [[snapshot(card) for card in cards]]
    for turn in range(40):
        rate(alice, learned(alice, cards[turn % 4].card), list(Rating)[turn % 3])
        states.append([snapshot(learned(alice, card.card)) for card in cards])
    for former in reversed(states[:-1]):
        undo(learner=alice, now=timezone.now())
        assert [snapshot(learned(alice, card.card)) for card in cards] == former
    with pytest.raises(NothingToUndo):
        undo(learner=alice, now=timezone.now())
    assert CardEvent.objects.count() == 80


def test_an_undo_sent_twice_takes_back_one(alice):
    card = learned(alice, make_card())
    rate(alice, card)
    rate(alice, learned(alice, card.card))
    for _ in range(2):
        undo(learner=alice, now=timezone.now(), key="undo-key")
    assert learned(alice, card.card).reps == 1


def test_many_cards_changed_at_once_are_taken_back_at_once(alice):
    cards = [learned(alice, make_card()) for _ in range(3)]
    assert suspend(learner=alice, cards=cards, suspended=True, now=timezone.now()) == 3
    assert LearnerCard.objects.filter(suspended=True).count() == 3
    undo(learner=alice, now=timezone.now())
    assert not LearnerCard.objects.filter(suspended=True).exists()


def test_what_the_library_changed_is_not_undone_by_the_learner(alice):
    known = make_known(alice, make_card())
    stability = known.stability
    assert halve_stabilities(known.card, now=timezone.now()) == 1
    assert learned(alice, known.card).stability == pytest.approx(stability / 2)
    with pytest.raises(NothingToUndo, match="has counted for that card"):
        undo(learner=alice, now=timezone.now())


def test_buried_until_tomorrow_suspended_until_taken_up(alice):
    now = timezone.now()
    buried, suspended, flagged = (learned(alice, make_card()) for _ in range(3))
    bury(learner=alice, cards=[buried], now=now)
    suspend(learner=alice, cards=[suspended], suspended=True, now=now)
    set_flag(learner=alice, cards=[flagged], flag=2, now=now)
    assert queue_of(alice).new_cards == [flagged.pk]
    assert set(queue_of(alice, now + timedelta(days=1)).new_cards) == {buried.pk, flagged.pk}


def test_reset_begins_anew_and_keeps_the_log(alice):
    known = make_known(alice, make_card())
    events = CardEvent.objects.count()
    reset(learner=alice, cards=[known], now=timezone.now())
    fresh = learned(alice, known.card)
    assert (fresh.state, fresh.stability, fresh.reps) == (State.NEW, None, 0)
    assert CardEvent.objects.count() == events + 1


def test_new_cards_and_reviews_keep_to_the_days_limits(alice):
    change_settings(alice, new_per_day=2, reviews_per_day=3)
    known = [make_known(alice, make_card()) for _ in range(5)]
    for _ in range(4):
        make_card()
    queue = queue_of(alice)
    assert (queue.counts().new, queue.counts().due) == (2, 3)
    rate(alice, known[0])
    assert queue_of(alice).counts().due == 2
    card = LearnerCard.objects.get(pk=queue.new_cards[0])
    rate(alice, card)
    assert queue_of(alice).counts().new == 1
    undo(learner=alice, now=timezone.now())
    assert queue_of(alice).counts().new == 2


def test_a_learning_step_that_is_over_comes_first_and_one_to_come_last(alice):
    now = timezone.now()
    first, second = learned(alice, make_card()), learned(alice, make_card())
    rate(alice, first, Rating.AGAIN, now=now)
    assert queue_of(alice, now).next_card().pk == second.pk
    assert queue_of(alice, now + timedelta(minutes=2)).next_card().pk == first.pk
    suspend(learner=alice, cards=[second], suspended=True, now=now)
    assert queue_of(alice, now).next_card().pk == first.pk


def test_a_step_of_a_day_waits_for_the_next_day_and_comes_when_that_begins(alice):
    change_settings(alice, learning_steps=[10, 1440])
    evening = datetime(2026, 3, 2, 23, tzinfo=UTC)
    item = learned(alice, make_card())
    rate(alice, item, now=evening)
    queue = queue_of(alice, evening + timedelta(minutes=1))
    assert queue.counts().total == 0
    assert queue.next_card() is None
    morning = queue_of(alice, datetime(2026, 3, 3, 7, tzinfo=UTC))
    assert morning.counts().learning == 1
    assert morning.next_card().pk == item.pk
    assert morning.in_order() == [item.pk]


def test_new_cards_wait_for_prerequisites_unless_the_learner_says_otherwise(alice):
    basis, advanced = make_concept(), make_concept()
    advanced.prerequisites.add(basis)
    hard = learned(alice, make_card(advanced, position=1))
    easy = make_card(basis, position=2)
    assert queue_of(alice).new_cards == [learned(alice, easy).pk]
    rate(alice, learned(alice, easy), Rating.EASY)
    assert queue_of(alice).new_cards == [hard.pk]
    later = timezone.now() + timedelta(days=2_000)
    assert queue_of(alice, later).new_cards == []
    change_settings(alice, waits_for_prerequisites=False)
    assert queue_of(alice, later).new_cards == [hard.pk]


def test_a_concept_without_cards_keeps_nobody_waiting(alice):
    concept = make_concept()
    concept.prerequisites.add(make_concept())
    card = learned(alice, make_card(concept))
    assert queue_of(alice).new_cards == [card.pk]


def test_siblings_are_not_shown_on_one_day(alice):
    first, second = (learned(alice, make_card(siblings="same")) for _ in range(2))
    assert queue_of(alice).new_cards == [first.pk]
    rate(alice, first, Rating.EASY)
    assert queue_of(alice).new_cards == []
    assert queue_of(alice, timezone.now() + timedelta(days=1)).new_cards == [second.pk]


def test_easily_confused_concepts_are_apart_while_new_and_side_by_side_once_known(alice):
    entropy, gini = make_concept(), make_concept()
    entropy.confused_with.add(gini)
    first = learned(alice, make_card(entropy, position=1))
    make_card(gini, position=2)
    rate(alice, first, Rating.EASY)
    assert queue_of(alice).new_cards == []
    others = [make_known(alice, make_card(make_concept())) for _ in range(3)]
    known = make_known(alice, make_card(entropy))
    partner = make_known(alice, make_card(gini))
    rate(alice, others[0])
    assert queue_of(alice).next_card().pk == others[1].pk
    rate(alice, known)
    assert queue_of(alice).next_card().pk == partner.pk


@pytest.mark.parametrize("order", ["week", "priority", "random"])
def test_new_cards_come_in_the_chosen_order(alice, order):
    low, high = make_concept(priority="low"), make_concept(priority="high")
    cards = [make_card(low, position=1), make_card(high, position=2)]
    change_settings(alice, new_order=order)
    expected = {"week": cards, "priority": cards[::-1]}.get(order)
    found = [LearnerCard.objects.get(pk=pk).card for pk in queue_of(alice).new_cards]
    assert found == (expected or found)
    assert queue_of(alice).new_cards == queue_of(alice).new_cards


@pytest.mark.parametrize("order", ["overdue", "retrievability", "random"])
def test_reviews_come_in_the_chosen_order(alice, order):
    weak = make_known(alice, make_card(), days_ago=30)
    strong = make_known(alice, make_card(), days_ago=2)
    LearnerCard.objects.filter(pk=strong.pk).update(due_on=alice.day_of(timezone.now()) - timedelta(days=5))
    change_settings(alice, review_order=order)
    reviews = queue_of(alice).in_order()
    if order == "overdue":
        assert reviews == [strong.pk, weak.pk]
    elif order == "retrievability":
        assert reviews == [weak.pk, strong.pk]
    assert sorted(reviews) == sorted([weak.pk, strong.pk])


def test_a_wrong_number_is_never_good(alice):
    card = learned(alice, make_card(kind="generated", content={"generator": "perplexity"}))
    question, drawn = question_of(card)
    rate(alice, card, Rating.EASY, typed=question.wrong_example(drawn))
    assert CardEvent.objects.latest("pk").rating == Rating.AGAIN
    card = learned(alice, card.card)
    rate(alice, card, Rating.GOOD)
    assert CardEvent.objects.latest("pk").rating == Rating.AGAIN
    card = learned(alice, card.card)
    question, fresh = question_of(card)
    assert fresh["prompt"] != drawn["prompt"]
    rate(alice, card, Rating.GOOD, typed=question.expected(fresh))
    assert CardEvent.objects.latest("pk").rating == Rating.GOOD


def test_a_card_that_lapses_eight_times_is_told_as_a_leech(alice):
    known = make_known(alice, make_card())
    LearnerCard.objects.filter(pk=known.pk).update(lapses=7)
    assert rate(alice, known, Rating.AGAIN).leech
    assert not rate(alice, learned(alice, known.card), Rating.AGAIN).leech


def test_nobody_answers_for_someone_else(alice, bob):
    card = make_card()
    rate(alice, learned(alice, card))
    assert learned(bob, card).reps == 0
    with pytest.raises(NothingToUndo):
        undo(learner=bob, now=timezone.now())


@pytest.mark.parametrize("cards", [3, 30])
def test_answer_and_next_card_need_as_many_queries_however_many_cards(alice, cards, django_assert_max_num_queries):
    for _ in range(cards):
        make_known(alice, make_card(make_concept()))
        make_card(make_concept())
    item = queue_of(alice).next_card()
    with django_assert_max_num_queries(20):
        rate(alice, item)
        queue_of(alice).next_card()
