"""The loaded library, kept between tests and runs: loading it takes a quarter of a minute, putting it back a moment.

The rows are kept in a file named for all that they come from, so that nothing stale is ever put back.
"""

import fcntl
import hashlib
import pickle
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction

from concepts.library.loader import load_library
from progress.models import User
from quizzes.flashcards.enrolment import enrol_everybody

_CODE = ("concepts", "quizzes", "mlprep/shared", "progress/models.py", "requirements.txt", "package-lock.json")


def put_library() -> None:
    """Load the library into the empty database of a test, with everything that a load brings along."""
    rows = _kept_rows()
    with transaction.atomic():
        for model, values in rows.items():
            found = apps.get_model(model)
            found._base_manager.bulk_create([found(**row) for row in values], batch_size=200)
        if connection.vendor == "postgresql":
            resets = connection.ops.sequence_reset_sql(no_style(), [apps.get_model(model) for model in rows])
            with connection.cursor() as cursor:
                for statement in resets:
                    cursor.execute(statement)
        enrol_everybody()


@cache
def _kept_rows() -> dict[str, list[dict[str, Any]]]:
    folder = Path(settings.BASE_DIR) / "build" / "test-data"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"library-{_digest()}.pickle"
    with (folder / "library.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for old in folder.glob("library-*.pickle"):
                old.unlink()
            path.write_bytes(pickle.dumps(_load()))
    return pickle.loads(path.read_bytes())  # noqa: S301 (written by this function)


def _load() -> dict[str, list[dict[str, Any]]]:
    """The rows that a load makes, by model; the load itself is taken back."""
    with transaction.atomic():
        User.objects.all().delete()
        load_library(settings.LIBRARY_DIR)
        rows = {model._meta.label: list(model._base_manager.values()) for model in _models()}
        transaction.set_rollback(True)
    return {model: values for model, values in rows.items() if values}


def _models() -> Iterator[type[models.Model]]:
    """The library's, those of the links between them included."""
    for app in ("concepts", "quizzes"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model._meta.managed:
                yield model


def _digest() -> str:
    whole = hashlib.sha256()
    for place in (*_CODE, "fixtures"):
        root = Path(settings.BASE_DIR) / place
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and path.suffix != ".pyc":
                whole.update(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes())
    return whole.hexdigest()[:16]
