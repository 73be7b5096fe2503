"""Every route and method, for everybody, against the declared table; and nobody's page changes by what Alice has."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

from tests.security.access import ELSEWHERE, OPEN, SIGNED_IN, TABLE
from tests.security.checking import access_faults, clients_of, interference, page_of
from tests.security.world import WORD, Hers, Library, arguments


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """The names of all routes of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        else:
            yield f"{prefix}{entry.name}"


ROUTES = sorted({name for name in routes() if not name.endswith("None")})


def test_every_route_is_declared_and_every_declaration_is_of_a_route():
    ours = {name for name in ROUTES if not name.startswith(ELSEWHERE)} - {"api-schema"}
    assert ours - set(TABLE) == set()
    assert set(TABLE) - set(ROUTES) == set()


@pytest.fixture
def library(mona) -> Library:
    return Library(mona)


@pytest.fixture
def hers(alice, library) -> Hers:
    return Hers(alice, library)


@pytest.fixture
def people(alice, bob, milo, mona) -> dict[str, Client]:
    """Everybody who may come: Milo moderates, Mona administers."""
    return clients_of(alice, bob, milo, mona)


def test_a_route_lets_in_whom_it_is_declared_for_and_nobody_else(alice, library, hers, people):
    faults = {
        route: access_faults(route, reverse(route, kwargs=arguments(route, alice, library, hers)), people)
        for route in TABLE
    }
    assert {route: wrong for route, wrong in faults.items() if wrong} == {}


LISTS = sorted(route for route, methods in TABLE.items() if methods.get("GET") in {OPEN, SIGNED_IN})


def test_what_alice_has_changes_nobody_elses_page(alice, library, people):
    assert interference(LISTS, alice, library, people) == {}


def test_alices_own_pages_do_show_her_word(alice, library, hers, people):
    shown = [
        route
        for route in TABLE
        if "GET" in TABLE[route]
        and WORD in page_of(people["alice"], reverse(route, kwargs=arguments(route, alice, library, hers)))
    ]
    assert len(shown) >= 10, shown
