"""What a file of questions holds."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from concepts.library.files import Source
from quizzes.domain.questions import AnyQuestion


class QuestionFile(BaseModel):
    """`questions/<CODE>.yaml`: the questions on one concept."""

    model_config = ConfigDict(extra="forbid")

    concept: str
    questions: Annotated[list[AnyQuestion], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """A file of questions, read: the checked fields, and the plain data that versions keep."""

    source: Source
    fields: QuestionFile

    @property
    def contents(self) -> list[dict[str, Any]]:
        return [question.model_dump() for question in self.fields.questions]
