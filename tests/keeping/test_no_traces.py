"""Commands that a database away or damaged stops say so in a sentence."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.same_anywhere
AWAY = "postgres://nobody@127.0.0.1:1/none"


def run(command: str, **given: str) -> str:
    """What the command, which fails, says."""
    dropped = {"SECRET_KEY", "DATABASE_URL", "CACHE_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    ran = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=settings.BASE_DIR,
        env={**kept, "DJANGO_SETTINGS_MODULE": "mlprep.settings", **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    return ran.stderr


@pytest.mark.parametrize("command", ["set_up", "check_data", "backup"])
def test_a_database_that_is_away_is_told(command, tmp_path):
    said = run(command, DATA_DIR=str(tmp_path), DATABASE_URL=AWAY)
    assert "The database does not answer: " in said
    assert "Connection refused" in said


@pytest.mark.parametrize("command", ["set_up", "check_data", "backup"])
def test_a_damaged_database_is_told_with_the_way_out(command, tmp_path):
    (tmp_path / "mlprep.sqlite3").write_bytes(b"no database of SQLite's at all" * 1000)
    said = run(command, DATA_DIR=str(tmp_path))
    assert "The database is damaged: " in said
    assert "manage.py restore" in said
