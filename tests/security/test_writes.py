"""Every write, as Bob: with what is his it works; what is Alice's and what nobody may write stays as it is."""

from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from progress.accounts.forms import SettingsForm
from quizzes.flashcards.models import LearnerCardQuerySet
from tests.factories import make_comment
from tests.security.checking import undone
from tests.security.world import Hers, Library, arguments
from tests.security.writes import (
    WRITES,
    Rows,
    everything,
    is_of_one,
    not_to_be_written,
    overwritten,
    sent_by,
    trespasses,
    write,
)

pytestmark = pytest.mark.same_anywhere

REFUSED = {"api-mocks": 409, "api-quiz-check": 409, "api-quiz-rating": 400, "mocks:board": 422}
"""One interview runs already; the quiz is no practice and has nothing to rate; a board with more is no board."""
BY_PASSWORD = {"api-token"}
"""Where whoever knows the password is let in."""
WITHOUT_EFFECT = {
    # a password is asked for first, or there is one
    *("account_tokens", "account_delete", "account_set_password"),
    # they begin something in the session, or show how it would look
    *("flashcards:cram", "comments:preview", "flashcards:preview", "mocks:preview"),
    # refused, as above
    *REFUSED,
    "mocks:start",
    # there is nothing left to do: no letters, no fit, nothing to move, to take over or to rate, ticked before
    *("digest-off", "flashcards:model", "flashcards:undo_fit", "flashcards:target", "quizzes:rate", "guides:checklist"),
    *("mocks:take", "api-mock-take"),
}
"""Writes that store nothing here."""


class Stage:
    """Alice and Bob, each with one of everything, and what the database then holds."""

    def __init__(self, alice: Any, bob: Any, mona: Any) -> None:
        self.alice, self.bob = alice, bob
        self.library = Library(mona)
        self.hers, self.his = Hers(alice, self.library), Hers(bob, self.library, with_cards=False)
        self.public = make_comment(self.library.concept, mona)
        signed_in = Client()
        signed_in.force_login(bob)
        self.cookies = dict(signed_in.cookies)
        self.before = everything()

    def path(self, route: str, whose: Hers) -> str:
        return reverse(route, kwargs=self._names(route, whose) or arguments(route, whose.learner, self.library, whose))

    def _names(self, route: str, whose: Hers) -> dict[str, Any]:
        """Comments that are the learner's own, or that one may report; the library's belong to Mona."""
        if route in {"comments:edit", "comments:delete"}:
            return {"comment_id": whose.waiting.pk}
        return {
            "api-comment": {"pk": whose.waiting.pk},
            "moderation:report": {"comment_id": self.public.pk},
            "api-comment-reports": {"pk": self.public.pk},
        }.get(route, {})

    def body(self, route: str, whose: Hers) -> dict[str, Any]:
        return sent_by(route, whose, self.library)

    def try_to(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Rows]:
        """The status, and the database as it then is; undone afterwards."""
        client = Client()
        # What signs Bob out in one request does not in the next.
        client.cookies.update(self.cookies)
        with undone():
            status = write(client, method, path, body).status_code
            return status, everything()


@pytest.fixture
def stage(alice, bob, mona) -> Stage:
    return Stage(alice, bob, mona)


def test_what_nobody_may_write_is_not_taken_from_a_write_that_works(stage):
    extras = not_to_be_written(stage.alice, stage.hers)
    faults, with_effect = [], set()
    for route, method in WRITES:
        sent = {**extras, **stage.body(route, stage.his)}
        status, after = stage.try_to(method, stage.path(route, stage.his), sent)
        wrong = overwritten(stage.before, after) + trespasses(stage.before, after, stage.alice, stage.bob)
        if status >= 400 and REFUSED.get(route) != status:
            wrong.append(f"refused with {status}")
        if after != stage.before:
            with_effect.add(route)
        faults += [f"{method} {route}: {fault}" for fault in wrong]
    assert faults == []
    assert {route for route, _ in WRITES} - with_effect == WITHOUT_EFFECT


def test_alices_things_named_in_a_write_of_bobs_stay_hers(stage):
    named = [
        (route, method)
        for route, method in WRITES
        if route not in BY_PASSWORD and stage.body(route, stage.hers) != stage.body(route, stage.his)
    ]
    assert len(named) >= 3
    faults = []
    for route, method in named:
        _, after = stage.try_to(method, stage.path(route, stage.his), stage.body(route, stage.hers))
        faults += [f"{method} {route}: {fault}" for fault in trespasses(stage.before, after, stage.alice, stage.bob)]
    assert faults == []


def test_a_write_at_alices_address_finds_nothing_and_changes_nothing(stage):
    faults = []
    for route, method in WRITES:
        if not is_of_one(route, method) or not addressed(stage, route):
            continue
        status, after = stage.try_to(method, stage.path(route, stage.hers), stage.body(route, stage.hers))
        if status != 404 or after != stage.before:
            faults.append(f"{method} {route}: {status}{', and something changed' * (after != stage.before)}")
    assert faults == []


def addressed(stage: Stage, route: str) -> bool:
    """Whether the address names something of one learner's, and not `mine`."""
    return stage.path(route, stage.hers) != stage.path(route, stage.his)


def test_the_checks_see_a_card_that_a_missing_filter_lets_bob_change(stage, monkeypatch):
    monkeypatch.setattr(LearnerCardQuerySet, "of", lambda self, learner: self)
    route = "flashcards:bulk"
    _, after = stage.try_to("POST", stage.path(route, stage.his), stage.body(route, stage.hers))
    found = trespasses(stage.before, after, stage.alice, stage.bob)
    assert "quizzes.LearnerCard of Alice's was changed" in found


def test_the_checks_see_a_field_that_a_form_should_not_take(stage, monkeypatch):
    monkeypatch.setattr(SettingsForm._meta, "fields", [*SettingsForm._meta.fields, "is_moderator"])
    monkeypatch.setitem(SettingsForm.base_fields, "is_moderator", forms.BooleanField(required=False))
    sent = {**not_to_be_written(stage.alice, stage.hers), **stage.body("settings", stage.his)}
    _, after = stage.try_to("POST", stage.path("settings", stage.his), sent)
    assert overwritten(stage.before, after) == ["progress.User.is_moderator is true"]
