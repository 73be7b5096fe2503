"""One concept as one line: `CODE Name (Priority, Status, Week N) :: Formula: … :: Notes: …`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

BULLETS = "•-*"
EXAMPLE_LINE = (
    "• MATH-011 Chain Rule (High, Not Started, Week 1) :: Formula: d/dx f(g(x)) = f'(g(x))g'(x)"
    " :: Interview: How is chain rule used in backprop? :: Resource: https://example.org/chain-rule"
    " :: Notes: Backpropagation foundation"
)

_ATTRIBUTES = {
    "Formula": "formula",
    "Interview": "interview_question",
    "Resource": "resource_url",
    "Notes": "notes",
}
_PRIORITIES = {"high": "High", "medium": "Medium", "low": "Low"}
_STATUSES = {
    "not started": "Not Started",
    "learning": "Learning",
    "in progress": "Learning",
    "mastered": "Mastered",
}
_CODE = re.compile(r"[0-9]*[A-Z][A-Z0-9]*-[0-9]+")
_CODE_FIRST = re.compile(rf"{_CODE.pattern}(?![\w-])")
_WEEK = re.compile(r"week\s*0*([1-9][0-9]{0,3})", re.IGNORECASE)
# A second colon keeps `x :: Vector::new` a value; lower case keeps `a :: b` and `a :: int: b` values.
_LABEL = re.compile(r"\s::\s+([A-Z][\w-]*):(?!:)")


@dataclass(frozen=True, slots=True)
class TrackerConcept:
    """A concept as the tracker states it; an optional field that its line leaves out is empty."""

    code: str
    name: str
    priority: str
    status: str
    week: int
    formula: str = ""
    interview_question: str = ""
    resource_url: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ConceptLine:
    """What a concept line says: its code, empty where it has none; the concept, unless it has problems."""

    code: str
    concept: TrackerConcept | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Slot:
    """One of the three words in the parentheses: what it is, what it may be, how it is read."""

    name: str
    choices: str
    read: Callable[[str], str | None]


def is_concept_line(line: str) -> bool:
    """Whether the line means to be a concept, rightly written or not.

    With or without a bullet: it begins with a code, has a field, or ends with a week among other words in
    parentheses.
    """
    body = _without_bullet(line)
    if _CODE_FIRST.match(body) or _LABEL.search(body):
        return True
    words = (_split_head(body)[1] or "").split(",")
    return len(words) > 1 and any(word.strip().casefold().startswith("week") for word in words)


def read_concept(line: str) -> ConceptLine:
    """Read a concept line, with or without its bullet, and collect every problem it has."""
    problems: list[str] = []
    head, values = _read_fields(_without_bullet(line), problems)
    title, details = _split_head(head)
    code, name = _read_title(title, problems)
    priority, status, week = _read_details(details, problems)
    if problems:
        return ConceptLine(code, None, tuple(problems))
    return ConceptLine(code, TrackerConcept(code, name, priority, status, int(week), **values), ())


def write_concept(concept: TrackerConcept) -> str:
    """Write a concept as its bulleted line.

    Raises ValueError, naming concept and field, where a value would not be read back the same.
    """
    for field in fields(concept):
        if problem := _why_not_writable(field.name, getattr(concept, field.name)):
            raise ValueError(f"concept {concept.code}: {field.name} {problem}")
    return _write(concept)


def _without_bullet(line: str) -> str:
    body = line.strip()
    return body[1:].strip() if body.startswith(tuple(BULLETS)) else body


def _read_fields(body: str, problems: list[str]) -> tuple[str, dict[str, str]]:
    """Split a line into what stands before its first field, and its fields by attribute."""
    labels = list(_LABEL.finditer(body))
    head, *ends = [label.start() for label in labels] + [len(body)]
    values: dict[str, str] = {}
    for label, end in zip(labels, ends, strict=True):
        attribute = _ATTRIBUTES.get(label[1])
        if attribute is None:
            problems.append(f"unknown field '{label[1]}:' (the fields are {', '.join(_ATTRIBUTES)})")
        elif attribute in values:
            problems.append(f"the field '{label[1]}:' stands twice")
        else:
            values[attribute] = body[label.end() : end].strip()
    return body[:head], values


def _split_head(head: str) -> tuple[str, str | None]:
    """Split `CODE Name (words)` before its last parentheses; names may have parentheses of their own."""
    head = head.strip()
    title, parenthesis, details = head.removesuffix(")").rpartition("(")
    if not head.endswith(")") or not parenthesis or ")" in details:
        return head, None
    return title.strip(), details


def _read_title(title: str, problems: list[str]) -> tuple[str, str]:
    first, *rest = title.split(maxsplit=1) or [""]
    code = first if _CODE.fullmatch(first) else ""
    name = "".join(rest) if code else title
    if not code:
        found = f", but {first!r}" if first else ""
        problems.append(f"no code such as MATH-011 (capitals or digits, hyphen, digits) at the start{found}")
    if not name:
        problems.append("no name between the code and '(Priority, Status, Week N)'")
    return code, name


def _read_details(details: str | None, problems: list[str]) -> list[str]:
    """Read priority, status and week, in any order."""
    if details is None:
        problems.append("no '(Priority, Status, Week N)' at the end or before the first field")
        return [""] * len(_SLOTS)
    words = [word.strip() for word in details.split(",")]
    found = [_take(words, slot.read) for slot in _SLOTS]
    missing = [slot for slot, value in zip(_SLOTS, found, strict=True) if not value]
    problems.extend(f"no {slot.name} ({slot.choices}) in '({details})'" for slot in missing)
    if words and not missing:
        problems.append(f"'{words[0]}' does not belong in '({details})'")
    return found


def _take(words: list[str], read: Callable[[str], str | None]) -> str:
    """Take the first word that can be read out of `words`; empty where there is none."""
    for index, word in enumerate(words):
        if value := read(word):
            del words[index]
            return value
    return ""


def _one_of(choices: dict[str, str]) -> Callable[[str], str | None]:
    return lambda word: choices.get(" ".join(word.split()).casefold())


def _read_week(word: str) -> str | None:
    match = _WEEK.fullmatch(word)
    return match[1] if match else None


_SLOTS = (
    _Slot("priority", "High, Medium or Low", _one_of(_PRIORITIES)),
    _Slot("status", "Not Started, Learning or Mastered", _one_of(_STATUSES)),
    _Slot("week", "Week 1 to Week 9999", _read_week),
)
_PLAIN = TrackerConcept("MATH-011", "Chain Rule", "High", "Not Started", 1)


def _why_not_writable(attribute: str, value: Any) -> str | None:
    """Why a field cannot stand on a line, found by writing it on an otherwise plain one and reading that."""
    if isinstance(value, str) and ("\n" in value or "\r" in value):
        return f"{value!r} contains a line break"
    if isinstance(value, str) and value != value.strip():
        return f"{value!r} begins or ends with a space"
    trial = replace(_PLAIN, **{attribute: value})
    if read_concept(_write(trial)).concept == trial:
        return None
    return f"{value!r} would not be read back the same"


def _write(concept: TrackerConcept) -> str:
    head = f"  • {concept.code} {concept.name} ({concept.priority}, {concept.status}, Week {concept.week})"
    values = ((label, getattr(concept, attribute)) for label, attribute in _ATTRIBUTES.items())
    return head + "".join(f" :: {label}: {value}" for label, value in values if value)
