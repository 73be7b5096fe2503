"""Every route and method, for everybody, against the declared table; and nobody's page changes by what Alice has."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import get_resolver, path, reverse
from django.urls.resolvers import URLResolver

from tests.security.access import ACCOUNTS, ADMIN_DOORS, ADMINISTRATION, OPEN, SIGNED_IN, TABLE
from tests.security.checking import BY_TOKEN, access_faults, ask, clients_of, interference, page_of, verdict
from tests.security.world import WORD, Hers, Library, arguments

pytestmark = pytest.mark.same_anywhere


class Route(NamedTuple):
    """A pattern of the resolver. key: its name or, without one, its address."""

    key: str
    address: str

    @property
    def example(self) -> str:
        """An address that the pattern fits, where every number is one that nobody has."""
        plain = re.sub(r"\(\?P<(\w+)>[^)]*\)+", lambda part: EXAMPLES.get(part[1], "none"), self.address)
        plain = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: EXAMPLES.get(part[1], "999999"), plain)
        return "/" + plain.replace("^", "").replace("$", "")


EXAMPLES = {"app_label": "progress", "content_type_id": "1", "url": "nowhere/", "uidb36": "zz", "key": "none"}


def routes(resolver: URLResolver | None = None, prefix: str = "", address: str = "") -> Iterator[Route]:
    """All routes of the site, with a name or without."""
    for entry in (resolver or get_resolver()).url_patterns:
        at = f"{address}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix, at)
        else:
            yield Route(f"{prefix}{entry.name}" if entry.name else at, at)


ROUTES = sorted(set(routes()))
IN_ADMINISTRATION = [route for route in ROUTES if route.address.startswith(ADMINISTRATION)]


def test_every_route_is_declared_and_every_declaration_is_of_a_route():
    ours = {route.key for route in ROUTES} - {route.key for route in IN_ADMINISTRATION}
    assert ours - set(TABLE) - set(ACCOUNTS) == set()
    assert (set(TABLE) | set(ACCOUNTS)) - ours == set()
    assert set(TABLE) & set(ACCOUNTS) == set()


@pytest.mark.same_anywhere
def test_a_route_without_a_name_is_a_route_too():
    added = [path("accounts/secret/", ask), path("accounts/x/", ask, name="account_x")]
    resolver = URLResolver(get_resolver().pattern, added)
    assert [route.key for route in routes(resolver)] == ["accounts/secret/", "account_x"]


def test_the_administration_is_for_administrators_alone(people):
    wrong = [
        f"{method} {route.example} as {who}"
        for route in IN_ADMINISTRATION
        if route.key not in ADMIN_DOORS
        for who in ("anonymous", "alice", "milo", *BY_TOKEN)
        for method in ("GET", "POST")
        if verdict(ask(people[who], method, route.example)) == "let in"
        and not _is_led_to_the_door(people[who], method, route.example)
    ]
    assert len(IN_ADMINISTRATION) > 150
    assert wrong == []
    assert ask(people["mona"], "GET", "/admin/").status_code == 200


def _is_led_to_the_door(client: Client, method: str, path: str) -> bool:
    response = ask(client, method, path)
    return response.status_code == 302 and response.headers["Location"].startswith("/admin/login/?")


def test_what_allauth_keeps_for_who_is_signed_in_asks_a_visitor_to_sign_in(people):
    asked = {
        route.key: verdict(ask(people["anonymous"], "GET", route.example))
        for route in ROUTES
        if ACCOUNTS.get(route.key) is SIGNED_IN
    }
    assert len(asked) == sum(access is SIGNED_IN for access in ACCOUNTS.values())
    assert {key: found for key, found in asked.items() if found != "sign in"} == {}


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
