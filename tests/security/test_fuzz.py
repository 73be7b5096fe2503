"""Every field of every form and of the API takes whatever is sent: it is stored, or refused, and nothing breaks.

FUZZ_EXAMPLES says how often each is tried; `make fuzz` tries long.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import schemathesis
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core import NotSet

from progress.models import User
from tests.security.access import HIDDEN, MODERATORS, STAFF, TABLE
from tests.security.checking import undone
from tests.security.world import Hers, Library, arguments

pytestmark = pytest.mark.same_anywhere

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
tried = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    # Without shrinking, for what fails is told as it was sent.
    phases=[Phase.generate],
)

_SCHEMA = json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(_SCHEMA).get_all_operations()]

NASTY = st.sampled_from(
    [
        *("", " ", "\x00", "a\x00b", "\ud800", "\u202e", "é" * 500, "x" * 70_000),
        *("NaN", "Infinity", "-1", "0", "1e999", "9" * 30, "1.5", "1/0", "None", "true", "[]", "{}", "[" * 500),
        *("0000-00-00", "2026-02-30", "9999-12-31", "0001-01-01", "24:00", "../../etc/passwd", "%00", "%s%n{0}"),
        *("' OR 1=1 --", "<script>", "{{ 7*7 }}", "$\\def\\x{\\x\\x}\\x$", "javascript:alert(1)", "//evil.example"),
    ]
) | st.text(max_size=200)

_RUNS_CODE = ("runs/", "/run/")
"""Addresses that start a process for each call; what code may do is tested in the sandbox's own tests."""


@pytest.fixture
def world(alice, mona) -> tuple[Library, Hers]:
    library = Library(mona)
    return library, Hers(alice, library)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# The API


def test_no_field_of_the_api_brings_the_server_down(alice, mona, world):
    learner, moderator = signed_in(alice), signed_in(mona)
    faults = [
        fault
        for operation in OPERATIONS
        if not operation.path.endswith(_RUNS_CODE)
        for client in [moderator if is_for_moderators(operation.path) else learner]
        for fault in fault_of(calls(operation, client, alice, world), operation.label)
    ]
    assert not faults, "\n".join(faults)


def is_for_moderators(path: str) -> bool:
    """Whether learners do not find the address."""
    try:
        name = resolve(re.sub(r"{\w+}", "1", path)).view_name
    except Resolver404:
        return False
    return MODERATORS in TABLE.get(name, {}).values()


def calls(operation: Any, client: Client, alice: User, world: tuple[Library, Hers]) -> Callable[[], None]:
    """Calls of one operation with whatever its description lets through, and with what it does not."""

    @tried
    @given(case=operation.as_strategy(), hers=st.booleans())
    def check(case: Any, hers: bool) -> None:
        path = of_alice(case.formatted_path, alice, *world) if hers else case.formatted_path
        with undone():
            answered = send(client, case, path)
        assert answered.status_code < 500

    return check


def of_alice(path: str, alice: User, library: Library, hers: Hers) -> str:
    """The same address, of what is Alice's."""
    try:
        found = resolve(path)
    except Resolver404:
        return path
    return reverse(found.view_name, kwargs=arguments(found.view_name, alice, library, hers))


def send(client: Client, case: Any, path: str) -> HttpResponse:
    body = "" if isinstance(case.body, NotSet) else case.body
    if case.media_type == "application/json" or not isinstance(body, Mapping):
        content, kind = json.dumps(body) if body != "" else "", "application/json"
    else:
        content, kind = urlencode(body, errors="replace"), "application/x-www-form-urlencoded"
    query = urlencode(case.query or {}, doseq=True, errors="replace")
    return client.generic(case.method, path, content.encode(errors="replace"), content_type=kind, QUERY_STRING=query)


# Forms


@dataclass
class Form:
    """A form of a page: where it goes, and its fields with what they hold."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """All forms of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.found, self.name = path, [], ""
        self.open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(given.get("method", "get").upper(), given.get("action") or self.path)
            self.found.append(self.open)
        elif self.open and tag in {"input", "textarea", "select", "button"} and given.get("name"):
            self.name = given["name"]
            if given.get("type") not in {"radio", "checkbox"} or "checked" in given:
                self.open.fields[self.name] = given.get("value", "")
            self.open.fields.setdefault(self.name, given.get("value", ""))
            if "formaction" in given:
                self.found.append(Form("POST", given["formaction"], self.open.fields))
        elif self.open and tag == "option" and ("selected" in given or not self.open.fields.get(self.name)):
            self.open.fields[self.name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None


def forms_of(clients: Mapping[str, Client], alice: User, world: tuple[Library, Hers]) -> Iterator[tuple[Client, Form]]:
    """Each form once, by where it goes and what fields it has."""
    seen = set()
    for route, methods in TABLE.items():
        if methods.get("GET", HIDDEN) is HIDDEN or route.startswith("api-"):
            continue
        path = reverse(route, kwargs=arguments(route, alice, *world))
        client = clients["mona" if methods["GET"] in {STAFF, MODERATORS} else "alice"]
        with undone():
            page = client.get(path, follow=True)
        if not page.headers.get("Content-Type", "").startswith("text/html"):
            continue
        parser = Forms(path)
        parser.feed(page.content.decode())
        for form in parser.found:
            key = (form.method, urlsplit(form.action).path, *sorted(form.fields))
            if form.action.startswith("/") and not form.action.endswith(_RUNS_CODE) and key not in seen:
                seen.add(key)
                yield client, form


def test_no_field_of_a_form_brings_the_server_down(alice, mona, world):
    clients = {user.username: signed_in(user) for user in (alice, mona)}
    forms = [found for found in forms_of(clients, alice, world) if found[1].fields.keys() - {"csrfmiddlewaretoken"}]
    faults = [
        fault for client, form in forms for fault in fault_of(sendings(client, form), f"{form.method} {form.action}")
    ]
    assert not faults, "\n".join(faults)
    assert len(forms) > 30, "hardly any form was found"


def sendings(client: Client, form: Form) -> Callable[[], None]:
    """The form sent with some of its fields changed."""
    names = sorted(form.fields.keys() - {"csrfmiddlewaretoken"})
    cookies = client.cookies.copy()

    @tried
    @given(changed=st.dictionaries(st.sampled_from(names), NASTY, min_size=1))
    def check(changed: dict[str, str]) -> None:
        # A form that signs out does so for itself only.
        client.cookies = cookies.copy()
        body = urlencode({**form.fields, **changed}, errors="surrogatepass")
        query, content = (body, "") if form.method == "GET" else ("", body)
        kind = "application/x-www-form-urlencoded"
        with undone():
            answered = client.generic(form.method, form.action, content, content_type=kind, QUERY_STRING=query)
        assert answered.status_code < 500

    return check


def fault_of(check: Any, what: str) -> list[str]:
    """What went wrong, and with what it was sent."""
    try:
        check()
    except Exception as error:
        said = [*getattr(error, "__notes__", []), f"{type(error).__name__}: {error}"]
        return [f"{what}: " + "\n  ".join(said)[:1500]]
    return []
