"""How a topic's text is built: parts (`##`), sections (`###`), running text and pictures.

A picture stands on a line of its own: `![what is to be seen](figure:name)` is drawn by numpy,
`![…](diagram:name)` by mermaid. Guides have the same form, without pictures, and may hold checklists (`- [ ] …`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from math import ceil
from typing import Literal

PARTS = (
    "Overview",
    "Mathematical foundation",
    "Visual explanation",
    "Worked examples",
    "Implementation notes",
    "Common mistakes",
    "Interview questions",
    "Further reading",
)
"""The eight parts of a topic, in order."""

WORDS_A_MINUTE = 110
"""A textbook's pace, derivations followed with a pencil."""

_PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<kind>figure|diagram):(?P<name>\w+)\)\s*")
_CHECK_ITEM = re.compile(r"[-*] \[ \] (?P<text>.+)")
_FENCE = re.compile(r"\s*(```|~~~)")
_NOT_WORDS = re.compile(r"```.*?```|\$\$.*?\$\$", re.DOTALL)
_INLINE_MATHS = re.compile(r"\$[^$\n]*\$")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


@dataclass(frozen=True, slots=True)
class Prose:
    """Running Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure or a diagram, and what is to be seen in it."""

    kind: Literal["figure", "diagram"]
    name: str
    alt: str
    line: int


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line of a checklist; its id stays while its text does."""

    text: str

    @property
    def id(self) -> str:
        return sha256(self.text.encode()).hexdigest()[:12]


Piece = Prose | Picture | CheckItem


@dataclass(slots=True)
class Section:
    """What stands under one `###`, or before the first (title empty)."""

    title: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return slug_of(self.title)


@dataclass(slots=True)
class Part:
    """What stands under one `##`, or before the first (title empty). line: where, in the body, from 1."""

    title: str
    line: int
    sections: list[Section] = field(default_factory=lambda: [Section("")])

    @property
    def slug(self) -> str:
        return slug_of(self.title)

    @property
    def pictures(self) -> Iterator[Picture]:
        for section in self.sections:
            yield from (piece for piece in section.pieces if isinstance(piece, Picture))

    @property
    def questions(self) -> list[Section]:
        """The sections that have a title."""
        return [section for section in self.sections if section.title]


def parse_text(body: str) -> list[Part]:
    """The parts of a text; one without title comes first where text stands before the first heading."""
    parts = [Part("", 1)]
    prose: list[str] = []
    for number, line, is_code in _lines(body):
        piece = None if is_code else _piece(line, number)
        opens = not is_code and line.startswith(("## ", "### "))
        if not (opens or piece):
            prose.append(line)
            continue
        _close(prose, parts[-1].sections[-1])
        if piece:
            parts[-1].sections[-1].pieces.append(piece)
        elif line.startswith("## "):
            parts.append(Part(line[3:].strip(), number))
        else:
            parts[-1].sections.append(Section(line[4:].strip()))
    _close(prose, parts[-1].sections[-1])
    return [part for part in parts if part.title or any(section.pieces for section in part.sections)]


def _lines(body: str) -> Iterator[tuple[int, str, bool]]:
    """The lines with their numbers, and whether each stands in a block of code."""
    in_code = False
    for number, line in enumerate(body.splitlines(), start=1):
        is_fence = bool(_FENCE.match(line))
        yield number, line, in_code or is_fence
        in_code ^= is_fence


def _piece(line: str, number: int) -> Picture | CheckItem | None:
    """The picture or the check item that the line is."""
    if picture := _PICTURE.fullmatch(line):
        kind: Literal["figure", "diagram"] = "figure" if picture["kind"] == "figure" else "diagram"
        return Picture(kind, picture["name"], picture["alt"].strip(), number)
    if item := _CHECK_ITEM.fullmatch(line.strip()):
        return CheckItem(item["text"].strip())
    return None


def _close(prose: list[str], section: Section) -> None:
    """Put the prose gathered so far into the section."""
    if text := "\n".join(prose).strip("\n"):
        section.pieces.append(Prose(text))
    prose.clear()


def slug_of(title: str) -> str:
    """A title as part of an address: letters and digits, the rest as single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].rstrip("-")


def count_words(text: str) -> int:
    """Words of prose: code and displayed maths do not count, a formula in a line counts as one."""
    return len(_WORD.findall(_INLINE_MATHS.sub(" formula ", _NOT_WORDS.sub(" ", text))))


def reading_minutes(text: str) -> int:
    """How long a careful reader needs; a displayed formula takes as long as twenty words."""
    return max(1, ceil((count_words(text) + 20 * text.count("$$") / 2) / WORDS_A_MINUTE))
