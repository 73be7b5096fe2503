"""What a concept's file holds."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from concepts.library.files import Source


class Correction(BaseModel):
    """What the tracker's line should say, and why. `formula` is plain text, `formula_latex` the same in LaTeX."""

    model_config = ConfigDict(extra="forbid")

    formula: str
    formula_latex: str
    reason: str


class ConceptFields(BaseModel):
    """The front matter of `concepts/<CODE>.md`."""

    model_config = ConfigDict(extra="forbid")

    code: str
    prerequisites: list[str] = []
    confused_with: list[str] = []
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class ConceptText:
    """A concept's file, read."""

    source: Source
    fields: ConceptFields
    body: str
