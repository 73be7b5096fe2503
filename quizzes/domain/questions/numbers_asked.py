"""A number that is asked for; what the numeric kinds share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from quizzes.domain.expressions import ExpressionError, evaluate_number
from quizzes.domain.number_feedback import number_feedback
from quizzes.domain.numbers import MAX_NUMBER_LENGTH, NumberError, Tolerance, parse_number
from quizzes.domain.questions.base import Answer, AnswerError, one_text


def _check_arithmetic(given: object) -> str:
    text = str(given)
    try:
        evaluate_number(text)
    except ExpressionError as error:
        raise ValueError(f"`{text}` is no number: {error}") from error
    return text


Arithmetic = Annotated[str, BeforeValidator(_check_arithmetic)]
"""A number, or arithmetic such as `0.5*log2(4)`, as text."""


def _as_tolerance(given: object) -> object:
    if not isinstance(given, dict):
        return given
    try:
        return Tolerance(**given)
    except TypeError as error:
        raise ValueError(f"write it as `absolute: 0.01`, relative, significant_figures or exact ({error})") from error


StatedTolerance = Annotated[Tolerance, BeforeValidator(_as_tolerance), PlainSerializer(Tolerance.as_json)]
"""A tolerance, written as {"absolute": 0.01} and the like."""


@dataclass(frozen=True, slots=True)
class AskedNumber:
    """The answer, how near to it is right, and the values that typical errors lead to, each with its cause."""

    answer: float
    tolerance: Tolerance
    unit: str
    mistakes: Sequence[tuple[float, str]]

    def read(self, given: object) -> Answer:
        """The text given, once it is known to be a number; None where it is empty. Raises AnswerError."""
        text = one_text(given, longest=MAX_NUMBER_LENGTH)
        if not text:
            return None
        try:
            parse_number(text, self.unit)
        except NumberError as error:
            raise AnswerError(str(error)) from error
        return text

    def read_as(self, text: str) -> str:
        """The number that a text is taken for, with its unit. Raises NumberError."""
        number = parse_number(text, self.unit)
        plain = f"{number:.10g}" if abs(number) < 1e9 or number % 1 else f"{number:.0f}"
        return f"{plain} {self.unit}".strip()

    def grade(self, answer: Answer) -> float:
        """1 within the tolerance, else 0."""
        number = self._number(answer)
        return float(number is not None and self.tolerance.accepts(number, self.answer))

    def explain(self, answer: Answer) -> str:
        """What the number given shows, as Markdown."""
        number = self._number(answer)
        if number is None:
            return ""
        return number_feedback(number, self.answer, self.tolerance, self.mistakes, self.unit)

    def right(self) -> str:
        """The answer with no more digits than it takes to be right."""
        if self.answer == int(self.answer):
            return str(int(self.answer))
        texts = (f"{self.answer:.{digits}g}" for digits in (4, 6, 9, 12, 17))
        return next(text for text in texts if self.tolerance.accepts(float(text), self.answer))

    def wrong(self) -> str:
        """A number far outside the tolerance."""
        return repr(2 * self.answer + 1 if self.answer >= 0 else 2 * self.answer - 1)

    def fields(self, answer: Answer) -> dict[str, Any]:
        """What the answer's field shows."""
        return {
            "value": answer or "",
            "unit": self.unit,
            "tolerance": self.tolerance.describe(),
            "exactness": self.tolerance.as_json(),
        }

    def _number(self, answer: Answer) -> float | None:
        try:
            return None if answer is None else parse_number(str(answer), self.unit)
        except NumberError:
            return None
