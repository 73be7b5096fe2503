"""One right option among several."""

from typing import Literal, Self

from pydantic import model_validator

from quizzes.domain.questions.base import Answer, Presentation
from quizzes.domain.questions.options import ChoiceFields, without_empty


class SingleChoice(ChoiceFields):
    """Exactly one option is right; an answer is its key."""

    kind: Literal["single_choice"]

    @model_validator(mode="after")
    def _one_right(self) -> Self:
        right = sum(option.correct for option in self.options)
        if right != 1:
            raise ValueError(f"exactly one option must have `correct: true`, {right} have it")
        return self

    @property
    def guess_chance(self) -> float:
        return 1 / len(self.options)

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """The key of the option chosen, None for none. Raises AnswerError."""
        chosen = without_empty(given)
        return self.read_key(chosen[0] if len(chosen) == 1 else given, presentation) if chosen else None

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        """1 for the right option, 0 for any other and for none."""
        return float([answer] == self.right_keys(presentation))

    def expected(self, presentation: Presentation) -> Answer:
        return self.right_keys(presentation)[0]

    def wrong_example(self, presentation: Presentation) -> Answer:
        return self.wrong_keys(presentation)[0]
