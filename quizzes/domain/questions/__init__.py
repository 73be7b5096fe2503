"""The kinds of questions, one module each; a new kind is a module and a line in KINDS."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from quizzes.domain.questions.base import Answer, AnswerError, Presentation, Question
from quizzes.domain.questions.multiple_choice import MultipleChoice
from quizzes.domain.questions.single_choice import SingleChoice

__all__ = ["KINDS", "Answer", "AnswerError", "AnyQuestion", "Presentation", "Question", "parse_question"]

KINDS: Mapping[str, type[SingleChoice] | type[MultipleChoice]] = {
    "single_choice": SingleChoice,
    "multiple_choice": MultipleChoice,
}

AnyQuestion = Annotated[SingleChoice | MultipleChoice, Field(discriminator="kind")]
"""A question of any kind, told apart by `kind`; a pydantic type."""

_parser: TypeAdapter[SingleChoice | MultipleChoice] = TypeAdapter(AnyQuestion)


def parse_question(content: Mapping[str, Any]) -> SingleChoice | MultipleChoice:
    """A question from what its file or its stored version says. Raises pydantic's ValidationError."""
    return _parser.validate_python(content)
