"""The shelf of schedules: `plans.yaml`, checked with the library and read where a plan is laid."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from concepts.curriculum.schema import TopicSheet
from concepts.library.faults import Fault
from concepts.library.files import Source, check_schema, read_yaml
from concepts.library.registry import Items
from progress.plans.schema import PlansFields, ScheduleFields

FILE = "plans.yaml"


class PlanShelf:
    """Schedules, the countdown and roles. Nothing of them is in the database: no record refers to them but by key."""

    name = "plans"

    def paths(self, root: Path) -> list[Path]:
        return [path for path in [root / FILE] if path.exists()]

    def read(self, path: Path) -> tuple[Source, PlansFields]:
        source = read_yaml(path)
        return source, check_schema(source, PlansFields)

    def check(self, library: Items) -> Sequence[Fault]:
        """Topics that there are not, topics before what they build on, and keys used twice."""
        sheets: list[TopicSheet] = [sheet for sheet in library["topics"].values() if sheet is not None]
        needs = {sheet.slug: sheet.fields.prerequisites for sheet in sheets}
        return [
            fault
            for source, fields in library[self.name].values()
            for fault in (*_faults_of_schedules(source, fields, needs), *_faults_of_keys(source, fields))
        ]

    def prove(self, library: Items) -> Sequence[Fault]:
        return []

    def report(self, library: Items) -> Iterator[str]:
        for _, fields in library[self.name].values():
            yield f"{len(fields.schedules)} schedules, {len(fields.roles)} roles"

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        """The file itself is the store."""


def plans() -> PlansFields:
    """What `plans.yaml` holds now. Raises FileFaults where it has faults."""
    path = Path(settings.LIBRARY_DIR) / FILE
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed_at: int) -> PlansFields:
    return check_schema(read_yaml(path), PlansFields)


def _faults_of_schedules(source: Source, fields: PlansFields, needs: dict[str, list[str]]) -> Iterator[Fault]:
    for number, schedule in enumerate(fields.schedules):
        yield from _faults_of_order(source, number, schedule, needs)
    for place, slug in enumerate(fields.asked_most):
        if slug not in needs:
            yield source.fault(f"asked_most: there is no topic {slug}", "asked_most", place)
    for number, role in enumerate(fields.roles):
        for place, slug in enumerate(role.topics):
            if slug not in needs:
                yield source.fault(f"roles: there is no topic {slug}", "roles", number, "topics", place)


def _faults_of_order(
    source: Source, number: int, schedule: ScheduleFields, needs: dict[str, list[str]]
) -> Iterator[Fault]:
    topics = schedule.read().topics
    places = {slug: place for place, slug in enumerate(topics)}
    for place, slug in enumerate(topics):
        if slug not in needs:
            yield source.fault(f"{schedule.key}: there is no topic {slug}", "schedules", number, "weeks")
        for before in needs.get(slug, []):
            if places.get(before, -1) > place:
                yield source.fault(f"{schedule.key}: {slug} builds on {before}", "schedules", number, "weeks")
    for slug, count in Counter(topics).items():
        if count > 1:
            yield source.fault(f"{schedule.key}: {slug} begins {count} times", "schedules", number, "weeks")


def _faults_of_keys(source: Source, fields: PlansFields) -> Iterator[Fault]:
    groups = {
        "schedules": [schedule.key for schedule in fields.schedules],
        "countdown": [habit.key for habit in fields.countdown],
        "roles": [role.key for role in fields.roles],
    }
    for group, keys in groups.items():
        for key, count in Counter(keys).items():
            if count > 1:
                yield source.fault(f"{group}: the key {key} is used {count} times", group)
