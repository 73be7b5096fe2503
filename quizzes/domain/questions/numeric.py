"""A number, within a tolerance that is told beforehand."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from quizzes.domain.expressions import evaluate_number
from quizzes.domain.questions.base import Answer, Presentation, PromptedFields, Shown, Strict, Text
from quizzes.domain.questions.numbers_asked import Arithmetic, AskedNumber, StatedTolerance


class NumericMistake(Strict):
    """A value that a typical error leads to, and the error."""

    value: Arithmetic
    cause: Text


class Numeric(PromptedFields):
    """The answer is arithmetic, and `check` is NumPy code that reaches the same `result` another way."""

    kind: Literal["numeric"]
    answer: Arithmetic
    tolerance: StatedTolerance
    unit: str = ""
    check: Text
    mistakes: Annotated[list[NumericMistake], Field(min_length=1)]
    explanation: Text

    @model_validator(mode="after")
    def _mistakes_are_wrong(self) -> Self:
        for value, _ in self.asked.mistakes:
            if self.tolerance.accepts(value, self.asked.answer):
                raise ValueError(f"the mistake {value:g} lies within the tolerance of {self.asked.answer:g}")
        return self

    @cached_property
    def asked(self) -> AskedNumber:
        mistakes = [(evaluate_number(mistake.value), mistake.cause) for mistake in self.mistakes]
        return AskedNumber(evaluate_number(self.answer), self.tolerance, self.unit, mistakes)

    @property
    def guess_chance(self) -> float:
        return 0.0

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """The number as typed. Raises AnswerError."""
        return self.asked.read(given)

    def read_as(self, text: str, presentation: Presentation) -> str:
        """The number that a text is taken for. Raises NumberError."""
        return self.asked.read_as(text)

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        return self.asked.grade(answer)

    def expected(self, presentation: Presentation) -> Answer:
        return self.asked.right()

    def wrong_example(self, presentation: Presentation) -> Answer:
        return self.asked.wrong()

    def feedback(self, answer: Answer, presentation: Presentation) -> str:
        return self.asked.explain(answer)

    def ask(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        return self.asked.fields(answer)

    def review(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        return {**self.asked.fields(answer), "explanation_html": rendered["explanation"]}
