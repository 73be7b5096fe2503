"""What the files of an exercise hold."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from concepts.library.files import Source
from quizzes.domain.exercises.files import WrongSolution, documented, split_hints
from quizzes.exercises.models import Difficulty


class ExerciseFields(BaseModel):
    """The front matter of `exercise.md`."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=3, max_length=120)
    concepts: list[str] = []
    difficulty: Difficulty
    minutes: int = Field(ge=3, le=120)
    order: int = Field(ge=1, le=50)


@dataclass(frozen=True, slots=True)
class ExerciseSheet:
    """An exercise's folder, read."""

    source: Source
    fields: ExerciseFields
    statement: str
    stub: str
    solution: str
    tests: str
    wrong: tuple[WrongSolution, ...]

    @property
    def folder(self) -> Path:
        return self.source.path.parent

    @property
    def slug(self) -> str:
        return self.folder.name

    @property
    def topic(self) -> str:
        """The slug of its topic: the topic's folder without its number."""
        return self.folder.parent.parent.name.partition("-")[2]

    @property
    def bare_stub(self) -> str:
        return split_hints(self.stub)[0]

    @property
    def folder_stub(self) -> str:
        """The stub as it stands in the topic's folder: with the statement, and its hints."""
        return documented(self.stub, self.slug, self.statement)

    @property
    def hints(self) -> list[str]:
        return split_hints(self.stub)[1]

    @property
    def digest(self) -> str:
        return sha256("\0".join((self.stub, self.tests, self.solution)).encode()).hexdigest()[:16]
