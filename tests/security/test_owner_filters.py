"""Every look at what is a learner's begins with `.of(learner)`, which test_filters.py takes out in turn."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model

OWNERS = {"learner", "owner", "author", "user"}
LOOKUPS = {"in", "pk", "id", "isnull", "exact", "username"}
ASKING = {"filter", "exclude", "get", "get_object_or_404", "get_list_or_404", "Q"}
OWN = {"concepts", "progress", "quizzes", "mlprep"}

NOT_BY_OF = {
    "progress/comments/models.py": "who may see, edit and report a comment: taken out in test_filters.py by name",
    "progress/comments/services.py": "what the author has sent before by the same key, looked up by author and key",
    "progress/accounts/tokens.py": "tokens of several users are taken back at once",
    "progress/accounts/views.py": "allauth's accounts elsewhere, of which the model is not ours",
    "progress/memories.py": "a join of two tables on the same learner, over all of them",
}


def owner_filters(path: Path) -> Iterator[tuple[int, str]]:
    """Line and keyword of each condition on an owner that is not within a method `of`."""
    tree = ast.parse(path.read_text())
    within = {
        id(node)
        for method in ast.walk(tree)
        if isinstance(method, ast.FunctionDef) and method.name == "of"
        for node in ast.walk(method)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and id(node) not in within and _name(node.func) in ASKING:
            for keyword in node.keywords:
                if _is_owner(keyword.arg or "") and not isinstance(keyword.value, ast.Constant):
                    yield node.lineno, str(keyword.arg)


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", None) or getattr(function, "id", "")


def _is_owner(keyword: str) -> bool:
    parts = [part.removesuffix("_id") for part in keyword.split("__")]
    while len(parts) > 1 and parts[-1] in LOOKUPS:
        parts.pop()
    return parts[-1] in OWNERS


def test_no_look_at_what_is_a_learners_begins_otherwise():
    found = {}
    for app in sorted(OWN):
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" not in path.parts and (lines := list(owner_filters(path))):
                found[str(path.relative_to(settings.BASE_DIR))] = lines
    assert {path: lines for path, lines in found.items() if path not in NOT_BY_OF} == {}
    assert set(NOT_BY_OF) - set(found) == set(), "an excuse that nobody needs"


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("Note.objects.filter(learner=learner)", True),
        ("Note.objects.exclude(work__learner_id=3)", False),
        ("Note.objects.exclude(work__learner_id=pk)", True),
        ("get_object_or_404(Note, author__in=them)", True),
        ("Q(plan__learner=learner)", True),
        ("Card.objects.filter(owner=None)", False),
        ("def of(self, learner):\n    return self.filter(learner=learner)", False),
        ("User.objects.filter(username=name)", False),
    ],
)
def test_the_search_finds_what_it_is_for(tmp_path, code, is_found):
    (tmp_path / "code.py").write_text(code)
    assert bool(list(owner_filters(tmp_path / "code.py"))) == is_found


def test_everything_that_belongs_to_somebody_has_the_method():
    user = get_user_model()
    without = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in OWN
        and any(field.name in OWNERS and field.related_model is user for field in model._meta.get_fields())
        and not hasattr(model._default_manager.all(), "of")
    ]
    assert without == ["progress.Comment"], "comments are everybody's to read"
