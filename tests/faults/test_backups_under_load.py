"""Backups that are taken while learners write, and each of them restored."""

import json
import time

import pytest

from tests.faults.databases import IS_POSTGRESQL, new_database
from tests.faults.installation import FULL, Installation
from tests.faults.writers import Ledger, losses, writing

pytestmark = pytest.mark.django_db

# A dump is proved by a restore of its own, so that one takes seconds, and more while many write.
BACKUPS = 20 if FULL or not IS_POSTGRESQL else 3
WRITERS = 2 if IS_POSTGRESQL else 6


def test_every_backup_made_under_load_can_be_restored(installation, tmp_path, figure, request):
    installation.start()
    ledger = Ledger()
    folder = tmp_path / "backups"
    with writing(installation, ledger, writers=WRITERS):
        while not ledger.total:
            time.sleep(0.01)
        before = ledger.total
        made = json.loads(installation.run("-m", "tests.faults.copies", "make", str(BACKUPS), str(folder)))
        during = ledger.total - before
    installation.kill()
    scratch = Installation(tmp_path, new_database(tmp_path), {})
    request.addfinalizer(scratch.database.drop)
    scratch.run("manage.py", "migrate", "--verbosity=0")
    files = [backup["path"] for backup in made]
    restored = json.loads(scratch.run("-m", "tests.faults.copies", "restore", *files))
    pairs = list(zip(made, restored, strict=True))
    right = sum(backup["counts"] == back["counts"] and not back["faults"] for backup, back in pairs)
    figure(
        f"restore from a backup made under load ×{BACKUPS}",
        f"{right} of {BACKUPS} ({during} writes while they were made, {sum(ledger.statuses.values())} refused)",
        "all: counts match, integrity ok",
    )
    assert right == BACKUPS, [back["faults"][:2] for _, back in pairs]
    assert during > BACKUPS
    assert not ledger.statuses, ledger.bad[:3]
    assert not losses(installation, ledger)
    rows = [sum(backup["counts"].values()) for backup in made]
    assert rows == sorted(rows)
    assert rows[0] < rows[-1]
