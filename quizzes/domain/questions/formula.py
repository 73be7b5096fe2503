"""A formula to type; every algebraically equal form is right."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from quizzes.domain.expressions import ExpressionError, Node, compare, equivalent, parse, parse_domain, to_latex
from quizzes.domain.expressions.compare import names_of
from quizzes.domain.expressions.conditions import parse_condition
from quizzes.domain.expressions.latex import name_to_latex
from quizzes.domain.expressions.tree import MAX_LENGTH
from quizzes.domain.questions.base import (
    Answer,
    AnswerError,
    Presentation,
    PromptedFields,
    Shown,
    Strict,
    Text,
    one_text,
)


class FormulaMistake(Strict):
    """A formula that a typical error leads to, and the error."""

    formula: Text
    cause: Text


class Formula(PromptedFields):
    """An expression over the variables, each with its domain (`quizzes.domain.expressions.domains`).

    where: what the prompt says of the variables together, such as `t <= w`; forms that are equal there are right.
    """

    kind: Literal["formula"]
    variables: Annotated[dict[str, str], Field(min_length=1, max_length=12)]
    where: Annotated[list[Text], Field(max_length=4)] = []
    answer: Text
    mistakes: Annotated[list[FormulaMistake], Field(min_length=3)]
    explanation: Text

    @model_validator(mode="after")
    def _key_tells_mistakes_apart(self) -> Self:
        for name, domain in self.variables.items():
            try:
                parse_domain(domain)
            except ValueError as error:
                raise ValueError(f"variables: {name}: {error}") from error
        for condition in self.where:
            try:
                parse_condition(condition, names_of(self.variables))
            except ExpressionError as error:
                raise ValueError(f"where: {error}") from error
        if not self._equals(self.answer):
            raise ValueError(f"the answer `{self.answer}` is not equal to itself: it has no value on its domains")
        for mistake in self.mistakes:
            if self._equals(mistake.formula):
                raise ValueError(f"the mistake `{mistake.formula}` equals the answer")
        return self

    @property
    def guess_chance(self) -> float:
        return 0.0

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """The formula as typed, once it can be read and its shapes fit. Raises AnswerError."""
        text = one_text(given, longest=MAX_LENGTH)
        if not text:
            return None
        try:
            compare(self.parse(text), self.answer, self.variables, self.where)
        except ExpressionError as error:
            raise AnswerError(str(error)) from error
        return text

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        """1 where it equals the key at every point, else 0."""
        try:
            return float(self._equals(str(answer)))
        except ValueError:
            return 0.0

    def expected(self, presentation: Presentation) -> Answer:
        return self.answer

    def wrong_example(self, presentation: Presentation) -> Answer:
        return self.mistakes[0].formula

    def feedback(self, answer: Answer, presentation: Presentation) -> str:
        """The mistake it equals, or how it differs from the key."""
        try:
            node = self.parse(str(answer))
            comparison = compare(node, self.answer, self.variables, self.where)
            if comparison.equal:
                return ""
            for mistake in self.mistakes:
                if compare(node, mistake.formula, self.variables, self.where).equal:
                    return mistake.cause
        except ExpressionError:
            return ""
        if not comparison.same_shape:
            return "The shape is another one than asked for: count rows and columns."
        if comparison.ratio is not None:
            return "The sign is wrong; the rest is right." if comparison.ratio == -1 else _factor(comparison.ratio)
        return ""

    def ask(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        return {
            "value": answer or "",
            "where": self.where,
            "variables": [
                {"name": name, "latex": name_to_latex(name), "domain": parse_domain(domain).describe()}
                for name, domain in self.variables.items()
            ],
        }

    def review(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        return {
            **self.ask(rendered, presentation, answer),
            "given_latex": self.latex(answer) if answer else "",
            "expected_latex": self.latex(self.answer),
            "explanation_html": rendered["explanation"],
        }

    def parse(self, text: str) -> Node:
        """The formula's tree. Raises ExpressionError."""
        return parse(text, names_of(self.variables))

    def latex(self, text: str) -> str:
        """The formula typeset. Raises ExpressionError."""
        return to_latex(self.parse(text))

    def _equals(self, text: str) -> bool:
        return equivalent(self.parse(text), self.answer, self.variables, self.where)


def _factor(ratio: float) -> str:
    return f"Off by the constant factor {ratio:.4g}; the rest is right."
