"""The kinds of questions, one module each; a new kind is a module, a line in AnyQuestion and one in KINDS."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from quizzes.domain.questions.base import Answer, AnswerError, Presentation, Question, Shown
from quizzes.domain.questions.cloze import Cloze
from quizzes.domain.questions.code_output import CodeOutput
from quizzes.domain.questions.formula import Formula
from quizzes.domain.questions.generated import Generated
from quizzes.domain.questions.matching import Matching
from quizzes.domain.questions.multiple_choice import MultipleChoice
from quizzes.domain.questions.numeric import Numeric
from quizzes.domain.questions.open_answer import OpenAnswer
from quizzes.domain.questions.ordering import Ordering
from quizzes.domain.questions.single_choice import SingleChoice

__all__ = [
    "KINDS",
    "Answer",
    "AnswerError",
    "AnyQuestion",
    "Presentation",
    "Question",
    "Shown",
    "parse_question",
]

KINDS: Mapping[str, str] = {
    "single_choice": "Single choice",
    "multiple_choice": "Multiple choice",
    "numeric": "Number",
    "generated": "Number, new each time",
    "formula": "Formula",
    "ordering": "Ordering",
    "matching": "Matching",
    "cloze": "Blanks",
    "code_output": "Code output",
    "open": "Open answer",
}
"""Every kind with its name for people."""

AnyQuestion = Annotated[
    SingleChoice
    | MultipleChoice
    | Numeric
    | Generated
    | Formula
    | Ordering
    | Matching
    | Cloze
    | CodeOutput
    | OpenAnswer,
    Field(discriminator="kind"),
]
"""A question of any kind, told apart by `kind`; a pydantic type."""

_parser: TypeAdapter[Question] = TypeAdapter(AnyQuestion)


def parse_question(content: Mapping[str, Any]) -> Question:
    """A question from what its file or its stored version says. Raises pydantic's ValidationError."""
    return _parser.validate_python(content)
