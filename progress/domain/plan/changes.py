"""What would move if a plan were laid anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from progress.domain.plan.items import Kind, Task

_DAILY = {Kind.CARDS}


@dataclass(frozen=True, slots=True)
class Change:
    """A task that goes to another day. before: None for one that is new; after: None for one that falls away."""

    title: str
    kind: Kind
    minutes: int
    before: date | None
    after: date | None


def changes(before: Iterable[Task], after: Iterable[Task]) -> list[Change]:
    """The tasks whose day differs, in the order of their new days; what comes every day is not named."""
    old, new = _by_name(before), _by_name(after)
    moved = [
        Change(task.title, task.kind, task.minutes, old[name].day if name in old else None, task.day)
        for name, task in new.items()
        if name not in old or old[name].day != task.day
    ]
    gone = [
        Change(task.title, task.kind, task.minutes, task.day, None) for name, task in old.items() if name not in new
    ]
    return sorted(
        [*moved, *gone], key=lambda change: (change.after or date.max, change.before or date.min, change.title)
    )


def _by_name(tasks: Iterable[Task]) -> dict[tuple[str, int], Task]:
    return {(task.key, task.portion): task for task in tasks if task.kind not in _DAILY}
