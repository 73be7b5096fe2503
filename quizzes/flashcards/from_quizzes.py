"""One memory: what a quiz shows of a fact counts for the cards that ask the same fact."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from progress.domain.calendar import days_between
from progress.models import User
from quizzes.bank.models import Question
from quizzes.domain.cards import CardState, Policy, State, outcomes, plain_days
from quizzes.domain.fsrs import FSRS, Rating
from quizzes.domain.grades import RIGHT_FROM
from quizzes.domain.guessing import chance_of_knowing
from quizzes.flashcards.changes import Happening, changing
from quizzes.flashcards.models import CardEvent, EventKind, LearnerCard
from quizzes.flashcards.preferences import policy_of, settings_of
from quizzes.flashcards.snapshots import apply


@transaction.atomic
def count_quiz_answer(  # noqa: PLR0913 (all by keyword)
    *, learner: User, question: Question, credit: float, guess_chance: float, key: str, now: datetime
) -> int:
    """Count a closed quiz answer as a review of the learner's cards that name the question; returns of how many.

    Cards that are new or in their steps are left alone. A wrong answer is a lapse; a right one strengthens by as much
    as it is likely to have been knowledge and no guess. The same key a second time changes nothing.
    """
    known = (
        LearnerCard.objects.of(learner)
        .filter(state=State.REVIEW, suspended=False, card__concept=question.concept_id)
        .exclude(card__questions=[])
        .select_related("card")
    )
    cards = [card for card in known if question.slug in card.card.questions]
    if not cards:
        return 0
    policy = policy_of(settings_of(learner))
    done = set(CardEvent.objects.of(learner).filter(batch=key).values_list("card", flat=True))
    for card in cards:
        if card.pk not in done:
            rating = Rating.GOOD if credit >= RIGHT_FROM else Rating.AGAIN
            after = _after(card.memory_state, rating, guess_chance, policy, now, learner.day_of(now))
            happening = Happening(EventKind.QUIZ, learner, now, key=f"{key}:{card.pk}", batch=key)
            with changing(card, happening, rating=rating):
                apply(card, after)
    return len(cards) - len(done)


def _after(  # noqa: PLR0913, PLR0917 (a card, an answer, and under which conditions)
    card: CardState, rating: Rating, guess_chance: float, policy: Policy, now: datetime, today: date
) -> CardState:
    state = outcomes(card, policy, now=now, today=today)[rating]
    if rating is Rating.AGAIN or not guess_chance or not card.stability or not state.stability:
        return state
    fsrs = FSRS(tuple(policy.weights))
    elapsed = days_between(card.last_on, today) if card.last_on else 0
    share = chance_of_knowing(float(fsrs.retrievability(card.stability, elapsed)), guess_chance)
    stability = card.stability + share * (state.stability - card.stability)
    wished = float(fsrs.interval(stability, policy.desired_retention))
    days = plain_days(wished, 1, policy.maximum_interval)
    return replace(state, stability=stability, interval=days, due_on=today + timedelta(days=days))
