"""Whatever a learner does with their cards, in any order and on any day: what must always hold."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from progress.models import User
from quizzes.domain.fsrs import Rating
from quizzes.flashcards.models import CardEvent, LearnerCard
from quizzes.flashcards.preferences import settings_of
from quizzes.flashcards.queue import Queue
from quizzes.flashcards.services import Answer, NothingToUndo, answer_card, bury, reset, set_due, suspend, unbury, undo
from quizzes.flashcards.snapshots import snapshot
from tests.factories import make_card, make_concept

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe"]
# Days around the changes of the clocks in Berlin and New York.
STARTS = [
    datetime(2026, 3, 7, 20, tzinfo=UTC),
    datetime(2026, 3, 28, 20, tzinfo=UTC),
    datetime(2026, 10, 24, 20, tzinfo=UTC),
]


class AnySession(RuleBasedStateMachine):
    """A learner with eight cards, two of them siblings, and a clock."""

    def __init__(self) -> None:
        super().__init__()
        # Each example begins with an empty database.
        self.example = transaction.atomic()
        self.example.__enter__()
        self.learner = User.objects.create_user(f"learner-{uuid4().hex[:8]}")
        for place in range(8):
            make_card(make_concept(), siblings="twins" if place < 2 else f"single-{uuid4().hex}")
        self.now = STARTS[0]
        self.former: list[dict[int, dict]] = []
        self.log: dict[int, tuple] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def queue(self) -> Queue:
        return Queue(self.learner, settings_of(self.learner), self.now)

    def cards(self) -> dict[int, dict]:
        return {card.pk: snapshot(card) for card in LearnerCard.objects.of(self.learner)}

    def remember(self) -> None:
        self.former.append(self.cards())

    @rule(start=st.sampled_from(STARTS))
    @precondition(lambda self: not self.former)
    def begin_elsewhen(self, start):
        self.now = start

    @rule(rating=st.sampled_from(list(Rating)), seconds=st.integers(1, 1_200))
    def answer(self, rating, seconds):
        card = self.queue().next_card()
        if card is None:
            return
        self.remember()
        answer_card(
            learner=self.learner,
            card=card,
            answer=Answer(rating=rating, key=uuid4().hex, version=card.version),
            now=self.now,
        )
        self.now += timedelta(seconds=seconds)

    @rule()
    def take_back(self):
        if not self.former:
            with pytest.raises(NothingToUndo):
                undo(learner=self.learner, now=self.now)
            return
        undo(learner=self.learner, now=self.now)
        assert self.cards() == self.former.pop()

    @rule(
        place=st.integers(0, 7),
        days=st.integers(0, 30),
        what=st.sampled_from(["suspend", "unsuspend", "bury", "unbury", "reset", "set_due"]),
    )
    def change(self, place, days, what):
        chosen = sorted(self.cards())[place]
        card = LearnerCard.objects.select_related("card").get(pk=chosen)
        before = self.cards()
        match what:
            case "suspend" | "unsuspend":
                done = suspend(learner=self.learner, cards=[card], suspended=what == "suspend", now=self.now)
            case "bury":
                done = bury(learner=self.learner, cards=[card], now=self.now)
            case "unbury":
                done = unbury(learner=self.learner, cards=[card], now=self.now)
            case "reset":
                done = reset(learner=self.learner, cards=[card], now=self.now)
            case _:
                due_on = self.learner.day_of(self.now) + timedelta(days=days)
                done = set_due(learner=self.learner, cards=[card], due_on=due_on, now=self.now)
        if done:
            self.former.append(before)

    @rule(hours=st.integers(1, 72))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule(zone=st.sampled_from(ZONES))
    def travel(self, zone):
        self.learner.time_zone = zone
        self.learner.save()

    @invariant()
    def counts_are_never_negative_and_no_card_comes_twice(self):
        queue = self.queue()
        counts = queue.counts()
        assert min(counts.new, counts.learning, counts.due) >= 0
        order = queue.in_order()
        assert len(order) == len(set(order))
        first = queue.next_card()
        assert (first is None) == (not order)
        if first:
            assert not first.suspended

    @invariant()
    def the_log_is_only_added_to(self):
        log = {
            event["id"]: tuple(str(value) for value in event.values())
            for event in CardEvent.objects.of(self.learner).values()
        }
        assert self.log.items() <= log.items()
        self.log = log

    @invariant()
    def states_make_sense(self):
        for card in LearnerCard.objects.of(self.learner):
            assert (card.due_on is not None) == (card.state == "review")
            assert (card.due_at is not None) == (card.state in {"learning", "relearning"})
            assert (card.stability is None) == (card.difficulty is None)
            assert card.interval >= 0


@pytest.mark.django_db
def test_any_session():
    run_state_machine_as_test(
        AnySession,
        settings=settings(
            max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
