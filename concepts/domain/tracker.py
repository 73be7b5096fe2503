"""The tracker's page: sections, sub-sections and concept lines as text.

The page does not tell its two kinds of headings apart: a heading with a known section's name begins a
section, any other one inside a section begins a sub-section. A heading that comes again continues where it
first stood.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from concepts.domain.tracker_lines import (
    BULLETS,
    EXAMPLE_LINE,
    TrackerConcept,
    is_concept_line,
    read_concept,
    write_concept,
)

__all__ = [
    "KNOWN_SECTIONS",
    "Fault",
    "ParsedTracker",
    "Tracker",
    "TrackerConcept",
    "TrackerSection",
    "TrackerSubsection",
    "format_tracker",
    "parse_tracker",
]

KNOWN_SECTIONS: tuple[str, ...] = ("Math", "Classical ML", "Deep Learning", "NLP", "RecSys", "ML Systems")

_FOOTER = "comments"
_LINE_BREAK = re.compile(r"\r\n?|\n")
_RULE = re.compile(r"[-=_*](?:\s*[-=_*]){2,}")


# Sub-sections of one section by key: the name as first written, and the concepts.
_Subsections = dict[str, tuple[str, list[TrackerConcept]]]


@dataclass(frozen=True, slots=True)
class TrackerSubsection:
    """A heading under a section; it may have no concept yet."""

    name: str
    concepts: tuple[TrackerConcept, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackerSection:
    """A part of the tracker, such as Deep Learning."""

    name: str
    subsections: tuple[TrackerSubsection, ...] = ()


@dataclass(frozen=True, slots=True)
class Tracker:
    """The whole page in its order."""

    sections: tuple[TrackerSection, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong on the page, and where; `line` is the line as it stands there."""

    line_number: int
    line: str
    problem: str

    def __str__(self) -> str:
        return f"line {self.line_number}: {self.problem}. A right line: {EXAMPLE_LINE}"


@dataclass(frozen=True, slots=True)
class ParsedTracker:
    """What could be read of a page, and everything that could not, by line."""

    tracker: Tracker
    faults: tuple[Fault, ...]


def parse_tracker(text: str, *, sections: Sequence[str] = KNOWN_SECTIONS) -> ParsedTracker:
    """Read a tracker page; lines with faults are left out of the tracker, and no fault stops the reading.

    What stands before the first section and after the last concept's `Comments` heading is passed over.
    """
    page = _Page({_key(name): name for name in sections})
    lines = _LINE_BREAK.split(text)
    for number, line in enumerate(lines[: _footer_start(lines, page.known)], start=1):
        page.read(number, line)
    return ParsedTracker(page.tracker(), tuple(page.faults))


def format_tracker(tracker: Tracker, *, sections: Sequence[str] = KNOWN_SECTIONS) -> str:
    """Write the page that `parse_tracker` with the same `sections` reads back as exactly this tracker.

    Raises ValueError, naming the heading or the concept and its field, where that cannot be done.
    """
    known = {_key(name): name for name in sections}
    _check_sections(tracker, known)
    _check_codes(tracker)
    text = "\n\n".join(_blocks(tracker))
    lines = text.split("\n")
    if _footer_start(lines, known) < len(lines):
        raise ValueError("sub-section 'Comments' with no concept after it would be read as the page's footer")
    return text and f"{text}\n"


class _Page:
    """A page while it is read line by line: where it stands, and what it has gathered."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known
        self.faults: list[Fault] = []
        self._sections: dict[str, _Subsections] = {}
        self._section: str | None = None
        self._concepts: list[TrackerConcept] | None = None
        self._first_lines: dict[str, int] = {}

    def read(self, number: int, line: str) -> None:
        """Read the next line: a concept, a heading, or nothing of the tracker."""
        body = _bare(line)
        if not body or _RULE.fullmatch(body):
            return
        if is_concept_line(body):
            problems = self._read_concept(number, body)
        elif section := self.known.get(_key(body)):
            problems = self._begin_section(section)
        else:
            problems = self._begin_subsection(body)
        self.faults.extend(Fault(number, line, problem) for problem in problems)

    def tracker(self) -> Tracker:
        """The page so far, without the lines that have faults."""
        return Tracker(tuple(TrackerSection(name, _frozen(subs)) for name, subs in self._sections.items()))

    def _begin_section(self, name: str) -> list[str]:
        self._sections.setdefault(name, {})
        self._section = name
        self._concepts = None
        return []

    def _begin_subsection(self, body: str) -> list[str]:
        if self._section is None:
            return []
        name = _heading(body)
        if not _is_heading(name):
            return ["neither a concept, which begins with a code such as MATH-011, nor a heading"]
        _, self._concepts = self._sections[self._section].setdefault(_key(name), (name, []))
        return []

    def _read_concept(self, number: int, body: str) -> list[str]:
        line = read_concept(body)
        problems = [*line.problems, *self._misplacement()]
        first = self._first_lines.setdefault(line.code, number) if line.code else number
        if first != number:
            problems.append(f"the code {line.code} stands twice, first at line {first}")
        if line.concept and self._concepts is not None and not problems:
            self._concepts.append(line.concept)
        return problems

    def _misplacement(self) -> list[str]:
        if self._section is None:
            return [f"a concept before the first section; the sections are {', '.join(self.known.values())}"]
        if self._concepts is None:
            return [f"a concept before the first sub-section of {self._section}"]
        return []


def _frozen(subsections: _Subsections) -> tuple[TrackerSubsection, ...]:
    return tuple(TrackerSubsection(name, tuple(concepts)) for name, concepts in subsections.values())


def _bare(line: str) -> str:
    """A line without indentation, a byte order mark and Markdown's heading marks."""
    return line.strip().removeprefix("\ufeff").lstrip("#").strip()


def _heading(body: str) -> str:
    """A heading without the colon and the closing marks that some editors put after it."""
    unmarked = body.rstrip("#")
    name = unmarked if unmarked[-1:].isspace() else body
    return name.rstrip().rstrip(":").rstrip()


def _is_heading(name: str) -> bool:
    """Whether a sub-section of this name, or a section if it is known, would be read back as named."""
    single_line = not _LINE_BREAK.search(name)
    plain = name == _heading(_bare(name)) and not name.startswith(tuple(BULLETS))
    return bool(name) and single_line and plain and not _RULE.fullmatch(name) and not is_concept_line(name)


def _key(heading: str) -> str:
    """What two headings share that are the same but for case, spacing and marks."""
    return " ".join(_heading(_bare(heading)).split()).casefold()


def _footer_start(lines: Sequence[str], known: Collection[str]) -> int:
    """Index of the `Comments` heading that no concept line follows, or the number of lines."""
    if _FOOTER in known:
        return len(lines)
    concepts = [index for index, line in enumerate(lines) if is_concept_line(_bare(line))]
    after = range(concepts[-1] + 1 if concepts else 0, len(lines))
    return next((index for index in after if _key(lines[index]) == _FOOTER), len(lines))


def _blocks(tracker: Tracker) -> Iterator[str]:
    """The parts of the page that blank lines separate."""
    for section in tracker.sections:
        yield section.name
        for subsection in section.subsections:
            yield subsection.name
            if subsection.concepts:
                yield "\n".join(map(write_concept, subsection.concepts))


def _check_sections(tracker: Tracker, known: dict[str, str]) -> None:
    _check_distinct("section", [section.name for section in tracker.sections])
    for section in tracker.sections:
        if known.get(_key(section.name)) != section.name:
            raise ValueError(f"section {section.name!r} is none of {', '.join(known.values())}")
        if not _is_heading(section.name):
            raise ValueError(f"section {section.name!r} would not be read back the same")
        names = [subsection.name for subsection in section.subsections]
        _check_distinct(f"{section.name}: sub-section", names)
        for name in names:
            if not _is_heading(name) or _key(name) in known:
                raise ValueError(f"{section.name}: sub-section {name!r} would not be read back the same")


def _check_distinct(kind: str, names: Sequence[str]) -> None:
    counts = Counter(map(_key, names))
    for name in names:
        if counts[_key(name)] > 1:
            raise ValueError(f"{kind} {name!r} stands twice")


def _check_codes(tracker: Tracker) -> None:
    sections = tracker.sections
    codes = Counter(c.code for section in sections for sub in section.subsections for c in sub.concepts)
    for code, count in codes.items():
        if count > 1:
            raise ValueError(f"concept {code}: code stands twice")
