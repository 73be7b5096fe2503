"""What a learner's focus leaves aside."""

from collections.abc import Iterable
from enum import StrEnum

from progress.domain.plan.choosing import closure
from progress.domain.plan.items import HIGH, REST, Item, Kind, LeftOut


class Focus(StrEnum):
    """What a plan is about."""

    ALL = "all"
    HIGH = "high"
    THEORY = "theory"
    CODING = "coding"


_ASIDE = {
    Focus.HIGH: "Not of high priority, and nothing of high priority builds on it",
    Focus.THEORY: "Coding; your focus is on theory",
    Focus.CODING: "No exercise builds on it; your focus is on coding",
}


def in_focus(items: Iterable[Item], focus: Focus) -> tuple[list[Item], list[LeftOut]]:
    """The items that the focus keeps, each with all that it needs, and the ones left aside."""
    known = {item.key: item for item in items}
    kept = {one.key for item in known.values() if _kept(item, focus) for one in closure(item, known)}
    built_on = {need for key in kept for need in known[key].needs}
    kept |= {key for key in known if key.endswith(REST) and key.removesuffix(REST) in built_on}
    aside = [
        LeftOut(item.key, item.title, item.minutes, _ASIDE[focus], item.concepts)
        for item in known.values()
        if item.key not in kept
    ]
    return [item for item in known.values() if item.key in kept], aside


def _kept(item: Item, focus: Focus) -> bool:
    if focus is Focus.HIGH:
        return item.priority == HIGH or item.kind is Kind.FREE
    if focus is Focus.THEORY:
        return item.kind is not Kind.EXERCISE
    if focus is Focus.CODING:
        return item.kind in {Kind.EXERCISE, Kind.FREE}
    return True
