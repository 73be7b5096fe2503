"""Installations to break: prepared once, copied for each test."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.databases import VENDOR, Database, new_database
from tests.faults.figures import NAME
from tests.faults.installation import Installation

LEARNERS, QUIZZES = 50, 620


def prepare(folder: Path, database: Database, learners: int, quizzes: int) -> Installation:
    """A migrated database with its cast."""
    made = Installation(folder, database, {})
    made.run("manage.py", "migrate", "--verbosity=0")
    made.run("manage.py", "createcachetable")
    made.cast = json.loads(made.run("-m", "tests.faults.cast", str(learners), str(quizzes)))
    return made


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("prepared")
    database = new_database(folder)
    yield prepare(folder, database, LEARNERS, QUIZZES)
    database.drop()


@pytest.fixture(scope="module")
def installation(prepared: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A copy of the prepared installation for the tests of one file; not started yet."""
    folder = tmp_path_factory.mktemp("installation")
    made = Installation(folder, prepared.database.copied_to(folder), prepared.cast)
    yield made
    made.kill()
    made.database.drop()


@pytest.fixture
def figure(record_property: Callable[[str, Any], None]) -> Callable[[str, str, str], None]:
    """Tell a fault, what was counted, and what is expected."""

    def tell(fault: str, found: str, expected: str) -> None:
        record_property(NAME, (VENDOR, fault, found, expected))

    return tell
