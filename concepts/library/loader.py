"""Checking and loading the whole library."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import get_script_prefix

from concepts.library.faults import Fault, LibraryFaults
from concepts.library.files import FileFaults
from concepts.library.registry import Items, Shelf, shelves
from concepts.models import LibraryFile
from mlprep.shared.rendering import RENDERER_VERSION, rendering_once

ROWS_VERSION = 3
"""Goes up when the same file gives other rows, so that all are stored anew."""


@dataclass
class Library:
    """All files of the library, read and checked."""

    items: Items = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """How many files there are, and how many of them had changed."""

    files: int
    changed: int


def check_library(root: Path) -> Library:
    """Read every file below `root` and collect every fault; nothing is written."""
    library = Library()
    for shelf in shelves():
        items = library.items[shelf.name] = {}
        for path in shelf.paths(root):
            try:
                items[path] = read_file(shelf, path)
            except FileFaults as error:
                library.faults.extend(error.faults)
        library.faults.extend(shelf.check(library.items))
    return library


def read_file(shelf: Shelf, path: Path) -> Any:
    """One file, checked by itself. Raises FileFaults."""
    try:
        return shelf.read(path)
    except RecursionError as error:
        problem = "nested too deeply to be read: take out some of its brackets, quotes or lists"
        raise FileFaults([Fault(path, 1, problem)]) from error


def load_library(root: Path) -> LoadReport:
    """Bring the database up to date with the files; learners' records stay as they are.

    Where no file has changed, nothing is read. Raises LibraryFaults, with every fault, before anything is
    written.
    """
    digests = {path: _digest(path) for shelf in shelves() for path in shelf.paths(root)}
    known = dict(LibraryFile.objects.values_list("path", "digest"))
    current = {str(path.relative_to(root)): digest for path, digest in digests.items()}
    if known == current:
        return LoadReport(len(digests), 0)
    # Writers wait while the files are stored, so nothing is rendered then that the check has rendered already.
    with rendering_once():
        library = check_library(root)
        if library.faults:
            raise LibraryFaults(library.faults)
        changed = {path for path, digest in digests.items() if known.get(str(path.relative_to(root))) != digest}
        _store(library, changed, current)
    return LoadReport(len(digests), len(changed))


@transaction.atomic
def _store(library: Library, changed: set[Path], digests: dict[str, str]) -> None:
    for shelf in shelves():
        items = library.items[shelf.name]
        shelf.store(items, changed & items.keys())
    LibraryFile.objects.exclude(path__in=digests).delete()
    for path, digest in digests.items():
        LibraryFile.objects.update_or_create(path=path, defaults={"digest": digest})


def _digest(path: Path) -> str:
    # Stored HTML links to pages with the path of SITE_URL before them.
    below = "" if get_script_prefix() == "/" else f", below {get_script_prefix()}"
    version = f"renderer {RENDERER_VERSION}, rows {ROWS_VERSION}{below}"
    return hashlib.sha256(path.read_bytes() + version.encode()).hexdigest()
