"""Installations to break: prepared once, copied for each test."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests.faults.databases import VENDOR, suites_own
from tests.faults.figures import NAME
from tests.faults.installation import Installation

LEARNERS, QUIZZES = 50, 620


@pytest.fixture(scope="session")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Installation]:
    """A database with the cast in it, which nobody uses: to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    with django_db_blocker.unblock():
        # PostgreSQL copies only what nobody is connected to.
        connections.close_all()
        made = Installation(folder, suites_own().copied_to(folder), {})
    made.cast = json.loads(made.run("-m", "tests.faults.cast", str(LEARNERS), str(QUIZZES)))
    yield made
    made.database.drop()


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
