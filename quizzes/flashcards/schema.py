"""What the files of cards hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from concepts.library.files import Source
from quizzes.domain.cloze_text import cloze_numbers, cloze_sides
from quizzes.domain.generators import GENERATORS

Text = Annotated[str, Field(min_length=1)]
Tag = Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=40)]


class CardFields(BaseModel):
    """`id` is permanent. `revision` rises when a card's meaning changes (stabilities are halved); a mere correction
    leaves it, and what is a new fact is a new card. `questions` are slugs of questions that test the same fact."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
    revision: Annotated[int, Field(ge=1)] = 1
    questions: list[str] = []
    tags: list[Tag] = []


class TwoSides(CardFields):
    """A front and a back."""

    kind: Literal["formula", "name", "interview", "fact", "mistake", "when"]
    front: Text
    back: Text

    def sides(self) -> Iterator[tuple[str, dict[str, Any]]]:
        yield self.id, {"front": self.front, "back": self.back}


class ClozeCard(CardFields):
    """A text with blanks `{{c1::…}}`; every number is a card, `<id>-c1` and so on."""

    kind: Literal["cloze"]
    text: Text

    @model_validator(mode="after")
    def _has_blanks(self) -> "ClozeCard":
        numbers = cloze_numbers(self.text)
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"the blanks are numbered {numbers}; number them from 1")
        return self

    def sides(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for number in cloze_numbers(self.text):
            front, back = cloze_sides(self.text, number)
            yield f"{self.id}-c{number}", {"front": front, "back": back}


class GeneratedCard(CardFields):
    """A generator's question, with new numbers at each review."""

    kind: Literal["generated"]
    generator: str

    @model_validator(mode="after")
    def _is_registered(self) -> "GeneratedCard":
        if self.generator not in GENERATORS:
            raise ValueError(f"there is no generator called {self.generator}")
        return self

    def sides(self) -> Iterator[tuple[str, dict[str, Any]]]:
        yield self.id, {"generator": self.generator}


AnyCard = Annotated[TwoSides | ClozeCard | GeneratedCard, Field(discriminator="kind")]


class CardFile(BaseModel):
    """`cards/<CODE>.yaml`: the cards on one concept; all of them have the file's tags, each may have more."""

    model_config = ConfigDict(extra="forbid")

    concept: str
    tags: list[Tag] = []
    cards: Annotated[list[AnyCard], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class CardSheet:
    """A file of cards, read."""

    source: Source
    fields: CardFile

    def slugs(self) -> Iterator[str]:
        """Every card of the file, each blank by itself."""
        for card in self.fields.cards:
            for slug, _ in card.sides():
                yield slug
