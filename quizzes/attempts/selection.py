"""What a learner asks a quiz to be about."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from progress.models import User
from quizzes.attempts.models import AttemptQuestion
from quizzes.bank.models import Question, QuestionQuerySet

MAX_QUESTIONS = 50
MAX_MINUTES = 180

Focus = Literal["all", "weak", "new"]


@dataclass(frozen=True, slots=True)
class Selection:
    """How many questions in how many minutes, on what; an empty list leaves a side open."""

    questions: int = 10
    minutes: int = 10
    weeks: tuple[int, ...] = ()
    sections: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    focus: Focus = "all"

    def candidates(self, learner: User) -> QuestionQuerySet:
        """The questions that fit; with focus `new` those that the learner was never asked."""
        questions = Question.objects.askable().exclude(current=None)
        for lookup, values in [
            ("concept__week__in", self.weeks),
            ("concept__subsection__section__slug__in", self.sections),
            ("concept__code__in", self.concepts),
            ("concept__priority__in", self.priorities),
            ("kind__in", self.kinds),
        ]:
            if values:
                questions = questions.filter(**{lookup: values})
        if self.focus == "new":
            asked = AttemptQuestion.objects.filter(attempt__learner=learner)
            questions = questions.exclude(pk__in=asked.values("version__question"))
        return questions

    def as_json(self) -> dict[str, Any]:
        """As stored with the attempt, to fill the form in next time."""
        return asdict(self)
