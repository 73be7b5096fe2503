"""A learner's own pace: what things took, against what they are said to take."""

from dataclasses import dataclass

from django.db.models import Sum

from mlprep.plan.seams import reading_minutes
from progress.domain.plan.pace import pace
from progress.models import User
from quizzes.flashcards.interview import seconds_an_answer
from quizzes.models import ExerciseWork


@dataclass(frozen=True, slots=True)
class Paces:
    """Minutes taken for each nominal minute of reading and of exercises, and seconds a card."""

    reading: float = 1.0
    exercises: float = 1.0
    card_seconds: float = 15.0


def paces_of(learner: User) -> Paces:
    """The learner's paces; those of exercises from the ones they solved."""
    solved = ExerciseWork.objects.of(learner).exclude(solved_at=None)
    spent = solved.aggregate(seconds=Sum("seconds"), minutes=Sum("exercise__minutes"))
    return Paces(
        reading=pace(*reading_minutes(learner)),
        exercises=pace((spent["seconds"] or 0) / 60, spent["minutes"] or 0),
        card_seconds=seconds_an_answer(learner),
    )
