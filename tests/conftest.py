"""The cast and the stage: Alice owns, Bob is someone else, Milo moderates, Mona administers."""

import os
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from mlprep.shared.limits.taking import all_counters
from progress.accounts.middleware import FirstRunMiddleware
from progress.models import User
from tests.chromium import browser  # noqa: F401 (a fixture)
from tests.faults.figures import table_of
from tests.library_snapshot import put_library

# By the clock on the wall a busy machine fails what is quick; tests of speed take processor time.
hypothesis_settings.register_profile("busy-machine", deadline=None)
hypothesis_settings.register_profile(
    "fuzz", deadline=None, max_examples=20_000, suppress_health_check=list(HealthCheck)
)
hypothesis_settings.load_profile("busy-machine")


_DATABASE = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With DATABASE_TESTS_ONLY, leave out what would be the same again: what asks no database, and `same_anywhere`."""
    if not os.environ.get("DATABASE_TESTS_ONLY"):
        return
    asking = [
        item
        for item in items
        if (_DATABASE & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"))
        and not item.get_closest_marker("same_anywhere")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asking)])
    items[:] = asking


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the faults did, whether the tests passed or not."""
    if lines := table_of(terminalreporter.getreports("passed") + terminalreporter.getreports("failed")):
        terminalreporter.section("Faults: database | fault | figure | expected")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture(autouse=True)
def set_up_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are there as in an installation that has its administrator."""
    monkeypatch.setattr(FirstRunMiddleware, "has_user", True)


@pytest.fixture(autouse=True)
def empty_cache(request: pytest.FixtureRequest) -> None:
    """Rate limits start afresh in every test that has a database."""
    fixtures = request.fixturenames
    if "transactional_db" in fixtures or "live_server" in fixtures:
        request.getfixturevalue("transactional_db")
    elif "db" in fixtures:
        request.getfixturevalue("db")
    else:
        return
    cache.clear()
    for counter in all_counters():
        counter.clear_all()


@pytest.fixture
def alice(db: Any) -> User:
    return User.objects.create_user("alice", "alice@example.org", "alice's long password")


@pytest.fixture
def bob(db: Any) -> User:
    return User.objects.create_user("bob", "bob@example.org", "bob's long password")


@pytest.fixture
def milo(db: Any) -> User:
    return User.objects.create_user("milo", "milo@example.org", "milo's long password", is_moderator=True)


@pytest.fixture
def mona(db: Any) -> User:
    return User.objects.create_superuser("mona", "mona@example.org", "mona's long password")


@pytest.fixture
def as_alice(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def as_bob(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


@pytest.fixture
def as_milo(milo: User) -> Client:
    client = Client()
    client.force_login(milo)
    return client


@pytest.fixture
def as_mona(mona: User) -> Client:
    client = Client()
    client.force_login(mona)
    return client


@pytest.fixture
def library(db: Any) -> None:
    """The whole library, as an installation loads it."""
    put_library()
