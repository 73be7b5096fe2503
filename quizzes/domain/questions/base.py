"""What every kind of question offers."""

import re
from collections.abc import Mapping
from random import Random
from typing import Annotated, Any, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Markdown with maths."""

Presentation = dict[str, Any]
"""What was drawn for one attempt, such as the order of the options; stored with the attempt."""

Answer = Any
"""An answer as stored: plain JSON; None where nothing is answered."""

Shown = dict[str, Any]
"""What a question's template and the API show; entries named `html` or `…_html` are HTML of the library."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_TAG = re.compile(r"tier-[123]|(red-flag|misconception)(-[a-z0-9]+)+")


class AnswerError(ValueError):
    """What was given is no answer to the question; the message says what would be one."""


def _check_slug(slug: str) -> str:
    if not _SLUG.fullmatch(slug):
        raise ValueError("write it in lower case with hyphens, beginning with the concept's code")
    return slug


def _check_tag(tag: str) -> str:
    if not _TAG.fullmatch(tag):
        raise ValueError("a tag is tier-1, tier-2, tier-3, red-flag-… or misconception-…")
    return tag


class Strict(BaseModel):
    """A part of a library file: fields that are not known are faults."""

    model_config = ConfigDict(extra="forbid")


class QuestionFields(Strict):
    """What a question of any kind holds in the library."""

    id: Annotated[str, AfterValidator(_check_slug)]
    kind: str
    difficulty: Annotated[int, Field(ge=1, le=3)]
    tags: list[Annotated[str, AfterValidator(_check_tag)]] = []


class PromptedFields(QuestionFields):
    """A question whose prompt is the same for everybody."""

    prompt: Text

    def present(self, rng: Random) -> Presentation:
        """Nothing is drawn."""
        return {}


class Question(Protocol):
    """A question, read. Kinds are registered in `quizzes.domain.questions`."""

    @property
    def guess_chance(self) -> float:
        """The credit to expect of a blind guess, 0 to below 1."""

    def present(self, rng: Random) -> Presentation:
        """Draw how the question is put this time."""

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """The answer in the form in which it is stored, None for one left empty. Raises AnswerError."""

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        """Credit from 0 to 1."""

    def expected(self, presentation: Presentation) -> Answer:
        """A fully right answer."""

    def wrong_example(self, presentation: Presentation) -> Answer:
        """An answer that gets no credit."""

    def feedback(self, answer: Answer, presentation: Presentation) -> str:
        """What this answer shows, beyond right and wrong, as Markdown; empty where nothing does."""

    def ask(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        """What is shown while the quiz runs; nothing in it says what is right."""

    def review(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        """What is shown once the question is closed."""


def one_text(given: object, *, longest: int) -> str:
    """A single text out of what a form or the API gave, stripped. Raises AnswerError."""
    if isinstance(given, list) and len(given) <= 1:
        given = given[0] if given else ""
    if given is None:
        return ""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise AnswerError("Write one text or number.")
    # JSON may hold half of a surrogate pair, which no page could show again.
    whole = str(given).encode("utf-8", "replace").decode()
    text = whole.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise AnswerError(f"Write at most {longest:,} characters.")
    return text


def texts(given: object, *, count: int, longest: int) -> list[str]:
    """So many texts out of what was given, each stripped. Raises AnswerError."""
    items = given if isinstance(given, list) else [given]
    if len(items) != count:
        raise AnswerError(f"Give {count} answers, one for each place; an empty one leaves its place open.")
    return [one_text(item, longest=longest) for item in items]
