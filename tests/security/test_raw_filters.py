"""Whose a row is, is asked in one place a model, and in SQL that is tried here."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from mlprep.shared import sql
from progress import memories
from progress.models import User
from quizzes.flashcards import statements
from quizzes.flashcards.own_cards import write_card
from quizzes.models import Card, CardEvent, FlashcardSettings, LearnerCard
from tests.factories import learned, make_card, make_concept
from tests.security.world import Hers, Library

APPS = ("concepts", "progress", "quizzes", "mlprep")
OWNERS = {"learner", "user", "owner", "author", "reporter", "accepted_by"}
OWNERS |= {f"{owner}_id" for owner in OWNERS}
ASKING = {"filter", "get", "exclude", "Q", "get_object_or_404", "aget"}
FILTERS = {"of", "visible_to", "editable_by", "reportable_by"}
"""What a model's queryset calls its owner filters; tests/security/test_filters.py takes them out."""

ALLOWED = {
    "progress/accounts/services.py": "the token's model is REST framework's",
    "progress/accounts/views.py": "the token's model is REST framework's",
}
"""Where an owner may be asked for otherwise, and why."""


def raw_filters(source: str) -> Iterator[int]:
    """The lines on which a query asks for an owner by itself."""
    tree = ast.parse(source)
    filters = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in FILTERS]
    within = {id(part) for node in filters for part in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in within:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in ASKING and any(_names_an_owner(keyword) for keyword in node.keywords):
            yield node.lineno
        # Alice's things by way of Alice, such as `learner.attempts.all()`.
        if (
            isinstance(node.func, ast.Attribute)
            and isinstance(things := node.func.value, ast.Attribute)
            and getattr(things.value, "attr", getattr(things.value, "id", "")) in OWNERS
            and things.attr in RELATED
        ):
            yield node.lineno


def _names_an_owner(keyword: ast.keyword) -> bool:
    """Nobody's (None, isnull) and a column of the same query (F, OuterRef) are no learner."""
    path = (keyword.arg or "").split("__")
    value = keyword.value
    is_column = isinstance(value, ast.Call) and getattr(value.func, "attr", getattr(value.func, "id", "")) in {
        "F",
        "OuterRef",
    }
    is_nobody = path[-1] == "isnull" or (isinstance(value, ast.Constant) and value.value is None)
    return bool(OWNERS & set(path)) and not is_column and not is_nobody


def _related() -> set[str]:
    return {
        relation.get_accessor_name()
        for relation in User._meta.related_objects
        if relation.related_model._meta.app_label in APPS and relation.one_to_many
    }


RELATED = _related()


def sources() -> Iterator[tuple[str, str]]:
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(settings.BASE_DIR)), path.read_text()


@pytest.mark.same_anywhere
def test_whose_a_row_is_is_asked_by_the_models_own_filters_alone():
    found = {path: list(raw_filters(source)) for path, source in sources()}
    assert {path for path, lines in found.items() if lines} == set(ALLOWED), found


@pytest.mark.same_anywhere
@pytest.mark.parametrize(
    "query",
    [
        "Note.objects.filter(learner=learner)",
        "Note.objects.exclude(learner_id=1)",
        "get_object_or_404(Note, pk=1, learner=request.user)",
        "Cards.filter(Q(attempt__learner=learner) | Q(x=1))",
        "request.user.comments.filter(pk=1)",
    ],
)
def test_a_raw_filter_is_found(query):
    assert list(raw_filters(query)) == [1]
    assert list(raw_filters(f"def of(self, learner):\n    return {query}")) == []


# SQL

OWNER_CONDITION = re.compile(r"((?:\w\.)?(?:learner_id|owner_id)) = %s")


def statements_with_an_owner() -> dict[str, Any]:
    """The functions whose SQL has an owner's condition, itself or by a constant of its module."""
    constants = {
        name for name, value in vars(statements).items() if isinstance(value, str) and OWNER_CONDITION.search(value)
    }
    return {
        f"{module.__name__}.{name}": function
        for module in (statements, memories)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and (
            OWNER_CONDITION.search(source := inspect.getsource(function))
            or constants & set(re.findall(r"\{(\w+)\}", source))
        )
    }


STATEMENTS = statements_with_an_owner()


@pytest.fixture
def asked(mona, alice, bob) -> dict[str, tuple[Any, ...]]:
    """What each statement is asked for Bob, where Alice has all of it."""
    library = Library(mona)
    like = make_concept("SAFE-002")
    library.concept.confused_with.add(like)
    library.concept.prerequisites.add(like)
    Hers(alice, library)
    now = timezone.now()
    today = alice.day_of(now)
    FlashcardSettings.objects.create(learner=alice)
    due = {"state": "review", "due_on": today, "stability": 3.0, "last_on": today - timedelta(days=3)}
    steps = {"state": "learning", "due_at": now - timedelta(minutes=1), "last_on": today}
    for facts in (due, steps, {}):
        card = learned(alice, make_card(like))
        LearnerCard.objects.filter(pk=card.pk).update(**facts)
    learned(alice, make_card(library.concept))
    write_card(learner=alice, front="Front", back="Back", concept=like)
    memories.lock_memories(alice, [like.pk])
    concepts, tomorrow = [library.concept.pk, like.pk], now + timedelta(days=1)
    assert CardEvent.objects.of(alice).filter(day=today).exists()
    return {
        "fetch_settings": (bob,),
        "answered_on": (bob, today),
        "next_steps": (bob, today, now, tomorrow),
        "new_in_order": (bob, today, "week", slice(0, 20)),
        "due_reviews": (bob, today),
        "count_due": (bob, today),
        "count_due_on": (bob, [today]),
        "due_partners": (bob, today, library.concept.pk),
        "concepts_in_steps": (bob,),
        "prerequisites_of": ([library.concept.pk], bob),
        "memories_of": (bob, concepts),
        "_locked": (bob, concepts),
    }


@pytest.mark.same_anywhere
def test_the_sql_that_asks_for_an_owner_is_where_it_is_tried():
    modules = {path for path, source in sources() if OWNER_CONDITION.search(source)}
    assert modules == {"progress/memories.py", "quizzes/flashcards/statements.py"}
    assert len(STATEMENTS) == 12, sorted(STATEMENTS)


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_taking_the_owner_out_of_a_statement_shows_bob_what_is_alices(name, asked, bob, monkeypatch):
    function, short = STATEMENTS[name], name.rpartition(".")[2]
    most = {"most": 50} if short == "count_due" else {}
    if short == "prerequisites_of":
        # It asks for the library's cards too; Alice's own are what Bob has no business with.
        Card.objects.in_library().update(retired=True)
    before = function(*asked[short], **most)
    for asking in ("rows", "column"):
        monkeypatch.setattr(sql, asking, _without_the_owner(getattr(sql, asking), function.__name__))
    assert function(*asked[short], **most) != before


def _without_the_owner(ask: Any, function: str) -> Any:
    def asking(text: str, *values: Any) -> Any:
        if sys._getframe(1).f_code.co_name == function:
            text, taken_out = OWNER_CONDITION.subn(r"\1 >= 0 * %s", text)
            assert taken_out == 1
        return ask(text, *values)

    return asking
