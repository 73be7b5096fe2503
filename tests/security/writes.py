"""What a valid write of every route says, and what it must not reach: rows of others, and fields that are reckoned.

`sent_by` gives the body as the learner of a world would send it. Sent by Bob with Alice's world it names her things.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.test import Client

from progress.models import User
from tests.security.access import MODERATORS, OWN, TABLE
from tests.security.world import Hers, Library

Rows = dict[tuple[str, Any], dict[str, Any]]

MOMENT, SHARE, TEXT = "2001-02-03T04:05:06Z", 0.12321, "neverstoredtext"
"""What only fields hold that nobody may write; looked for in the database afterwards."""

_WHOSE = ("learner", "owner", "author", "user", "reporter", "moderator", "accepted_by")
_MOMENTS = (
    *("created_at", "edited_at", "started_at", "finished_at", "deadline", "saved_at", "happened_at", "changed_at"),
    *("done_at", "solved_at", "reviewed_at", "requested_at", "reported_at", "settled_at", "answered_at", "date_joined"),
    *("applied_at", "ended_at", "read_at", "laid_at", "revealed_at", "active_at", "shown_at"),
)
_SHARES = (
    *("score", "own_score", "max_score", "credit", "mastery", "strength", "stability", "variance", "seconds"),
    *("guess_chance", "effort", "weight"),
)
_TEXTS = (
    *("body_html", "front_html", "back_html", "hidden_reason", "result", "source", "state", "rendered", "title"),
    *("calendar_digest", "username", "place", "board_svg"),
)
_YES = ("hidden", "is_staff", "is_superuser", "is_moderator", "passed", "solved", "retired", "is_active")


def not_to_be_written(alice: User, hers: Hers) -> dict[str, Any]:
    """What a form or serializer might take by mistake: whose it is, what it hangs on, and what is reckoned."""
    return {
        **dict.fromkeys([name for whose in _WHOSE for name in (whose, f"{whose}_id")], alice.pk),
        **{f"{name}{end}": key for name, key in _things(hers).items() for end in ("", "_id")},
        **dict.fromkeys(_MOMENTS, MOMENT),
        **dict.fromkeys(_SHARES, SHARE),
        **dict.fromkeys(_TEXTS, TEXT),
        **dict.fromkeys(_YES, "true"),
        "held": "false",
        "pk": hers.waiting.pk,
        "id": hers.waiting.pk,
    }


def _things(hers: Hers) -> dict[str, Any]:
    return {
        "card": hers.own_card.pk,
        "attempt": hers.attempt.pk,
        "quiz": hers.attempt.pk,
        "interview": hers.interview.pk,
        "work": hers.run.work_id,
        "plan": hers.task.plan_id,
        "task": hers.task.pk,
        "note": hers.note.pk,
        "session": hers.focus.pk,
        "comment": hers.waiting.pk,
        "fit": hers.fit.pk,
        "review": hers.review.pk,
    }


RUN = "0b2f5c1e-7d7a-4c7e-9b0e-0a3f4f1f2a10"
MARKS = dict.fromkeys(("intuition", "derivation", "implementation", "practice", "clarity"), 2)
CARD = {"front": "What is x?", "back": "A letter."}


def sent_by(route: str, hers: Hers, library: Library) -> dict[str, Any]:
    """A body that the route takes, where it needs one."""
    code = library.concept.code
    answer = {"card": hers.known.pk, "rating": "good", "key": "pressed-once"}
    return {
        "concepts:status": {"status": "mastered"},
        "topics:read": {"part": "worked-examples", "read": "on"},
        "guides:checklist": {"item": ["item-one"]},
        "exercises:run": {"code": "def double(x):\n    return x\n", "id": RUN},
        "exercises:draft": {"code": "# changed"},
        "exercises:hint": {"number": 1},
        "exercises:solution": {"give_up": "on"},
        "quizzes:start": {"questions": 1},
        "quizzes:answer": {"answer": "a", "flag": "on", "confidence": "sure"},
        "quizzes:rate": {"points": []},
        "flashcards:review": answer,
        "flashcards:cram": {"q": "", **answer},
        "flashcards:bulk": {"action": "suspend", "confirmed": "on", "cards": [hers.known.pk, hers.own_card.pk]},
        "flashcards:new": {**CARD, "concept": code, "tags": "mine"},
        "flashcards:preview": CARD,
        "flashcards:edit": {**CARD, "memory": "keep"},
        "flashcards:interview": {"minutes_a_day": 20},
        "flashcards:settings": {
            **{"desired_retention": 0.9, "new_per_day": 7, "reviews_per_day": 70, "maximum_interval": 900},
            **{"learning_steps": "1 10", "relearning_steps": "10", "new_order": "week", "review_order": "overdue"},
        },
        "comments:create": {"body": "A comment"},
        **{key: {"body": "changed"} for key in ("comments:preview", "comments:edit", "api-comment")},
        "moderation:report": {"reason": "abuse", "words": "Rude"},
        "settings": {"time_factor": 1.5, "time_zone": "", "day_begins_at": 5, "digest": "off"},
        "account_tokens": {"name": "A token", "scope": "write", "days": "30"},
        "account_delete": {"username": hers.learner.username},
        "api-token": {"username": hers.learner.username, "password": f"{hers.learner}'s long password"},
        "api-concept-status": {"status": "mastered"},
        "api-concept-comments": {"body": "A comment"},
        "api-comment-reports": {"reason": "abuse", "words": "Rude"},
        "api-quizzes": {"questions": 1},
        "api-quiz-answer": {"answer": "a", "confidence": "sure"},
        "api-quiz-rating": {"points": []},
        "api-quiz-flag": {"flagged": True},
        "api-card-review": {"rating": "good", "idempotency_key": "pressed-once"},
        "api-exercise-runs": {"code": "def double(x):\n    return x\n", "id": RUN},
        "plan:setup": {"kind": "made", "focus": "all", "review_weekday": 6, "minutes_0": 60},
        "plan:task": {"done": "on"},
        "plan:calendar": {"action": "new"},
        "api-plan": {"minutes": [60] * 7},
        "api-plan-task-done": {"done": True},
        "mocks:start": {"script": library.script.slug},
        "mocks:work": {"pad": "# changed", "code": "# changed", "id": RUN},
        "mocks:board": {"height": 2400, "strokes": []},
        "mocks:preview": {"pad": "# changed"},
        "mocks:rate": {**MARKS},
        "api-mocks": {"script": library.script.slug},
        "api-mock-reveals": {"what": "hint", "number": 1},
        "api-mock-work": {"pad": "changed"},
        "api-mock-runs": {"code": "x = 1", "id": RUN},
        "api-mock-rating": {**MARKS},
        "focus:start": {"subject": code, "length": 25},
        "focus:change": {"action": "discard"},
        "api-focus": {"subject": code, "minutes": 25},
        "api-focus-session": {"action": "pause"},
        "api-review": {"explain": "changed"},
        "reviews:weekday": {"weekday": 2},
        "reviews:detail": {"explain": "changed", "go": "finish"},
        "reviews:kept": {"action": "discard"},
        "notes:concept": {"body": "changed", "minutes": 5},
        "notes:topic": {"body": "changed", "minutes": 5},
        "notes:kept": {"action": "discard"},
        "api-concept-note": {"body": "changed"},
        "api-topic-note": {"body": "changed"},
    }.get(route, {})


def write(client: Client, method: str, path: str, body: dict[str, Any]) -> HttpResponse:
    """Send it as a form or, to the API, as JSON."""
    if path.startswith("/api/") or path.endswith("/board/"):
        return client.generic(method, path, json.dumps(body), content_type="application/json")
    return client.post(path, body)


_OTHERWISE = ("usersessions", "healthz", "readyz", "first_run")
"""allauth's, and what takes nothing."""

WRITES = [
    (route, method)
    for route, methods in sorted(TABLE.items())
    for method, access in methods.items()
    if method != "GET" and access is not MODERATORS and not route.startswith(_OTHERWISE)
]


# The database before and after

_APPS = {"progress", "quizzes", "authtoken"}
_MODELS = [model for model in apps.get_models() if model._meta.app_label in _APPS]


def everything() -> Rows:
    """Every row there is."""
    return {
        (model._meta.label, row[model._meta.pk.attname]): row
        for model in _MODELS
        for row in model._base_manager.values()
    }


def owner_of(key: tuple[str, Any], rows: Rows, seen: frozenset[Any] = frozenset()) -> Any:
    """The key of the user whom a row belongs to, directly or by what it hangs on; None for the library's."""
    if key in seen or key not in rows:
        return None
    label, pk = key
    if label == "progress.User":
        return pk
    references = list(_references(label, rows[key]))
    direct = [target for _, target in references if target[0] == "progress.User"]
    if direct:
        return direct[0][1]
    return next((found for _, target in references if (found := owner_of(target, rows, seen | {key}))), None)


def _references(label: str, row: dict[str, Any]) -> Iterator[tuple[str, tuple[str, Any]]]:
    for field in apps.get_model(label)._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and row[field.attname] is not None:
            yield field.name, (field.related_model._meta.label, row[field.attname])  # type: ignore[union-attr]


def trespasses(before: Rows, after: Rows, alice: User, bob: User) -> list[str]:
    """What a request of Bob's did to Alice's rows, and what of hers his rows refer to."""
    found = []
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if owner_of(key, before if was else after) == alice.pk:
            found.append(f"{key[0]} of Alice's was {'changed' if was and now else 'made' if now else 'deleted'}")
        elif now and owner_of(key, after) == bob.pk:
            found += [
                f"{key[0]}.{name} of Bob's refers to Alice's {target[0]}"
                for name, target in _references(key[0], now)
                if owner_of(target, after) == alice.pk
            ]
    return found


def overwritten(before: Rows, after: Rows) -> list[str]:
    """Fields that hold what nobody may write."""
    found = []
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        if was == now or now is None:
            continue
        for name, value in now.items():
            if was is not None and was[name] == value:
                continue
            text = str(value)
            if str(SHARE) in text or TEXT in text or "2001-02-03" in text:
                found.append(f"{key[0]}.{name} is {text[:40]}")
            if name in _YES and value is True:
                found.append(f"{key[0]}.{name} is true")
    return found


def is_of_one(route: str, method: str) -> bool:
    """Whether the address names what belongs to one learner."""
    return TABLE[route][method] is OWN
