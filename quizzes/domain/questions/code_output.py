"""What a NumPy snippet prints."""

import re
from collections.abc import Mapping
from math import isclose
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from quizzes.domain.questions.base import Answer, Presentation, PromptedFields, Shown, Strict, Text, one_text

MAX_OUTPUT_LENGTH = 500
ONE_ENTRY = 3
"""Tokens of a list with one entry, brackets included."""

_TOKEN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?![\w])|[\w.]+|[()\[\]{}]|[^\s\w]", re.IGNORECASE)
_ARRAY = re.compile(r"\b(?:np\.|numpy\.)?array\((.*)\)", re.DOTALL)
_MINUS = str.maketrans("−", "-")
_ROUND_BRACKETS = str.maketrans("()", "[]")


class OutputMistake(Strict):
    """What a typical misreading expects, and the misreading."""

    output: Text
    cause: Text

    @field_validator("output", mode="before")
    @classmethod
    def _as_text(cls, output: object) -> object:
        return output if isinstance(output, str) else str(output)


class CodeOutput(PromptedFields):
    """`output` is what the code printed when the library was checked; its file leaves it out."""

    kind: Literal["code_output"]
    code: Text
    output: str = ""
    mistakes: Annotated[list[OutputMistake], Field(min_length=1)]
    explanation: Text

    @property
    def guess_chance(self) -> float:
        return 0.0

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """The output as typed. Raises AnswerError."""
        return one_text(given, longest=MAX_OUTPUT_LENGTH) or None

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        return float(answer is not None and same_output(str(answer), self.output))

    def expected(self, presentation: Presentation) -> Answer:
        return self.output

    def wrong_example(self, presentation: Presentation) -> Answer:
        return self.mistakes[0].output

    def feedback(self, answer: Answer, presentation: Presentation) -> str:
        """The misreading that the answer fits."""
        given = str(answer or "")
        if same_output(given, self.output):
            return ""
        return next((mistake.cause for mistake in self.mistakes if same_output(given, mistake.output)), "")

    def ask(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        lines = self.output.count("\n") + 1
        return {"code_html": rendered["code"], "value": answer or "", "lines": lines}

    def review(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        return {
            **self.ask(rendered, presentation, answer),
            "output": self.output,
            "explanation_html": rendered["explanation"],
        }


def same_output(given: str, printed: str) -> bool:
    """Whether two outputs say the same: spacing, commas, the form of brackets and of numbers do not matter."""
    left, right = _tokens(given), _tokens(printed)
    return len(left) == len(right) and all(map(_same_token, left, right))


def _tokens(text: str) -> list[str]:
    plain = _ARRAY.sub(r"\1", text.translate(_MINUS)).translate(_ROUND_BRACKETS)
    found = [token for token in _TOKEN.findall(plain) if token not in {",", ";", '"', "'"}]
    return _without_outer_brackets(found)


def _without_outer_brackets(tokens: list[str]) -> list[str]:
    """A flat list of several entries says the same with and without its brackets; of one it does not."""
    flat = tokens.count("[") == tokens.count("]") == 1 and len(tokens) > ONE_ENTRY
    return tokens[1:-1] if flat and tokens[0] == "[" and tokens[-1] == "]" else tokens


def _same_token(left: str, right: str) -> bool:
    try:
        return isclose(float(left), float(right), rel_tol=1e-6, abs_tol=1e-12) or left.casefold() == right.casefold()
    except ValueError:
        return left.casefold() == right.casefold()
