"""Backups in one process: `python -m tests.faults.copies make N FOLDER` and `… restore FILE…`, each telling as JSON."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django


def make(number: int, folder: Path) -> list[dict[str, Any]]:
    """Take so many backups, one after the other."""
    from mlprep.keeping.copies import make_backup

    return [asdict(make_backup(folder)) for _ in range(number)]


def restore(files: list[Path]) -> list[dict[str, Any]]:
    """Restore each and tell its rows by table and what the check of the data finds."""
    from mlprep.keeping.checks import CHECKS
    from mlprep.keeping.restoring import look_at
    from mlprep.keeping.restoring import restore as put_back

    return [
        {"counts": put_back(look_at(path)), "faults": [fault for check in CHECKS for fault in check.find()]}
        for path in files
    ]


if __name__ == "__main__":
    django.setup()
    verb, *arguments = sys.argv[1:]
    told = (
        make(int(arguments[0]), Path(arguments[1])) if verb == "make" else restore([Path(name) for name in arguments])
    )
    sys.stdout.write(json.dumps(told, default=str))
