"""What holds for the project as a whole: documentation, layers, headers, backups."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.db import connection

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text()

PLANTED = {
    "concepts/services.py": "from progress.models import Evidence",
    "progress/services.py": "from quizzes.models import Attempt",
    "mlprep/shared/htmx.py": "from concepts.models import Concept",
    "concepts/models.py": "from concepts.services import render_formula",
    "quizzes/attempts/services.py": "from quizzes.attempts.views import review",
    "concepts/domain/search_text.py": "from django.utils.text import slugify",
    "quizzes/domain/clock.py": "import rest_framework",
}


@pytest.mark.parametrize("file", PLANTED)
def test_an_import_against_the_layers_is_refused(file, tmp_path):
    for folder in ("mlprep", "concepts", "progress", "quizzes"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    path = tmp_path / file
    path.write_text(f"{path.read_text()}\n{PLANTED[file]}\n")
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1, result.stdout
    assert "BROKEN" in result.stdout


def test_every_setting_that_the_environment_gives_is_in_the_readme():
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "mlprep" / "settings.py").read_text()))
    assert len(names) > 10
    assert not [name for name in names if f"`{name}`" not in README]


def test_every_command_and_make_target_is_in_the_readme():
    ours = [name for name, app in get_commands().items() if app in {"mlprep", "concepts", "progress", "quizzes"}]
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    missing = [name for name in ours if name not in README] + [
        f"make {t}" for t in targets if f"make {t}" not in README
    ]
    assert not missing


def test_every_page_has_a_strict_policy(client, db):
    policy = client.get("/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["default-src"] == directives["frame-ancestors"] == "'none'"
    assert client.get("/").headers["X-Frame-Options"] == "DENY"


def test_no_template_has_an_inline_script_style_or_handler():
    faults = [
        f"{path}: {match}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in re.findall(r"<script>|\son[a-z]+=|\sstyle=|hx-on|js:", path.read_text())
    ]
    assert not faults


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own settings")
def test_sqlite_writes_ahead_and_waits_for_its_turn(db):
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_the_secret_key_is_made_once_and_read_by_the_owner_alone(tmp_path):
    from mlprep.secrets import read_or_create_secret_key

    path = tmp_path / "var" / "secret_key"
    key = read_or_create_secret_key(path)
    assert len(key) >= 50
    assert read_or_create_secret_key(path) == key
    assert path.stat().st_mode & 0o077 == 0
