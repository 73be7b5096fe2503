"""Which backups to keep: all of the last day, then one a day, a week and a month."""

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

DAYS, WEEKS, MONTHS = 7, 4, 6
_NAME = re.compile(r"mlprep-(\d{8}-\d{6})(?:-\d+)?\.(?:sqlite3|dump)")
_PART = re.compile(r"(.+)\.part(?:-journal)?")
_A_DAY = 86_400


def taken_at(path: Path) -> datetime | None:
    """When a backup was taken, by its name; None for a file that is none."""
    match = _NAME.fullmatch(path.name)
    return datetime.strptime(match[1], "%Y%m%d-%H%M%S") if match else None


def outdated(paths: Iterable[Path], *, days: int = DAYS, weeks: int = WEEKS, months: int = MONTHS) -> list[Path]:
    """The backups that may go, oldest first.

    The newest stays, and what is less than a day older than it; of the rest the newest of each of the last `days`
    days, `weeks` weeks and `months` months that have one. Files that are no backups are never named.
    """
    dated = sorted(((moment, path) for path in paths if (moment := taken_at(path))), reverse=True)
    if not dated:
        return []
    newest = dated[0][0]
    kept = {path for moment, path in dated if (newest - moment).total_seconds() < _A_DAY}
    for count, form in ((days, "%Y-%m-%d"), (weeks, "%G-%V"), (months, "%Y-%m")):
        first_of: dict[str, Path] = {}
        for moment, path in dated:
            first_of.setdefault(moment.strftime(form), path)
        kept.update(list(first_of.values())[:count])
    return [path for _, path in reversed(dated) if path not in kept]


def abandoned(paths: Iterable[Path], *, now: datetime) -> list[Path]:
    """Copies that were begun more than a day ago and never done: whoever made them was killed."""
    begun = ((path, taken_at(Path(match[1]))) for path in paths if (match := _PART.fullmatch(path.name)))
    return sorted(path for path, moment in begun if moment and (now - moment).total_seconds() > _A_DAY)
