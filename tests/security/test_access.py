"""Every route and method, for everybody, against the declared table; and nobody's page changes by what Alice has."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from rest_framework.authtoken.models import Token

from tests.security.access import ELSEWHERE, EMPTY_HANDED, HIDDEN, OPEN, OWN, SIGNED_IN, STAFF, TABLE, Access
from tests.security.world import WORD, Hers, Library, arguments

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


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
def people(alice, bob, mona) -> dict[str, Client]:
    """Everybody who may come: anonymous, Alice by session and by token, Bob, and Mona, who administers."""
    found = {"anonymous": Client(), "token": Client(headers={"Authorization": f"Token {_token(alice)}"})}
    for user in (alice, bob, mona):
        found[user.username] = Client()
        found[user.username].force_login(user)
    return found


def _token(user) -> str:
    return Token.objects.create(user=user).key


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, method: str, path: str) -> HttpResponse:
    is_api = path.startswith("/api/")
    body = ("{}", "application/json") if is_api else ("", "application/x-www-form-urlencoded")
    with undone():
        return client.generic(method, path, body[0], content_type=body[1])


def verdict(response: HttpResponse) -> str:
    """`absent`, `sign in`, `forbidden`, `wrong method` or `let in`."""
    assert response.status_code < 500, response.content[:500]
    if response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/"):
        return "sign in"
    return {401: "sign in", 403: "forbidden", 404: "absent", 405: "wrong method"}.get(response.status_code, "let in")


EXPECTED: dict[object, dict[str, set[str]]] = {
    OPEN: {key: {"let in"} for key in ("anonymous", "alice", "bob", "mona", "token")},
    SIGNED_IN: {"anonymous": {"sign in"}, **{key: {"let in"} for key in ("alice", "bob", "mona")}},
    OWN: {"anonymous": {"sign in"}, "alice": {"let in"}, "bob": {"absent"}, "mona": {"absent"}},
    STAFF: {"anonymous": {"sign in", "absent"}, "alice": {"absent"}, "bob": {"absent"}, "mona": {"let in"}},
    HIDDEN: {key: {"absent"} for key in ("anonymous", "alice", "bob", "mona")},
}


def expected_of(route: str, access: Access) -> dict[str, set[str]]:
    """What everybody may expect of a route under this declaration."""
    expected = dict(EXPECTED[access])
    if access is OWN and route.startswith(("comments:", "api-comment")):
        # The comment is Mona's.
        expected |= {"mona": {"let in"}, "alice": {"absent"}}
    if route.startswith("api-") and access in {SIGNED_IN, OWN}:
        expected["token"] = expected["alice"]
    if route in EMPTY_HANDED:
        return {who: verdicts | {"absent"} if "let in" in verdicts else verdicts for who, verdicts in expected.items()}
    return expected


@pytest.mark.parametrize("route", sorted(TABLE))
def test_a_route_lets_in_whom_it_is_declared_for_and_nobody_else(route, alice, library, hers, people):
    path = reverse(route, kwargs=arguments(route, alice, library, hers))
    wrong = []
    for method in METHODS:
        access = TABLE[route].get(method)
        if access is None:
            if verdict(ask(people["alice"], method, path)) not in {"wrong method", "absent"}:
                wrong.append(f"{method} is not declared")
            continue
        for who, verdicts in expected_of(route, access).items():
            if (found := verdict(ask(people[who], method, path))) not in verdicts:
                wrong.append(f"{method} as {who}: {found}, not {' or '.join(verdicts)}")
    assert wrong == []


CHANGING = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|(?<=name=\"page\" value=\")[\w-]+"
    r"|(?<=csrfmiddlewaretoken\" value=\")\w+|(?<=X-CSRFToken\": \")\w+|\d\d:\d\d(:\d\d(\.\d+)?)?|\b\d+(\.\d+)? ?ms\b"
    r"|(?<=:)\w{6}:[\w-]{43}(?=\")"
)
"""Moments, signed ones too, and what is drawn anew for each page."""
LISTS = sorted(route for route, methods in TABLE.items() if methods.get("GET") in {OPEN, SIGNED_IN})


def page_of(client: Client, path: str) -> str:
    response = ask(client, "GET", path)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return CHANGING.sub("…", content.decode(errors="replace"))


@pytest.mark.parametrize("route", LISTS)
def test_what_alice_has_changes_nobody_elses_page(route, alice, library, people):
    with undone():
        path = reverse(route, kwargs=arguments(route, alice, library, Hers(alice, library)))
    before = {who: page_of(people[who], path) for who in ("anonymous", "bob", "mona")}
    Hers(alice, library)
    for who, page in before.items():
        after = page_of(people[who], path)
        differing = list(unified_diff(page.split("\n"), after.split("\n"), n=0, lineterm=""))
        assert differing == [], who
        assert WORD not in after


def test_alices_own_pages_do_show_her_word(alice, library, hers, people):
    shown = [
        route
        for route in TABLE
        if "GET" in TABLE[route]
        and WORD in page_of(people["alice"], reverse(route, kwargs=arguments(route, alice, library, hers)))
    ]
    assert len(shown) >= 10, shown
