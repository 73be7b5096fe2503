"""What helps with a card that does not stick: understanding, from the weakest foundation up."""

from datetime import date

import numpy as np

from concepts.models import Concept
from quizzes.domain.fsrs import FSRS
from quizzes.exercises.models import Exercise, ExerciseWork
from quizzes.flashcards.models import FlashcardSettings, LearnerCard
from quizzes.flashcards.preferences import policy_of
from quizzes.flashcards.statements import memories_of


def foundations_of(card: LearnerCard, settings: FlashcardSettings, today: date) -> list[Concept]:
    """What the card's concept builds on, the least well recalled first; what was never seen counts as forgotten."""
    if card.card.concept is None:
        return []
    concepts = {concept.pk: concept for concept in card.card.concept.prerequisites.all()}
    if not concepts:
        return []
    fsrs = FSRS(tuple(policy_of(settings).weights))
    recall: dict[int, list[float]] = {}
    for concept, stability, last_on in memories_of(card.learner, concepts):
        recall.setdefault(concept, []).append(fsrs.retrievability(stability, max(0, (today - last_on).days)))
    return sorted(concepts.values(), key=lambda concept: float(np.mean(recall.get(concept.pk, [0.0]))))


def exercise_for(card: LearnerCard, foundations: list[Concept]) -> Exercise | None:
    """An exercise on the card's concept, or else on what it builds on in this order; one not solved yet first."""
    if card.card.concept is None:
        return None
    solved = ExerciseWork.objects.of(card.learner).exclude(solved_at=None).values("exercise")
    for concept in (card.card.concept, *foundations):
        exercises = Exercise.objects.listed().filter(concepts=concept)
        if found := exercises.exclude(pk__in=solved).first() or exercises.first():
            return found
    return None
