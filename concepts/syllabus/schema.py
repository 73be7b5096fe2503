"""What `syllabus.yaml` holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MOCK_KINDS = ("theory", "derivation", "implementation", "debugging", "case", "project", "behavioural")

Location = tuple[str | int, ...]
"""Where something stands in the file: keys and list indexes."""


class Entry(BaseModel):
    """A heading of a source with its entries, or a bullet with the places that cover it.

    text: the source's, word for word; note: a remark of ours. exercises: topic/name. mocks: kinds, or ids of scripts.
    missing: what is not covered of a bullet that is otherwise. named_in: guides that name it and do not teach it.
    """

    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)
    text: str = Field(min_length=1)
    note: str = ""
    concepts: list[str] = []
    topics: list[str] = []
    exercises: list[str] = []
    guides: list[str] = []
    mocks: list[str] = []
    missing: str = ""
    named_in: list[str] = []
    items: list[Entry] = []

    @property
    def covered(self) -> bool:
        """Whether anything in the app covers the bullet, at least in part."""
        return bool(self.concepts or self.topics or self.exercises or self.guides or self.mocks)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.items and (self.concepts or self.topics or self.exercises or self.mocks or self.missing):
            raise ValueError("a heading (an entry with items) has guides and a note at most; link its bullets")
        if self.missing and not self.covered:
            raise ValueError("missing says what is left of a covered bullet; nothing covers this one, so leave it out")
        if twice := set(self.named_in) & set(self.guides):
            raise ValueError(f"named_in: {', '.join(sorted(twice))} stands under guides too; choose one")
        return self


class SyllabusFields(BaseModel):
    """The whole file: the sources, each an entry whose items are its sections."""

    model_config = ConfigDict(extra="forbid")

    sources: list[Entry] = Field(min_length=1)


def entries_of(entries: list[Entry], location: Location) -> Iterator[tuple[Entry, Location]]:
    """Every entry at any depth with its place in the file."""
    for index, entry in enumerate(entries):
        yield entry, (*location, index)
        yield from entries_of(entry.items, (*location, index, "items"))


def bullets_of(entries: list[Entry]) -> Iterator[Entry]:
    """The entries that are no headings, in order."""
    return (entry for entry, _ in entries_of(entries, ()) if not entry.items)
