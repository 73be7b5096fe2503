"""Options to choose from, shuffled for each attempt; base of the choice kinds."""

from collections.abc import Mapping
from random import Random
from string import ascii_lowercase
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from quizzes.domain.questions.base import Answer, AnswerError, Presentation, PromptedFields, Shown, Strict, Text


class Option(Strict):
    """One option and why it is right or wrong."""

    text: Text
    correct: bool = False
    explanation: Text


class ChoiceFields(PromptedFields):
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
        return shuffled(len(self.options), rng)

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

    def feedback(self, answer: Answer, presentation: Presentation) -> str:
        """Every option explains itself in the review."""
        return ""

    def ask(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        chosen = _chosen(answer)
        return {
            "options": [
                {"key": key, "html": rendered["options"][index]["text"], "chosen": key in chosen}
                for key, index in keyed(presentation)
            ]
        }

    def review(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        chosen = _chosen(answer)
        return {
            "options": [
                {
                    "key": key,
                    "html": rendered["options"][index]["text"],
                    "chosen": key in chosen,
                    "correct": self.options[index].correct,
                    "explanation_html": rendered["options"][index]["explanation"],
                }
                for key, index in keyed(presentation)
            ]
        }


def without_empty(given: object) -> list[Any]:
    """What was given as a list, without the empty text that a form sends along and without nothing at all."""
    items = given if isinstance(given, list) else [given]
    return [item for item in items if item is not None and item != ""]


def shuffled(count: int, rng: Random) -> Presentation:
    """An order of so many things."""
    return {"order": rng.sample(range(count), count)}


def keyed(presentation: Presentation) -> list[tuple[str, int]]:
    """The keys in the order shown, each with the index of its option in the library."""
    return list(zip(ascii_lowercase, presentation["order"], strict=False))


def _chosen(answer: Answer) -> list[Any]:
    return answer if isinstance(answer, list) else [answer]
