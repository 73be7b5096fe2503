"""The checks behind the table: each gives back what is wrong, so that a test can see that they do find a leak."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import unified_diff

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from progress.models import User
from tests.factories import make_token
from tests.security.access import (
    EMPTY_HANDED,
    HIDDEN,
    MODERATORS,
    OPEN,
    OTHERS,
    OWN,
    SEEN_BY_MODERATORS,
    SIGNED_IN,
    STAFF,
    TABLE,
    Access,
)
from tests.security.world import WORD, Hers, Library, arguments

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
MODERATING = ("milo", "mona")
LETS_IN = {key: {"let in"} for key in ("alice", "bob", "milo", "mona")}
ABSENT = {key: {"absent"} for key in ("alice", "bob", "milo", "mona")}

EXPECTED: dict[Access, dict[str, set[str]]] = {
    OPEN: {"anonymous": {"let in"}, **LETS_IN},
    SIGNED_IN: {"anonymous": {"sign in"}, **LETS_IN},
    OWN: {"anonymous": {"sign in"}, **ABSENT, "alice": {"let in"}},
    OTHERS: {"anonymous": {"sign in"}, **LETS_IN},
    MODERATORS: {"anonymous": {"sign in"}, **ABSENT, "milo": {"let in"}, "mona": {"let in"}},
    STAFF: {"anonymous": {"sign in", "absent"}, **ABSENT, "mona": {"let in"}},
    HIDDEN: {"anonymous": {"absent"}, **ABSENT},
}


BY_TOKEN = {f"{who} {scope}s": (who, scope) for who in ("alice", "mona") for scope in ("read", "write")}
"""Programs: by a token of Alice's, or of Mona's who administers, that may read, or read and write."""


def clients_of(*users: User) -> dict[str, Client]:
    """Everybody who may come: anonymous, all users by session, and two of them by tokens of both scopes."""
    found = {"anonymous": Client()}
    for user in users:
        found[user.username] = Client()
        found[user.username].force_login(user)
    for who, (name, scope) in BY_TOKEN.items():
        key = make_token(next(user for user in users if user.username == name), scope)
        found[who] = Client(headers={"Authorization": f"Token {key}"})
    return found


@contextmanager
def undone() -> Iterator[None]:
    """Nothing that happens inside stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, method: str, path: str) -> HttpResponse:
    """An empty-handed request, undone afterwards."""
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


def expected_of(route: str, method: str, access: Access) -> dict[str, set[str]]:
    """What everybody may expect of a route's method under this declaration."""
    expected = dict(EXPECTED[access])
    if access is OWN and route.startswith(("comments:", "api-comment")):
        # The comment is Mona's.
        expected |= {"mona": {"let in"}, "alice": {"absent"}}
    if access is OTHERS:
        expected |= {"mona": {"absent"}}
    for program, (who, scope) in BY_TOKEN.items():
        if not route.startswith("api-"):
            # To a page a token is nothing: who sends one is anybody.
            expected[program] = expected["anonymous"]
        elif scope == "read" and method != "GET" and route != "api-token":
            expected[program] = {"forbidden"}
        else:
            expected[program] = expected[who]
    if route in EMPTY_HANDED:
        return {who: verdicts | {"absent"} if "let in" in verdicts else verdicts for who, verdicts in expected.items()}
    return expected


def access_faults(route: str, path: str, people: dict[str, Client], only: Iterable[str] = ()) -> list[str]:
    """Whom the route lets in or keeps out otherwise than declared. only: ask for these people alone."""
    wrong = []
    for method in METHODS:
        access = TABLE[route].get(method)
        if access is None:
            if not only and verdict(ask(people["alice"], method, path)) not in {"wrong method", "absent"}:
                wrong.append(f"{method} is not declared")
            continue
        for who, verdicts in expected_of(route, method, access).items():
            if only and who not in only:
                continue
            if (found := verdict(ask(people[who], method, path))) not in verdicts:
                wrong.append(f"{method} as {who}: {found}, not {' or '.join(sorted(verdicts))}")
    return wrong


CHANGING = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|(?<=name=\"page\" value=\")[\w-]+"
    r"|(?<=csrfmiddlewaretoken\" value=\")\w+|(?<=X-CSRFToken\": \")\w+|\d\d:\d\d(:\d\d(\.\d+)?)?|\b\d+(\.\d+)? ?ms\b"
    r"|:[\w-]{6}:[\w-]{43}|\b(an?|\d+)\xa0?\s?(second|minute)s? ago|\bnow\b"
    # How much waits is for moderators to know.
    r"|id=\"waiting-\w+\">(\d+<span class=\"unseen\"> waiting</span>)?"
)
"""Moments, signatures with one, what is drawn anew for each page, and the moderators' count."""


def page_of(client: Client, path: str) -> str:
    """The page without what differs from one visit to the next."""
    response = ask(client, "GET", path)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return CHANGING.sub("…", content.decode(errors="replace"))


def interference(
    routes: Iterable[str], alice: User, library: Library, people: dict[str, Client], only: Iterable[str] = ()
) -> dict[str, list[str]]:
    """What changes on other people's pages by what Alice has, by route; nothing of it stays."""
    watching = [who for who in ("anonymous", "bob", *MODERATING) if not only or who in only]
    visits = [
        (route, who) for route in routes for who in watching if not (route in SEEN_BY_MODERATORS and who in MODERATING)
    ]
    with undone():
        hers = Hers(alice, library)
        paths = {route: reverse(route, kwargs=arguments(route, alice, library, hers)) for route in routes}
    before = {(route, who): page_of(people[who], paths[route]) for route, who in visits}
    found: dict[str, list[str]] = {}
    with undone():
        Hers(alice, library)
        for route, who in visits:
            after = page_of(people[who], paths[route])
            differing = unified_diff(before[route, who].split("\n"), after.split("\n"), n=0, lineterm="")
            if lines := [f"{who}: {line}" for line in differing]:
                found.setdefault(route, []).extend(lines)
            if WORD in after:
                found.setdefault(route, []).append(f"{who} reads what Alice wrote")
    return found
