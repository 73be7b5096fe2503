"""Blanks to fill in a statement or in code."""

import re
from collections.abc import Mapping
from random import Random
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from quizzes.domain.numbers import NumberError, parse_number
from quizzes.domain.questions.base import Answer, Presentation, PromptedFields, Shown, Strict, Text, texts

MAX_BLANK_LENGTH = 100
BLANK = re.compile(r"\[\[(\d+)\]\]")
"""A blank in a text: `[[1]]`."""


class Blank(Strict):
    """What may stand in a blank; with `choices` it is chosen from a list."""

    accept: Annotated[list[Text], Field(min_length=1)]
    choices: Annotated[list[Text], Field(min_length=3, max_length=8)] | None = None
    explanation: Text

    @field_validator("accept", "choices", mode="before")
    @classmethod
    def _as_texts(cls, items: object) -> object:
        return [str(item) for item in items] if isinstance(items, list) else items

    @model_validator(mode="after")
    def _choices_hold_one_right(self) -> Self:
        right = [choice for choice in self.choices or [] if self.accepts(choice)]
        if self.choices is not None and len(right) != 1:
            raise ValueError(f"exactly one of the choices must be accepted, {len(right)} are")
        return self

    def accepts(self, given: str) -> bool:
        """Whether the text is right; case and spaces do not matter, numbers go by their value."""
        return any(_plain(given) == _plain(accepted) or _same_number(given, accepted) for accepted in self.accept)


class Cloze(PromptedFields):
    """A text with blanks `[[1]]`, `[[2]]`, …; an answer holds a text for each, "" for one left open."""

    kind: Literal["cloze"]
    text: Text
    blanks: Annotated[list[Blank], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _numbered(self) -> Self:
        found = [int(number) for number in BLANK.findall(self.text)]
        if found != list(range(1, len(self.blanks) + 1)):
            raise ValueError(f"the text has the blanks {found}; number them from 1, one for each of `blanks`")
        return self

    def present(self, rng: Random) -> Presentation:
        """Draw the order of each list of choices."""
        return {"choices": [rng.sample(blank.choices, len(blank.choices)) for blank in self.blanks if blank.choices]}

    @property
    def guess_chance(self) -> float:
        return sum(1 / len(blank.choices) for blank in self.blanks if blank.choices) / len(self.blanks)

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """A text for each blank. Raises AnswerError."""
        filled = texts(given, count=len(self.blanks), longest=MAX_BLANK_LENGTH)
        return filled if any(filled) else None

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        """The share of blanks that are right."""
        return sum(self._correct(answer)) / len(self.blanks)

    def expected(self, presentation: Presentation) -> Answer:
        return [
            next(choice for choice in blank.choices if blank.accepts(choice)) if blank.choices else blank.accept[0]
            for blank in self.blanks
        ]

    def wrong_example(self, presentation: Presentation) -> Answer:
        return [
            next(choice for choice in blank.choices if not blank.accepts(choice)) if blank.choices else "nonsense"
            for blank in self.blanks
        ]

    def feedback(self, answer: Answer, presentation: Presentation) -> str:
        """The review shows every blank."""
        return ""

    def ask(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        filled = answer or [""] * len(self.blanks)
        drawn = iter(presentation["choices"])
        pieces = BLANK.split(rendered["text"])
        segments: list[dict[str, Any]] = [{"html": pieces[0]}]
        for number, after in zip(pieces[1::2], pieces[2::2], strict=True):
            blank = self.blanks[int(number) - 1]
            widest = max(len(text) for text in [*blank.accept, *(blank.choices or [])])
            segments += [
                {
                    "blank": int(number),
                    "choices": next(drawn) if blank.choices else None,
                    "value": filled[int(number) - 1],
                    # Rounded up, so that the field's width does not tell the answer.
                    "width": 8 * (widest // 8 + 1),
                },
                {"html": after},
            ]
        return {"segments": segments}

    def review(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        correct = self._correct(answer)
        return {
            **self.ask(rendered, presentation, answer),
            "blanks": [
                {
                    "number": number,
                    "correct": correct[number - 1],
                    "given": (answer or [""] * len(self.blanks))[number - 1],
                    "accepted": blank.accept,
                    "explanation_html": rendered["blanks"][number - 1]["explanation"],
                }
                for number, blank in enumerate(self.blanks, start=1)
            ],
        }

    def _correct(self, answer: Answer) -> list[bool]:
        filled = answer or [""] * len(self.blanks)
        return [blank.accepts(text) for blank, text in zip(self.blanks, filled, strict=False)]


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold().replace("'", '"').replace("−", "-").strip("`")


def _same_number(given: str, accepted: str) -> bool:
    try:
        return abs(parse_number(given) - (right := parse_number(accepted))) <= 1e-9 * max(1.0, abs(right))
    except NumberError:
        return False
