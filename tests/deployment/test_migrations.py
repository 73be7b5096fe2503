"""Migrations work with the code before them: first expand, and contract a release later.

While an upgrade runs, old processes read and write the new tables. So a migration may add tables and columns, but an
added column is null or has a default in the database (`db_default`), of which old code need not know; and nothing that
old code uses goes away, changes its name, or gets stricter. What is no longer used goes in a later release, with a line
in EXCEPTIONS that says since when no code asks for it.
"""

from collections.abc import Iterator

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

OURS = {"concepts", "progress", "quizzes", "mlprep"}
BEFORE_THE_RULE = {"concepts": 7, "progress": 12, "quizzes": 11}
"""The last migration of each app that was made before the first release: no older code was in use."""
EXCEPTIONS: dict[tuple[str, str], str] = {}
"""A migration that contracts, and why no process that still runs needs what it takes away."""

GONE = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def has_default_for_old_code(field: models.Field) -> bool:
    """Whether a row that old code inserts, without this column, is taken."""
    return field.many_to_many or field.null or field.has_db_default()


def faults(operation: Operation, app: str, before: ProjectState, made: set[str]) -> Iterator[str]:
    """What old code could not bear. made: models that the same migration creates, in lower case."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        for part in operation.database_operations:
            yield from faults(part, app, before, made)
        return
    name = str(getattr(operation, "model_name", "")).lower()
    if isinstance(operation, GONE):
        yield f"{operation.describe()}: old code still asks for it"
    elif isinstance(operation, migrations.AddField) and name not in made:
        if not has_default_for_old_code(operation.field):
            yield f"{operation.describe()}: let it be null, or give it a db_default"
    elif isinstance(operation, migrations.AlterField) and name not in made:
        for fault in stricter(before.models[app, name].fields[operation.name], operation.field):
            yield f"{operation.describe()}: {fault}"


def stricter(old: models.Field, new: models.Field) -> Iterator[str]:
    """In what a column no longer takes what old code writes."""
    if old.null and not has_default_for_old_code(new):
        yield "old code writes null into it"
    if old.get_internal_type() != new.get_internal_type():
        yield "another type"
    if (new.max_length or 0) < (old.max_length or 0):
        yield "shorter than what old code writes"


def faults_of_all() -> dict[tuple[str, str], list[str]]:
    graph = MigrationLoader(None).graph
    found: dict[tuple[str, str], list[str]] = {}
    state = ProjectState()
    done: set[tuple[str, str]] = set()
    for leaf in graph.leaf_nodes():
        for key in graph.forwards_plan(leaf):
            if key in done:
                continue
            done.add(key)
            app, name = key
            made = {op.name.lower() for op in graph.nodes[key].operations if isinstance(op, migrations.CreateModel)}
            for operation in graph.nodes[key].operations:
                if app in OURS and int(name[:4]) > BEFORE_THE_RULE.get(app, 0):
                    found.setdefault(key, []).extend(faults(operation, app, state, made))
                operation.state_forwards(app, state)
    return {key: said for key, said in found.items() if said}


def test_old_code_can_live_with_every_migration():
    found = faults_of_all()
    assert {key: said for key, said in found.items() if key not in EXCEPTIONS} == {}
    assert set(EXCEPTIONS) <= set(found), "an exception for what needs none"
    assert all(len(reason) > 20 for reason in EXCEPTIONS.values())


def state_with_a_row() -> ProjectState:
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("word", models.CharField(max_length=20, null=True))]
    migrations.CreateModel("Row", fields).state_forwards("quizzes", state)
    return state


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("row", "word"),
        migrations.DeleteModel("Row"),
        migrations.RenameField("row", "word", "term"),
        migrations.AddField("row", "rank", models.IntegerField(default=0)),
        migrations.AlterField("row", "word", models.CharField(max_length=20, default="")),
        migrations.AlterField("row", "word", models.CharField(max_length=10, null=True)),
        migrations.AlterField("row", "word", models.TextField(null=True)),
    ],
)
def test_what_old_code_cannot_bear_is_found(operation):
    assert list(faults(operation, "quizzes", state_with_a_row(), set()))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("row", "rank", models.IntegerField(db_default=0)),
        migrations.AddField("row", "rank", models.IntegerField(null=True)),
        migrations.AlterField("row", "word", models.CharField(max_length=40, null=True, help_text="longer")),
    ],
)
def test_what_old_code_can_bear_passes(operation):
    assert not list(faults(operation, "quizzes", state_with_a_row(), set()))
