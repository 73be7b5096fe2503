"""Every payload in every field of one line, and in every text that the other XSS test has no form for.

A value holds as many payloads as fit into its field; one that does not fit is sent too, and refused with what was
typed. Of each answer the lines that differ from the same form's answer to a plain word are kept, and shown to Chromium
by the hundred: what breaks out of its line or its section is seen there.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from progress.models import User
from tests.factories import make_comment
from tests.security.payloads import PAYLOADS
from tests.security.stage import Stage
from tests.security.test_fuzz import _SCHEMA
from tests.security.test_xss import eyes_of, look_at, typed_forms
from tests.security.tripwire import Tripwire
from tests.security.walking import Form, all_forms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ONE_LINE = {"text", "search", "email"}
WITHOUT_BOUND = 4_000
"""So many characters go into a field that says no length."""
ROWS_OF_A_PAGE = 400
OURS = ("concepts", "progress", "quizzes", "mlprep")

BY_SCRIPTS_AND_MACHINES = {
    **dict.fromkeys(("key", "idempotency_key", "id", "page", "seen", "version", "before", "promise", "go"), "a mark"),
    **dict.fromkeys(("base", "base_marks", "base_flags", "base_more_work"), "the mark of what was edited"),
    **dict.fromkeys(("base_explain", "base_derive", "base_implement"), "the mark of what was edited"),
}
"""What nobody types: made by a page, compared, never shown."""
ELSEWHERE = {
    **dict.fromkeys(("body", "front", "back", "explain", "derive", "implement", "more_work", "note", "pad", "code"),
                    "tests/security/test_xss.py, in all its rounds"),
    "password": "never shown again",
    "typed": "as `answer` of a quiz: graded, never shown",
    "first": "the first run's page, gone once there is a user",
    **dict.fromkeys(("script", "kind", "role"), "a choice that is none is refused"),
}  # fmt: skip


@cache
def values_of(longest: int) -> list[tuple[str, ...]]:
    """All payloads in values of at most that length; what is longer is in values that are too long anyway."""
    short = [payload for payload in PAYLOADS if len(payload) <= longest]
    return [*packed(short, longest), *packed([text for text in PAYLOADS if len(text) > longest], max(longest, 1_000))]


def packed(payloads: list[str], longest: int) -> list[tuple[str, ...]]:
    """Into as few values as goes quickly: the longest first, each where there is room."""
    values: list[list[str]] = []
    room: list[int] = []
    for payload in sorted(payloads, key=len, reverse=True):
        place = next((place for place, left in enumerate(room) if left >= len(payload) + 1), len(room))
        if place == len(room):
            values.append([])
            room.append(longest + 1)
        values[place].append(payload)
        room[place] -= len(payload) + 1
    return [tuple(value) for value in values]


@dataclass
class Rows:
    """What differs in the answers, with the policy of the first."""

    found: list[tuple[str, str]] = field(default_factory=list)
    policy: str = ""

    def add(self, path: str, response, plain: set[str]) -> None:
        self.policy = self.policy or response.headers["Content-Security-Policy"]
        lines = [line for line in response.content.decode().splitlines() if line not in plain]
        kept = "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line and "nonce" not in line)
        if "trip" in kept:
            self.found.append((path, kept))

    def show(self, eyes: list[Tripwire], site: str) -> None:
        """On pages of many rows, without the policy and with it; a row that ends or swallows others is told."""
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": self.policy}
        for start in range(0, len(self.found), ROWS_OF_A_PAGE):
            rows = self.found[start : start + ROWS_OF_A_PAGE]
            body = "".join(f"<section class=row>{row}</section>\n" for _, row in rows)
            for eye in eyes:
                address = f"{site}{rows[0][0]}"
                eye.show(address, f"<!doctype html><body><main>{body}</main>", headers)
                stand = eye.page.evaluate("document.querySelectorAll('body > main > section.row').length")
                if stand != len(rows):
                    eye.told.append(f"{address}: {stand} of {len(rows)} rows stand")


@dataclass
class Sent:
    """Which payloads went into which field."""

    payloads: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    too_long: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, form: Form, name: str, value: tuple[str, ...]) -> None:
        place = (form.route, name)
        self.payloads.setdefault(place, set()).update(value)
        longest = form.fields[name].longest
        if longest and len(" ".join(value)) > longest:
            self.too_long[place] += 1


def fill_lines(client: Client, form: Form, kinds: set[str], sent: Sent, rows: Rows) -> Iterator[str]:
    """Send the form until each of its fields had all payloads; where saved answers are to be seen is yielded."""
    names = [name for name, found in form.fields.items() if found.kind in kinds]
    others = {name: "word" for name, found in form.fields.items() if found.kind == "textarea" and name not in names}
    if "all_found" in form.fields:
        others |= {"action": "tag", "all_found": "on"}
    values = {name: values_of(form.fields[name].longest or WITHOUT_BOUND) for name in names}
    headers = {"HTTP_HX_REQUEST": "true"} if form.route == "quizzes:start" else {}
    client.defaults = headers
    plain = set(form.send(client, **others | dict.fromkeys(names, "word")).content.decode().splitlines())
    rounds = max(map(len, values.values()))
    # Once more without a concept, so that the cards are taken with their tags.
    for number in range(2 * rounds if form.route == "flashcards:new" else rounds):
        chosen = {name: values[name][number % len(values[name])] for name in names}
        if number >= rounds:
            chosen["concept"] = ()
        for name, value in chosen.items():
            sent.note(form, name, value)
        response = form.send(client, **others | {name: " ".join(value) for name, value in chosen.items()})
        assert response.status_code < 500, (form.route, chosen)
        if response.status_code == 302:
            yield response.headers["Location"]
        elif response.headers["Content-Type"].startswith("text/html"):
            rows.add(urlsplit(form.action).path, response, plain)
    client.defaults = {}


@pytest.fixture
def stage(transactional_db, alice, mona) -> Stage:
    return Stage(alice, mona)


def seldom_met(stage: Stage, bob: User, mona: User) -> Iterator[tuple[Client, Form]]:
    """Forms of those who are not signed in, who report, who moderate."""
    visitor, as_bob, as_mona = Client(), Client(), Client()
    as_bob.force_login(bob)
    as_mona.force_login(mona)
    for name in ("account_login", "account_signup"):
        yield from ((visitor, form) for form in all_forms(visitor, [reverse(name)]))
    reported = make_comment(stage.library.concept, mona, body="To be reported")
    for client, name in ((as_bob, "moderation:report"), (as_mona, "moderation:hide")):
        yield from ((client, form) for form in all_forms(client, [reverse(name, args=[reported.pk])]))


def test_no_field_of_one_line_lets_anything_act(browser: Browser, live_server, alice, bob, mona, stage, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "9000000/m")
    as_alice = Client()
    as_alice.force_login(alice)
    sent, rows, to_see = Sent(), Rows(), dict[str, None]()
    own = [(as_alice, form) for form in typed_forms(as_alice, stage)]
    for client, form in [*own, *seldom_met(stage, bob, mona)]:
        kinds = ONE_LINE if client is as_alice else {*ONE_LINE, "textarea"}
        if not any(found.kind in kinds for found in form.fields.values()):
            continue
        for place in fill_lines(client, form, kinds, sent, rows):
            to_see[place] = None
            if form.route == "quizzes:answer":
                rows.add(urlsplit(place).path, as_alice.get(place), set())
    eyes = {who: eyes_of(browser, who, live_server.url) for who in (alice, mona)}
    rows.show(eyes[alice], live_server.url)
    listed = pages_of_cards(as_alice)
    look_at(eyes[alice], live_server.url, [stage.library.concept.get_absolute_url(), *listed])
    look_at(eyes[mona], live_server.url, [reverse("moderation:queue"), stage.library.concept.get_absolute_url()])
    for place, payloads in sorted(sent.payloads.items()):
        print(*place, f"{len(payloads)} payloads, {sent.too_long[place]} values longer than the field", sep=" | ")
    print(f"{len(rows.found)} answers that show payloads, {len(listed)} pages of cards")
    assert [what for watching in eyes.values() for eye in watching for what in eye.told] == []
    assert {place: len(found) for place, found in sent.payloads.items() if len(found) < len(PAYLOADS)} == {}
    assert forgotten(name for _, name in sent.payloads) == set()
    assert len(rows.found) > 1_000
    assert len(listed) > 3


def pages_of_cards(client: Client) -> list[str]:
    """Where the cards and their tags are listed."""
    first = reverse("flashcards:browse")
    found = re.search(r"Page 1 of (\d+)", client.get(first).content.decode())
    return [f"{first}?page={number}" for number in range(1, int(found[1]) + 1 if found else 2)]


def forgotten(met: Iterable[str]) -> set[str]:
    """Fields of text, of our forms and of the API, that no form has sent payloads in and no reason is given for."""
    known = {*met, *BY_SCRIPTS_AND_MACHINES, *ELSEWHERE}
    return {f"{where}: {name}" for where, name in (*fields_of_forms(), *fields_of_the_api()) if name not in known}


def fields_of_forms() -> Iterator[tuple[str, str]]:
    """Text fields of every form class of ours."""

    def below(cls: type) -> Iterator[type]:
        for found in cls.__subclasses__():
            yield found
            yield from below(found)

    for cls in below(forms.BaseForm):
        if cls.__module__.startswith(OURS):
            for name, found in getattr(cls, "base_fields", {}).items():
                if isinstance(found, forms.CharField) and not isinstance(found.widget, forms.PasswordInput):
                    yield cls.__name__, name


def fields_of_the_api() -> Iterator[tuple[str, str]]:
    """Texts in the bodies of every call, by the schema."""
    schemas = _SCHEMA["components"]["schemas"]
    for path, calls in _SCHEMA["paths"].items():
        for call in calls.values():
            body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            fields = schemas.get(body.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
            for name, found in fields.items():
                is_text = found.get("type") == "string" and not {"enum", "format", "pattern"} & found.keys()
                if is_text and not found.get("readOnly"):
                    yield path, name
