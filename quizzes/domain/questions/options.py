"""Options to choose from, shuffled for each attempt; base of the choice kinds."""

from random import Random
from string import ascii_lowercase
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from quizzes.domain.questions.base import AnswerError, Presentation, QuestionFields, Text


class Option(BaseModel):
    """One option and why it is right or wrong."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    correct: bool = False
    explanation: Text


class ChoiceFields(QuestionFields):
    """A prompt with three to eight different options.

    A presentation holds the order of the options; their keys (a, b, c, …) go by that order, so that a key
    says nothing about the option behind it.
    """

    options: Annotated[list[Option], Field(min_length=3, max_length=8)]

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if len({option.text for option in self.options}) < len(self.options):
            raise ValueError("two options say the same; make them differ")
        return self

    def present(self, rng: Random) -> Presentation:
        """Draw the order of the options."""
        return {"order": rng.sample(range(len(self.options)), len(self.options))}

    def right_keys(self, presentation: Presentation) -> list[str]:
        return [key for key, index in keyed(presentation) if self.options[index].correct]

    def wrong_keys(self, presentation: Presentation) -> list[str]:
        return [key for key, index in keyed(presentation) if not self.options[index].correct]

    def read_key(self, given: object, presentation: Presentation) -> str:
        """One key. Raises AnswerError where it is none of this question's."""
        keys = [key for key, _ in keyed(presentation)]
        key = given.strip().lower() if isinstance(given, str) else None
        if key not in keys:
            raise AnswerError(f"Choose one of the options {', '.join(keys)}.")
        return key


def keyed(presentation: Presentation) -> list[tuple[str, int]]:
    """The keys in the order shown, each with the index of its option in the library."""
    return list(zip(ascii_lowercase, presentation["order"], strict=False))
