"""The learner's queue: what is left today, and which card comes next."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
from django.db.models import Q, QuerySet

from progress.domain.calendar import start_of_day
from progress.models import User
from quizzes.domain.cards import State
from quizzes.domain.fsrs import FSRS
from quizzes.domain.fuzz import unit_draw
from quizzes.domain.queue import NewCard, Seen, eligible, known_concepts, new_comes_next
from quizzes.flashcards import statements
from quizzes.flashcards.models import FlashcardSettings, LearnerCard, LearnerCardQuerySet, ReviewOrder
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
        self.tomorrow = start_of_day(self.today + timedelta(days=1), learner.zone, learner.day_begins_at)

    @property
    def cards(self) -> LearnerCardQuerySet:
        """The learner's collection."""
        return LearnerCard.objects.of(self.learner)

    @property
    def active(self) -> LearnerCardQuerySet:
        """What of it may be shown today."""
        return self.cards.active(self.today)

    def counts(self) -> Counts:
        """New cards and reviews within today's limits, and all cards in steps that end today."""
        return Counts(new=len(self.new_cards), learning=self.steps_today.count(), due=self.reviews_left)

    def next_card(self, skip: int | None = None) -> LearnerCard | None:
        """The card to show now; None where nothing is left. skip: a card that is being answered right now."""
        pk = next((pk for pk in self._candidates() if pk != skip), None)
        return None if pk is None else statements.fetch_card(pk)

    def in_order(self) -> list[int]:
        """All cards of today in the order in which they would come, as far as it is known now."""
        steps = self.active.in_steps().order_by("due_at").values_list("pk", flat=True)
        over = Q(due_at__lte=self.now) | Q(last_on__lt=self.today, due_at__lt=self.tomorrow)
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
        later = steps.filter(due_at__lte=self.now + LEARN_AHEAD).exclude(over)
        return [*steps.filter(over), *mixed, *later]

    @cached_property
    def answered(self) -> list[tuple[str, str, int | None]]:
        """The state before, the siblings and the concept of each card answered today, the last one at the end."""
        return statements.answered_on(self.learner, self.today)

    @cached_property
    def _done(self) -> Counter[str]:
        return Counter([state for state, _, _ in self.answered])

    @property
    def new_done(self) -> int:
        return self._done[State.NEW]

    @property
    def reviews_done(self) -> int:
        return self._done[State.REVIEW]

    @cached_property
    def seen_today(self) -> set[str]:
        return {siblings for _, siblings, _ in self.answered}

    @cached_property
    def reviews_left(self) -> int:
        allowed = max(0, self.settings.reviews_per_day - self.reviews_done)
        return statements.count_due(self.learner, self.today, most=allowed) if allowed else 0

    @cached_property
    def new_cards(self) -> list[int]:
        """New cards that may be shown today, within the day's limit, in order."""
        if not (allowed := self.new_allowed):
            return []
        candidates: list[NewCard] = []
        chosen: list[NewCard] = []
        for start in range(0, _MOST_CANDIDATES, _CANDIDATES):
            places = slice(start, start + _CANDIDATES)
            rows = statements.new_in_order(self.learner, self.today, self.settings.new_order, places)
            further = [NewCard(*row) for row in rows]
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

    @property
    def put_off(self) -> int:
        """How many cards the learner has put off to another day."""
        return self.cards.filter(buried_until__gt=self.today, suspended=False).count()

    def _candidates(self) -> Iterator[int]:
        """Cards in the order in which they would be shown."""
        yield from statements.next_steps(self.learner, self.today, self.now, self.tomorrow)
        yield from self._new_and_due()
        yield from statements.next_steps(self.learner, self.today, self.now + LEARN_AHEAD, self.tomorrow)

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

    @property
    def steps_today(self) -> QuerySet[LearnerCard]:
        """Cards in steps that are over before the next day begins, or so soon that they may be shown ahead."""
        return self.active.in_steps().filter(due_at__lt=max(self.tomorrow, self.now + LEARN_AHEAD))

    def _reviews(self, count: int) -> list[int]:
        """Due reviews in the learner's order; siblings of what was seen today come last."""
        ordered = self._in_review_order(count, without=self.seen_today)
        chosen = list(dict.fromkeys([*self._confusable_partner(), *ordered])) if ordered else []
        return chosen[:count] or self._in_review_order(count)

    def _in_review_order(self, count: int, *, without: Collection[str] = ()) -> list[int]:
        """The first due reviews without these siblings."""
        if self.settings.review_order == ReviewOrder.OVERDUE:
            return statements.first_reviews(self.learner, self.today, without=without, most=count)
        due = [row for row in statements.due_reviews(self.learner, self.today) if row[1] not in without]
        if self.settings.review_order == ReviewOrder.RANDOM:
            return sorted((pk for pk, *_ in due), key=lambda pk: unit_draw(pk, self.today))[:count]
        elapsed = np.array([(self.today - last_on).days if last_on else 0 for *_, last_on in due], dtype=float)
        stability = np.array([stability or 1.0 for _, _, stability, _ in due], dtype=float)
        # Recall falls with elapsed time over stability, whatever the weights.
        nearest = np.argsort(-elapsed / stability, kind="stable")
        return [due[place][0] for place in nearest[:count]]

    def _confusable_partner(self) -> list[int]:
        """A due card on a concept that is easily confused with the one answered last, both known: side by side."""
        concept = self.answered[-1][2] if self.answered else None
        if concept is None:
            return []
        partners = statements.due_on_concepts(self.learner, self.today, statements.confused_with([concept]))
        return [pk for pk, siblings in partners if siblings not in self.seen_today][:1]

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
        for concept, needed in statements.prerequisites_of(concepts, self.learner):
            needs.setdefault(concept, set()).add(needed)
        return needs

    def _known(self, concepts: Collection[int]) -> set[int]:
        if not concepts:
            return set()
        seen = [Seen(*row) for row in statements.memories_of(self.learner, concepts)]
        return known_concepts(seen, FSRS(tuple(policy_of(self.settings).weights)), self.today)

    @cached_property
    def _kept_apart(self) -> set[int]:
        """Concepts easily confused with one that has cards in their steps, or first shown today."""
        learning = set(statements.concepts_in_steps(self.learner))
        learning |= {concept for state, _, concept in self.answered if state == State.NEW and concept}
        return set(statements.confused_with(learning)) - learning
