"""The shelves of the library: each app registers those whose files it understands."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from concepts.library.faults import Fault

Items = dict[str, dict[Path, Any]]
"""What was read: by the shelf's name, then by file."""


class Shelf(Protocol):
    """One kind of file: how to find, read and store it."""

    name: str

    def paths(self, root: Path) -> list[Path]:
        """The shelf's files below the library's folder, in order."""

    def read(self, path: Path) -> Any:
        """One file, checked by itself. Raises FileFaults."""

    def check(self, library: Items) -> Sequence[Fault]:
        """What is wrong between files that are each right by themselves, such as an id used twice."""

    def prove(self, library: Items) -> Iterable[Fault]:
        """Faults that only running what the shelf holds can show; slow, so `check_library` alone asks for it."""

    def report(self, library: Items) -> Iterable[str]:
        """Lines on what the shelf holds, for whoever writes the files."""

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        """Write the changed files to the database and retire what no file holds any more."""


_shelves: dict[str, Shelf] = {}


def register(shelf: Shelf) -> None:
    """Add a shelf; lower apps register first, so that concepts are there before their questions."""
    _shelves[shelf.name] = shelf


def shelves() -> list[Shelf]:
    return list(_shelves.values())
