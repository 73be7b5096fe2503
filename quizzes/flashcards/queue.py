"""The learner's queue: what is left today, and which card comes next."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Mod

from concepts.models import Concept, Priority
from progress.models import User
from quizzes.domain.cards import State
from quizzes.domain.fsrs import FSRS
from quizzes.domain.fuzz import unit_draw
from quizzes.domain.queue import NewCard, Seen, eligible, known_concepts, new_comes_next
from quizzes.flashcards.models import CardEvent, FlashcardSettings, LearnerCard, NewOrder, ReviewOrder
from quizzes.flashcards.preferences import policy_of

LEARN_AHEAD = timedelta(minutes=20)
_CANDIDATES = 100
_MOST_CANDIDATES = 600


@dataclass(frozen=True, slots=True)
class Counts:
    """What is left today."""

    new: int
    learning: int
    due: int

    @property
    def total(self) -> int:
        return self.new + self.learning + self.due


class Queue:
    """One learner's cards at one moment; asks the database for each thing once."""

    def __init__(self, learner: User, settings: FlashcardSettings, now: datetime) -> None:
        self.learner, self.settings, self.now = learner, settings, now
        self.today: date = learner.day_of(now)
        self.cards = LearnerCard.objects.of(learner)
        self.active = self.cards.active(self.today)

    def counts(self) -> Counts:
        """New cards and reviews within today's limits, and all cards in steps that end today."""
        return Counts(new=len(self.new_cards), learning=self._steps_today.count(), due=self.reviews_left)

    def next_card(self, skip: int | None = None) -> LearnerCard | None:
        """The card to show now; None where nothing is left. skip: a card that is being answered right now."""
        pk = next((pk for pk in self._candidates() if pk != skip), None)
        if pk is None:
            return None
        return self.cards.select_related("card__concept").get(pk=pk)

    def in_order(self) -> list[int]:
        """All cards of today in the order in which they would come, as far as it is known now."""
        steps = self.active.in_steps().order_by("due_at").values_list("pk", flat=True)
        new, reviews = list(self.new_cards), self._reviews(self.reviews_left) if self.reviews_left else []
        new_done, reviews_done = self.new_done, self.reviews_done
        mixed: list[int] = []
        while new or reviews:
            if new_comes_next(
                new_left=len(new), new_done=new_done, reviews_left=len(reviews), reviews_done=reviews_done
            ):
                mixed.append(new.pop(0))
                new_done += 1
            else:
                mixed.append(reviews.pop(0))
                reviews_done += 1
        later = steps.filter(due_at__gt=self.now, due_at__lte=self.now + LEARN_AHEAD)
        return [*steps.filter(due_at__lte=self.now), *mixed, *later]

    @cached_property
    def answered(self) -> list[tuple[str, str, int | None]]:
        """The state before, the siblings and the concept of each card answered today, the last one at the end."""
        events = CardEvent.objects.of(self.learner).answers().filter(day=self.today).order_by("pk")
        return list(events.values_list("state_before", "card__card__siblings", "card__card__concept"))

    @cached_property
    def new_done(self) -> int:
        return sum(state == State.NEW for state, _, _ in self.answered)

    @cached_property
    def reviews_done(self) -> int:
        return sum(state == State.REVIEW for state, _, _ in self.answered)

    @cached_property
    def seen_today(self) -> set[str]:
        return {siblings for _, siblings, _ in self.answered}

    @cached_property
    def reviews_left(self) -> int:
        allowed = max(0, self.settings.reviews_per_day - self.reviews_done)
        return self._due[:allowed].count() if allowed else 0

    @cached_property
    def new_cards(self) -> list[int]:
        """New cards that may be shown today, within the day's limit, in order."""
        if not (allowed := self.new_allowed):
            return []
        candidates: list[NewCard] = []
        chosen: list[NewCard] = []
        ordered = _in_new_order(self.active.new(), self.settings.new_order).values_list(
            "pk", "card__siblings", "card__concept"
        )
        for start in range(0, _MOST_CANDIDATES, _CANDIDATES):
            further = [NewCard(*row) for row in ordered[start : start + _CANDIDATES]]
            candidates += further
            chosen = self._eligible(candidates)
            if len(chosen) >= allowed or len(further) < _CANDIDATES:
                break
        return [card.pk for card in chosen[:allowed]]

    @property
    def new_allowed(self) -> int:
        """How many more new cards the day takes."""
        return max(0, self.settings.new_per_day - self.new_done)

    @property
    def waiting(self) -> int:
        """How many new cards there are beside those that may be shown today."""
        return self.active.new().count() - len(self.new_cards)

    def _candidates(self) -> Iterator[int]:
        """Cards in the order in which they would be shown."""
        steps = self.active.in_steps().order_by("due_at").values_list("pk", flat=True)
        yield from steps.filter(due_at__lte=self.now)[:2]
        yield from self._new_and_due()
        yield from steps.filter(due_at__lte=self.now + LEARN_AHEAD)[:2]

    def _new_and_due(self) -> Iterator[int]:
        new = list(self.new_cards)
        reviews = self._reviews(2) if self.reviews_done < self.settings.reviews_per_day else []
        first_new = bool(new) and new_comes_next(
            new_left=len(new),
            new_done=self.new_done,
            reviews_left=self.reviews_left,
            reviews_done=self.reviews_done,
        )
        yield from [*new[:2], *reviews] if first_new else [*reviews, *new[:2]]

    @cached_property
    def _due(self) -> QuerySet[LearnerCard]:
        return self.active.due(self.today).order_by("due_on", "pk")

    @cached_property
    def _steps_today(self) -> QuerySet[LearnerCard]:
        return self.active.in_steps().filter(due_at__lt=self.now + timedelta(days=1))

    def _reviews(self, count: int) -> list[int]:
        """Due reviews in the learner's order; siblings of what was seen today come last."""
        fresh = self._due.exclude(card__siblings__in=self.seen_today) if self.seen_today else self._due
        partner = self._confusable_partner(fresh)
        ordered = _in_review_order(fresh, self.settings, self.today, count)
        chosen = list(dict.fromkeys([*partner, *ordered]))
        return chosen[:count] or _in_review_order(self._due, self.settings, self.today, count)

    def _confusable_partner(self, due: QuerySet[LearnerCard]) -> list[int]:
        """A due card on a concept that is easily confused with the one answered last, both known: side by side."""
        concept = self.answered[-1][2] if self.answered else None
        if concept is None:
            return []
        partners = list(Concept.objects.filter(confused_with=concept).values_list("pk", flat=True))
        return list(due.filter(card__concept__in=partners).values_list("pk", flat=True)[:1]) if partners else []

    def _eligible(self, candidates: list[NewCard]) -> list[NewCard]:
        concepts = {card.concept for card in candidates if card.concept is not None}
        if not candidates:
            return []
        return eligible(
            candidates,
            seen_today=self.seen_today,
            prerequisites=(needs := self._prerequisites(concepts)) if concepts else {},
            known=self._known({needed for many in needs.values() for needed in many}) if concepts else set(),
            kept_apart=self._kept_apart if concepts else set(),
        )

    def _prerequisites(self, concepts: Collection[int]) -> dict[int, set[int]]:
        if not self.settings.waits_for_prerequisites:
            return {}
        needs: dict[int, set[int]] = {}
        pairs = Concept.objects.filter(pk__in=concepts, prerequisites__cards__retired=False)
        for concept, needed in pairs.values_list("pk", "prerequisites").distinct():
            needs.setdefault(concept, set()).add(needed)
        return needs

    def _known(self, concepts: Collection[int]) -> set[int]:
        if not concepts:
            return set()
        rows = self.cards.filter(card__concept__in=concepts, stability__isnull=False, last_on__isnull=False)
        seen = [
            Seen(concept, stability, last_on)
            for concept, stability, last_on in rows.values_list("card__concept", "stability", "last_on")
            if concept and stability and last_on
        ]
        return known_concepts(seen, FSRS(tuple(policy_of(self.settings).weights)), self.today)

    @cached_property
    def _kept_apart(self) -> set[int]:
        """Concepts easily confused with one that has cards in their steps, or first shown today."""
        learning: set[int | None] = set(self.cards.in_steps().values_list("card__concept", flat=True))
        learning |= {concept for state, _, concept in self.answered if state == State.NEW}
        partners = Concept.objects.filter(confused_with__in=[pk for pk in learning if pk])
        return set(partners.values_list("pk", flat=True)).difference(pk for pk in learning if pk)


def _in_new_order(cards: QuerySet[LearnerCard], order: str) -> QuerySet[LearnerCard]:
    if order == NewOrder.RANDOM:
        # A fixed shuffle: multiplying by an odd number permutes the residues.
        return cards.order_by(Mod(F("card_id") * 2_654_435_761, Value(4_294_967_296)), "pk")
    if order == NewOrder.PRIORITY:
        ranks = [When(card__concept__priority=priority, then=rank) for rank, priority in enumerate(Priority)]
        return cards.order_by(Case(*ranks, default=len(ranks), output_field=IntegerField()), "position", "pk")
    return cards.order_by("position", "pk")


def _in_review_order(due: QuerySet[LearnerCard], settings: FlashcardSettings, today: date, count: int) -> list[int]:
    if settings.review_order == ReviewOrder.OVERDUE:
        return list(due.values_list("pk", flat=True)[:count])
    if settings.review_order == ReviewOrder.RANDOM:
        return sorted(due.values_list("pk", flat=True), key=lambda pk: unit_draw(pk, today))[:count]
    rows = list(due.values_list("pk", "stability", "last_on"))
    elapsed = np.array([(today - last_on).days if last_on else 0 for _, _, last_on in rows], dtype=float)
    stability = np.array([stability or 1.0 for _, stability, _ in rows], dtype=float)
    # Recall falls with elapsed time over stability, whatever the weights.
    nearest = np.argsort(-elapsed / stability, kind="stable")
    return [rows[index][0] for index in nearest[:count]]
