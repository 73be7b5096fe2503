"""Any number of right options among several."""

from itertools import product
from typing import Literal, Self

from pydantic import model_validator

from quizzes.domain.questions.base import Answer, Presentation
from quizzes.domain.questions.options import ChoiceFields, without_empty


class MultipleChoice(ChoiceFields):
    """At least one option is right and at least one is wrong; an answer is the list of keys chosen."""

    kind: Literal["multiple_choice"]

    @model_validator(mode="after")
    def _some_right(self) -> Self:
        right = sum(option.correct for option in self.options)
        if not 1 <= right < len(self.options):
            raise ValueError(f"at least one option must be right and at least one wrong, {right} are right")
        return self

    @property
    def guess_chance(self) -> float:
        """The mean credit over all ways to tick at least one box."""
        ticks = [pattern for pattern in product([False, True], repeat=len(self.options)) if any(pattern)]
        return sum(self._credit(pattern) for pattern in ticks) / len(ticks)

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """The keys of the options chosen, in the order shown; None for none. Raises AnswerError."""
        return sorted({self.read_key(item, presentation) for item in without_empty(given)}) or None

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        """Each right option chosen adds its share, each wrong one takes as much away; never below 0."""
        chosen = set(answer or [])
        right, wrong = self.right_keys(presentation), self.wrong_keys(presentation)
        hits, misses = len(chosen & set(right)), len(chosen & set(wrong))
        return max(0.0, (hits - misses) / len(right))

    def expected(self, presentation: Presentation) -> Answer:
        return self.right_keys(presentation)

    def wrong_example(self, presentation: Presentation) -> Answer:
        return self.wrong_keys(presentation)[:1]

    def _credit(self, ticked: tuple[bool, ...]) -> float:
        signs = [1 if option.correct else -1 for option, tick in zip(self.options, ticked, strict=True) if tick]
        return max(0.0, sum(signs) / sum(option.correct for option in self.options))
