"""Whose a row is, is asked in one place a model; SQL is tried in test_sql_filters.py."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from progress.models import User

APPS = ("concepts", "progress", "quizzes", "mlprep")
OWNERS = {"learner", "user", "owner", "author", "reporter", "accepted_by"}
OWNERS |= {f"{owner}_id" for owner in OWNERS}
ASKING = {"filter", "get", "exclude", "Q", "get_object_or_404", "aget"}
FILTERS = {"of", "visible_to", "editable_by", "reportable_by"}
"""What a model's queryset calls its owner filters; tests/security/test_filters.py takes them out."""

ALLOWED = {
    "progress/accounts/tokens.py": "tokens of several users are taken back at once",
    "progress/accounts/letters.py": "allauth's addresses, of which the model is not ours",
    "progress/accounts/views.py": "allauth's accounts elsewhere and sessions, of which the models are not ours",
}
"""Where an owner may be asked for otherwise, and why."""

EVERYBODYS = ["progress.Invitation"]
"""Administrators' alone."""


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
    while len(path) > 1 and path[-1] in {"in", "pk", "id", "exact"}:
        path.pop()
    value = keyword.value
    is_column = isinstance(value, ast.Call) and getattr(value.func, "attr", getattr(value.func, "id", "")) in {
        "F",
        "OuterRef",
    }
    is_nobody = isinstance(value, ast.Constant) and value.value is None
    return path[-1] in OWNERS and not is_column and not is_nobody


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


@pytest.mark.same_anywhere
def test_everything_that_belongs_to_somebody_has_the_filter():
    without = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in APPS
        and any(field.name in OWNERS and field.related_model is User for field in model._meta.concrete_fields)
        and not hasattr(model._default_manager.all(), "of")
    ]
    assert without == EVERYBODYS
