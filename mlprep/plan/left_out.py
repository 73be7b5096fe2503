"""What found no place, in groups that can be read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_BUILDS_ON = ": "


@dataclass(frozen=True, slots=True)
class Line:
    """One item, or all items that build on the one named. count: how many."""

    title: str
    minutes: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Items that are left out for one reason."""

    reason: str
    lines: Sequence[Line]
    count: int
    minutes: int


def grouped(left_out: Iterable[Mapping[str, Any]]) -> list[Group]:
    """Left-out items by their reason; what only builds on others comes last, as one line for each of those."""
    lines: dict[str, list[Line]] = {}
    following: dict[str, dict[str, Line]] = {}
    for left in left_out:
        reason, _, needed = str(left["reason"]).partition(_BUILDS_ON)
        if needed:
            before = following.setdefault(reason, {}).get(needed, Line(needed, 0, 0))
            following[reason][needed] = Line(needed, before.minutes + left["minutes"], before.count + 1)
        else:
            lines.setdefault(reason, []).append(Line(left["title"], left["minutes"]))
    groups = [*lines.items(), *((reason, list(many.values())) for reason, many in following.items())]
    return [
        Group(reason, many, sum(line.count for line in many), sum(line.minutes for line in many))
        for reason, many in groups
    ]
