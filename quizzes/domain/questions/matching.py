"""Pairs to put together."""

from collections.abc import Mapping
from random import Random
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from quizzes.domain.questions.base import Answer, AnswerError, Presentation, PromptedFields, Shown, Strict, Text, texts
from quizzes.domain.questions.options import keyed


class Pair(Strict):
    """What stands left, and what belongs to it."""

    left: Text
    right: Text


class Matching(PromptedFields):
    """Three to six pairs; `distractors` are further right-hand texts that belong to nothing.

    An answer holds a key for each left-hand text, in the library's order, and "" for one left open.
    """

    kind: Literal["matching"]
    pairs: Annotated[list[Pair], Field(min_length=3, max_length=6)]
    distractors: Annotated[list[Text], Field(max_length=3)] = []
    explanation: Text

    @model_validator(mode="after")
    def _differ(self) -> Self:
        for side in ([pair.left for pair in self.pairs], self._rights):
            if len(set(side)) < len(side):
                raise ValueError("two texts of one side say the same; make them differ")
        return self

    @property
    def guess_chance(self) -> float:
        return 1 / len(self._rights)

    def present(self, rng: Random) -> Presentation:
        """Draw the order of the right-hand texts; that of the left-hand ones stays."""
        return {"order": rng.sample(range(len(self._rights)), len(self._rights))}

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """A key for each left-hand text, "" where it is open. Raises AnswerError."""
        chosen = [key.lower() for key in texts(given, count=len(self.pairs), longest=100)]
        keys = [key for key, _ in keyed(presentation)]
        if unknown := [key for key in chosen if key and key not in keys]:
            raise AnswerError(f"{unknown[0][:20]} is not on the list; choose from {', '.join(keys).upper()}.")
        return chosen if any(chosen) else None

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        """The share of pairs that are right."""
        right: list[str] = self.expected(presentation)
        hits = sum(bool(given == key) for given, key in zip(answer or [], right, strict=False))
        return hits / len(right)

    def expected(self, presentation: Presentation) -> Answer:
        key_of = {index: key for key, index in keyed(presentation)}
        return [key_of[index] for index in range(len(self.pairs))]

    def wrong_example(self, presentation: Presentation) -> Answer:
        right = self.expected(presentation)
        return right[1:] + right[:1]

    def feedback(self, answer: Answer, presentation: Presentation) -> str:
        """The review shows every pair."""
        return ""

    def ask(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        rights = [pair["right"] for pair in rendered["pairs"]] + rendered["distractors"]
        given = answer or [""] * len(self.pairs)
        return {
            "pairs": [
                {"html": pair["left"], "chosen": key} for pair, key in zip(rendered["pairs"], given, strict=True)
            ],
            "rights": [{"key": key, "html": rights[index]} for key, index in keyed(presentation)],
        }

    def review(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        shown = self.ask(rendered, presentation, answer)
        html_of = {right["key"]: right["html"] for right in shown["rights"]}
        expected = self.expected(presentation)
        pairs = [
            {
                "html": pair["html"],
                "right_html": html_of[key],
                "given_html": html_of.get(pair["chosen"], ""),
                "correct": pair["chosen"] == key,
            }
            for pair, key in zip(shown["pairs"], expected, strict=True)
        ]
        return {"pairs": pairs, "explanation_html": rendered["explanation"]}

    @property
    def _rights(self) -> list[str]:
        return [pair.right for pair in self.pairs] + self.distractors
