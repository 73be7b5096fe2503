"""What the files of questions hold."""

from dataclasses import dataclass, field
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
    """A file of questions, read: the checked fields, and what their snippets printed, by the question's index."""

    source: Source
    fields: QuestionFile
    outputs: dict[int, str] = field(default_factory=dict)

    @property
    def contents(self) -> list[dict[str, Any]]:
        """The plain data that versions keep."""
        plain = [question.model_dump() for question in self.fields.questions]
        for index, output in self.outputs.items():
            plain[index]["output"] = output
        return plain


class ListedGenerator(BaseModel):
    """A generator and the version of it that the installation asks."""

    model_config = ConfigDict(extra="forbid")

    generator: str
    version: Annotated[int, Field(ge=1)]


class GeneratorFile(BaseModel):
    """`generators.yaml`: the generators in use."""

    model_config = ConfigDict(extra="forbid")

    generators: list[ListedGenerator]
