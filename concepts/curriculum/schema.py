"""What the files of topics and guides hold."""

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from concepts.curriculum.drawing import diagram_sources
from concepts.domain.standalone_figure import standalone
from concepts.domain.topic_text import Part
from concepts.library.files import Source


class TopicFields(BaseModel):
    """The front matter of `topics/<NN-slug>/topic.md`."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=3, max_length=120)
    number: int = Field(ge=1, le=99)
    phase: int = Field(ge=1, le=4)
    summary: str = Field(min_length=20, max_length=300)
    prerequisites: list[str] = []
    concepts: list[str] = []
    minutes: int = Field(ge=5, le=240)


class GuideFields(BaseModel):
    """The front matter of `guides/<slug>.md`."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=3, max_length=120)
    summary: str = Field(min_length=20, max_length=300)
    order: int = Field(ge=1)
    minutes: int = Field(ge=1, le=240)


@dataclass(slots=True)
class TopicSheet:
    """A topic's folder, read. figures: SVG by name. diagrams: SVG by name and theme."""

    source: Source
    fields: TopicFields
    parts: list[Part]
    figures: dict[str, str] = field(default_factory=dict)
    diagrams: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.source.path.parent

    @property
    def slug(self) -> str:
        """The folder's name without its number."""
        return self.folder.name.partition("-")[2]

    @property
    def files(self) -> dict[str, str]:
        """The pictures as files of their own and what the diagrams are drawn from, by their path in the folder."""
        figures = {f"figures/{name}.svg": standalone(svg) for name, svg in self.figures.items()}
        diagrams = {f"diagrams/{name}.svg": svg for (name, theme), svg in self.diagrams.items() if theme == "light"}
        sources = {f"diagrams/{path.name}": path.read_text(encoding="utf-8") for path in diagram_sources(self.folder)}
        return figures | diagrams | sources


@dataclass(slots=True)
class GuideSheet:
    """A guide's file, read."""

    source: Source
    fields: GuideFields
    parts: list[Part]
