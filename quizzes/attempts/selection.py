"""What a learner asks a quiz to be about."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from progress.models import User
from quizzes.attempts.models import AttemptQuestion, Mode
from quizzes.bank.models import Question, QuestionQuerySet

MAX_QUESTIONS = 50
MAX_MINUTES = 180

Focus = Literal["all", "weak", "new"]


@dataclass(frozen=True, slots=True)
class Selection:
    """How many questions in how many minutes (None: no clock), on what; an empty list leaves a side open."""

    questions: int = 10
    minutes: int | None = 10
    weeks: tuple[int, ...] = ()
    sections: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    difficulties: tuple[int, ...] = ()
    focus: Focus = "all"
    mode: str = Mode.EXAM

    def candidates(self, learner: User) -> QuestionQuerySet:
        """The questions that fit; with focus `new` those that the learner was never asked."""
        questions = Question.objects.askable().exclude(current=None)
        for lookup, values in [
            ("concept__week__in", self.weeks),
            ("concept__subsection__section__slug__in", self.sections),
            ("concept__code__in", self.concepts),
            ("concept__priority__in", self.priorities),
            ("kind__in", self.kinds),
            ("difficulty__in", self.difficulties),
        ]:
            if values:
                questions = questions.filter(**{lookup: values})
        if self.focus == "new":
            asked = AttemptQuestion.objects.of(learner)
            questions = questions.exclude(pk__in=asked.values("version__question"))
        return questions

    def as_json(self) -> dict[str, Any]:
        """As stored with the attempt, to fill the form in next time."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The selection that was stored; what an older version did not store is as by default."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
        }
        return cls(**values)
