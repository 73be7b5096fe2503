"""The shelf of the syllabus."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concepts.library.faults import Fault
from concepts.library.files import Source, check_schema, read_yaml
from concepts.library.registry import Items
from concepts.library.shelves import tracker_codes
from concepts.syllabus.models import SyllabusSource
from concepts.syllabus.schema import MOCK_KINDS, Entry, SyllabusFields, bullets_of, entries_of


@dataclass(frozen=True, slots=True)
class SyllabusSheet:
    """The syllabus's file, read."""

    source: Source
    fields: SyllabusFields


class SyllabusShelf:
    """`syllabus.yaml`."""

    name = "syllabus"

    def paths(self, root: Path) -> list[Path]:
        return sorted(root.glob("syllabus.yaml"))

    def read(self, path: Path) -> SyllabusSheet:
        source = read_yaml(path)
        return SyllabusSheet(source, check_schema(source, SyllabusFields))

    def check(self, library: Items) -> Sequence[Fault]:
        return [fault for sheet in library[self.name].values() for fault in _faults(sheet, library)]

    def prove(self, library: Items) -> Sequence[Fault]:
        return []

    def report(self, library: Items) -> Iterator[str]:
        for sheet in library[self.name].values():
            for source in sheet.fields.sources:
                bullets = list(bullets_of(source.items))
                covered = sum(bullet.covered for bullet in bullets)
                parts = sum(bool(bullet.missing) for bullet in bullets)
                yield f"{source.text}: {covered} of {len(bullets)} bullets covered, {parts} of them in part"

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        for path in changed:
            sources = items[path].fields.sources
            for position, source in enumerate(sources):
                SyllabusSource.objects.update_or_create(
                    slug=source.id,
                    defaults={
                        "position": position,
                        "title": source.text,
                        "note": source.note,
                        "entries": [entry.model_dump(exclude_defaults=True) for entry in source.items],
                    },
                )
            SyllabusSource.objects.exclude(slug__in=[source.id for source in sources]).delete()
        if not items:
            SyllabusSource.objects.all().delete()


def _faults(sheet: SyllabusSheet, library: Items) -> Iterator[Fault]:
    """Ids used twice, and links to what the library does not have."""
    checks = _checks(sheet.source.path.parent, library)
    seen: set[str] = set()
    for entry, place in entries_of(sheet.fields.sources, ("sources",)):
        if entry.id in seen:
            yield sheet.source.fault(f"id: {entry.id} is used twice; choose another", *place, "id")
        seen.add(entry.id)
        for field, exists, what in checks:
            for index, name in enumerate(_names(entry, field)):
                if not exists(name):
                    yield sheet.source.fault(f"{field}: there is no {what} {name}", *place, field, index)


def _checks(root: Path, library: Items) -> list[tuple[str, Callable[[str], bool], str]]:
    """For each kind of link: the field, whether a name exists, and what to call it.

    It is enough that the file is there: whether it is right is for its own shelf to say, and those of exercises and
    mocks, a higher app's, are read later.
    """
    folders = {path.parent.name.partition("-")[2]: path.parent for path in root.glob("topics/*/topic.md")}
    guides = {path.stem for path in root.glob("guides/*.md")}

    def has_exercise(name: str) -> bool:
        topic, _, exercise = name.partition("/")
        return topic in folders and exercise != "" and (folders[topic] / "exercises" / exercise).is_dir()

    def has_mock(name: str) -> bool:
        return name in MOCK_KINDS or (root / "mocks" / f"{name}.yaml").is_file()

    return [
        ("concepts", tracker_codes(library).__contains__, "concept"),
        ("topics", folders.__contains__, "topic"),
        ("exercises", has_exercise, "exercise"),
        ("guides", guides.__contains__, "guide"),
        ("named_in", guides.__contains__, "guide"),
        ("mocks", has_mock, "kind of mock interview or script"),
    ]


def _names(entry: Entry, field: str) -> list[str]:
    names: list[str] = getattr(entry, field)
    return names
