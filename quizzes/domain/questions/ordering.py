"""Steps to put in order."""

from collections.abc import Mapping
from itertools import pairwise
from random import Random
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from quizzes.domain.questions.base import Answer, AnswerError, Presentation, PromptedFields, Shown, Text
from quizzes.domain.questions.options import keyed, shuffled


class Ordering(PromptedFields):
    """The steps stand in the library in their right order; an answer is the list of keys from first to last."""

    kind: Literal["ordering"]
    steps: Annotated[list[Text], Field(min_length=4, max_length=7)]
    explanation: Text

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if len(set(self.steps)) < len(self.steps):
            raise ValueError("two steps say the same; make them differ")
        return self

    @property
    def guess_chance(self) -> float:
        # The mean credit over all orders.
        return {4: 0.236, 5: 0.177, 6: 0.141, 7: 0.116}[len(self.steps)]

    def present(self, rng: Random) -> Presentation:
        """Draw the order shown: never the right one."""
        while (drawn := shuffled(len(self.steps), rng))["order"] == list(range(len(self.steps))):
            pass
        return drawn

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """The keys in order; or places from 1, for each step as shown or behind its key (a, 2, b, 1, …).

        Raises AnswerError.
        """
        items = [str(item).strip().lower() for item in given] if isinstance(given, list) else None
        keys = [key for key, _ in keyed(presentation)]
        if items is not None and sorted(items) == keys:
            return items
        if items is not None and sorted(items[::2]) == keys:
            places = dict(zip(items[::2], items[1::2], strict=False))
            items = [places.get(key, "") for key in keys]
        if given is None or (items is not None and not any(items)):
            return None
        numbers = [int(item) for item in items or [] if item.isascii() and item.isdigit() and len(item) < 3]
        if sorted(numbers) != list(range(1, len(keys) + 1)):
            raise AnswerError(f"Give each step its own place, from 1 to {len(keys)}.")
        return [key for _, key in sorted(zip(numbers, keys, strict=True))]

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        """The longest run of steps that follow each other as they should, beyond a single one."""
        run = longest_common_run(self._indexes(answer, presentation))
        return (run - 1) / (len(self.steps) - 1)

    def expected(self, presentation: Presentation) -> Answer:
        return [key for key, _ in sorted(keyed(presentation), key=lambda pair: pair[1])]

    def wrong_example(self, presentation: Presentation) -> Answer:
        return self.expected(presentation)[::-1]

    def feedback(self, answer: Answer, presentation: Presentation) -> str:
        indexes = self._indexes(answer, presentation)
        run = longest_common_run(indexes)
        if not indexes or run == len(self.steps):
            return ""
        return f"The longest run in the right order is {run} of {len(self.steps)} steps."

    def ask(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        """The steps in the order given, each with its place; before an answer as shuffled, without places."""
        html_of = {key: rendered["steps"][index] for key, index in keyed(presentation)}
        place = {key: number for number, key in enumerate(answer or [], start=1)}
        return {"steps": [{"key": key, "place": place.get(key), "html": html_of[key]} for key in answer or html_of]}

    def review(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        place = {index: number for number, index in enumerate(self._indexes(answer, presentation), start=1)}
        return {
            "steps": [
                {"place": number, "given": place.get(index), "html": rendered["steps"][index]}
                for number, index in enumerate(range(len(self.steps)), start=1)
            ],
            "explanation_html": rendered["explanation"],
        }

    def _indexes(self, answer: Answer, presentation: Presentation) -> list[int]:
        index_of = dict(keyed(presentation))
        return [index_of[key] for key in answer or []]


def longest_common_run(indexes: list[int]) -> int:
    """The length of the longest stretch in which each number is the one before plus 1; 1 for a single one."""
    longest = run = 1
    for before, index in pairwise(indexes):
        run = run + 1 if index == before + 1 else 1
        longest = max(longest, run)
    return longest
