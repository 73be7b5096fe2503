"""What every kind of question offers."""

import re
from random import Random
from typing import Annotated, Any, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Markdown with maths."""

Presentation = dict[str, Any]
"""What was drawn for one attempt, such as the order of the options; stored with the attempt."""

Answer = Any
"""An answer as stored: plain JSON."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


class AnswerError(ValueError):
    """What was given is no answer to the question; the message says what would be one."""


def _check_slug(slug: str) -> str:
    if not _SLUG.fullmatch(slug):
        raise ValueError("write it in lower case with hyphens, beginning with the concept's code")
    return slug


class QuestionFields(BaseModel):
    """What a question of any kind holds in the library."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, AfterValidator(_check_slug)]
    kind: str
    difficulty: Annotated[int, Field(ge=1, le=3)]
    prompt: Text


class Question(Protocol):
    """A question, read. Kinds are registered in `quizzes.domain.questions`."""

    @property
    def guess_chance(self) -> float:
        """The credit to expect of a blind guess, 0 to below 1."""

    def present(self, rng: Random) -> Presentation:
        """Draw how the question is put this time."""

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """The answer in the form in which it is stored. Raises AnswerError."""

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        """Credit from 0 to 1."""

    def expected(self, presentation: Presentation) -> Answer:
        """A fully right answer."""

    def wrong_example(self, presentation: Presentation) -> Answer:
        """An answer that gets no credit."""
