"""Strings that trip software up, in every field: stored as they are or refused in words, never a server fault."""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from drf_spectacular.generators import SchemaGenerator

from progress.models import Comment, Note
from quizzes.models import Card
from tests.security.checking import undone
from tests.security.naughty import NO_TEXTS, PLAIN, SHARP, UNFIT, chunks
from tests.security.stage import Stage
from tests.security.walking import Field, Form, all_forms, pages_of

CHOSEN = {"select", "radio", "checkbox", "button", "number", "date"}


@pytest.fixture
def stage(alice, mona) -> Stage:
    return Stage(alice, mona)


def fields_once(forms: list[Form]) -> Iterator[tuple[Form, str, Field]]:
    """Each field of each route once, and once more where it is of another sort there, as questions' answers are."""
    seen = {}
    for form in forms:
        for name, field in form.fields.items():
            if name != "csrfmiddlewaretoken":
                seen.setdefault((form.route, name, field.kind, field.longest), (form, name, field))
    yield from seen.values()


AGAIN = bool(os.environ.get("DATABASE_TESTS_ONLY"))
"""On a second database only what databases differ in is sent: what they do not hold, and the sharpest strings."""


def texts_for(field: Field) -> Iterator[str]:
    """What goes into a field: the sharpest strings alone, and all of them, as many at once as there is room for."""
    if field.kind in CHOSEN:
        yield from SHARP[:3]
        return
    yield from SHARP[:10]
    room = field.longest or 10_000
    if not AGAIN:
        # A word's length holds one string at a time; every sixth of them there.
        yield from chunks(PLAIN if room >= 100 else PLAIN[::6], room)
    yield from chunks(UNFIT, room)


def outcome(response: HttpResponse) -> str:
    """What is wrong with an answer; empty for one as it should be."""
    if response.status_code >= 500:
        return repr(response.exc_info[1]) if hasattr(response, "exc_info") else f"status {response.status_code}"
    is_refused_in_words = response.status_code != 400 or len(response.content) > 20
    return "" if is_refused_in_words else f"refused without a word: {response.content!r}"


def test_no_form_fails_on_any_string_in_any_field(alice, stage):
    client, visitor = Client(raise_request_exception=False), Client(raise_request_exception=False)
    client.force_login(alice)
    mine = all_forms(client, [*pages_of(stage.arguments), *stage.more_pages]) + stage.made_by_scripts()
    visitors = all_forms(visitor, [reverse("account_login"), reverse("account_signup")])
    faults, sent = [], 0
    for who, forms in ((client, mine), (visitor, visitors)):
        for form, name, field in fields_once(forms):
            for text in texts_for(field):
                sent += 1
                with undone():
                    if wrong := outcome(form.send(who, **{name: text})):
                        faults.append(f"{form.route}, {name}={text[:20]!a}: {wrong[:150]!a}")
    print(f"{sent} forms sent")
    assert faults == []
    assert sent > 1_200


@cache
def schema() -> dict[str, Any]:
    """What the API says of itself."""
    return dict(SchemaGenerator().get_schema(public=True))


def operations(method_has_body: bool) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of what the API does, from its own schema."""
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            if ("requestBody" in operation) == method_has_body:
                yield path, method, operation


def properties(operation: dict[str, Any]) -> dict[str, Any]:
    """The fields of an operation's body."""
    name = operation["requestBody"]["content"]["application/json"]["schema"].get("$ref", "").rpartition("/")[2]
    return dict(schema()["components"]["schemas"][name]["properties"]) if name else {}


RIGHT = {
    "body": "A remark",
    "status": "learning",
    "answer": "a",
    "flagged": True,
    "points": [1],
    "rating": "good",
    "idempotency_key": "a-key-of-its-own",
    "code": "x = 1",
    "what": "hint",
    "number": 1,
    "username": "alice",
    "password": "wrong",
}
"""What stands in the other fields meanwhile, so that they are no reason to refuse."""


def test_no_call_of_the_api_fails_on_any_value_in_any_field(alice, stage):
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    plain = [] if AGAIN else chunks(PLAIN, 1_900)
    texts = [json.dumps(text) for text in (*SHARP[:8], *plain, *chunks(UNFIT, 1_900))]
    faults, sent = [], 0
    for path, method, operation in operations(True):
        names = properties(operation)
        address = api_address(path, stage)
        for name in names:
            others = {key: json.dumps(value) for key, value in RIGHT.items() if key in names and key != name}
            for value in (*texts, *NO_TEXTS[::2]):
                body = ", ".join(f"{json.dumps(key)}: {raw}" for key, raw in {**others, name: value}.items())
                sent += 1
                with undone():
                    response = client.generic(method.upper(), address, f"{{{body}}}", content_type="application/json")
                if wrong := outcome(response):
                    faults.append(f"{method} {path}, {name}={value[:30]!a}: {wrong[:150]!a}")
    print(f"{sent} calls made")
    assert faults == []
    assert sent > 1_000


def api_address(path: str, stage: Stage) -> str:
    """The address that a path of the schema stands for."""
    plain = path.replace("{code}", "SAFE-001").replace("{slug}", "safe-topic").replace("{topic}", "safe-topic")
    plain = plain.replace("{name}", "double").replace("{number}", "1").replace("{run}", str(stage.hers.mock_run.pk))
    route = resolve(plain.replace("{id}", "1").replace("{pk}", "1")).view_name if "runs/{" not in plain else ""
    known = stage.arguments(route).get("pk", 1) if route else 1
    return plain.replace("{id}", str(known)).replace("{pk}", str(known))


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "\xff", '{"body": "a', "[" * 100_000, '{"a":' * 5_000])
def test_a_body_that_is_no_json_object_is_refused_in_words(as_alice, stage, body):
    for path, method, _ in operations(True):
        address = api_address(path, stage)
        with undone():
            response = as_alice.generic(
                method.upper(), address, body.encode("latin-1"), content_type="application/json"
            )
        assert response.status_code < 500, path
        assert response.status_code < 300 or len(response.content) > 10, path


NAMES = (
    *(
        "page",
        "view",
        "month",
        "run",
        "history",
        "typed",
        "card",
        "concept",
        "week",
        "question",
        "show",
        "open",
        "span",
    ),
    *(
        "role",
        "key",
        "on",
        "next",
        "search",
        "section",
        "priority",
        "status",
        "ordering",
        "page_size",
        "q",
        "order",
        "kind",
    ),
)


def test_no_address_fails_on_any_string_after_its_question_mark(alice, stage):
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    faults = []
    pages = [*pages_of(stage.arguments), *stage.more_pages]
    pages += [api_address(path, stage) for path, method, _ in operations(False) if method == "get"]
    for page in pages:
        for text in SHARP[:4] if AGAIN else (*SHARP[:4], *SHARP[8:14]):
            form = Form(page, page, "get", {name: Field("hidden") for name in NAMES})
            with undone():
                if wrong := outcome(form.send(client, **dict.fromkeys(NAMES, text))):
                    faults.append(f"{page}?…={text[:20]!a}: {wrong[:150]!a}")
    assert faults == []


TEXTS = [*chunks(PLAIN, 9_000), *SHARP[14:16], "\u202e\U0001f600\u0300"]


def as_read(text: str) -> str:
    """A text as it comes back: line ends are one character."""
    return text.replace("\r\n", "\n").strip()


def test_what_is_accepted_comes_back_as_it_was(as_alice, stage):
    code = stage.library.concept.code
    for text in TEXTS:
        with undone():
            as_alice.post(reverse("comments:create", args=[code]), {"body": text})
            assert as_read(Comment.objects.latest("pk").body) == as_read(text)
            as_alice.post(reverse("notes:concept", args=[code]), {"body": text})
            assert as_read(Note.objects.get(learner=stage.alice, concept__code=code).body) == as_read(text)
            as_alice.post(reverse("flashcards:new"), {"front": text.replace("{{c", "{{"), "back": text})
            assert as_read(Card.objects.latest("pk").content["back"]) == as_read(text)
            body = json.dumps({"body": text})
            as_alice.put(reverse("api-concept-note", args=[code]), body, content_type="application/json")
            shown = as_alice.get(reverse("api-concept-note", args=[code])).json()["body"]
            assert as_read(shown) == as_read(text)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "a\udfffb"])
def test_what_no_database_holds_is_refused_with_the_reason(as_alice, stage, text):
    for route in ("api-concept-comments", "api-concept-note"):
        method = as_alice.put if route.endswith("note") else as_alice.post
        response = method(
            reverse(route, args=["SAFE-001"]), json.dumps({"body": text}), content_type="application/json"
        )
        assert response.status_code == 400
        assert re.search("not allowed|no character", response.content.decode())
