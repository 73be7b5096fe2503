"""Old and new code side by side: old processes and pages that are open go on finding what is theirs."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

pytestmark = pytest.mark.same_anywhere


def as_make_collects() -> list[str]:
    """The command by which `make` collects them, word by word."""
    found = re.search(r"python manage\.py (collectstatic [^)]+)\)", (settings.BASE_DIR / "Makefile").read_text())
    assert found
    return shlex.split(found[1])


def test_an_upgrade_keeps_the_files_that_running_processes_and_open_pages_ask_for(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_DIRS = [tmp_path / "built"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    style: Path = tmp_path / "built" / "site.css"
    style.parent.mkdir()
    for text in ("a { color: red }", "a { color: blue }"):
        style.write_text(text)
        call_command(*as_make_collects())
    assert sorted(path.read_text() for path in settings.STATIC_ROOT.glob("site.*.css")) == [
        "a { color: blue }",
        "a { color: red }",
    ]


def test_templates_of_the_new_code_do_not_reach_a_process_that_serves_the_old():
    """`git pull` puts them where it runs; they may ask for addresses and files that its code does not know."""
    program = (
        "import mlprep.wsgi\n"
        "from django.template import engines\n"
        "from django.template.loader import get_template\n"
        "(cached,) = engines['django'].engine.template_loaders\n"
        "for loader in cached.loaders:\n"
        "    loader.get_contents = None\n"
        "get_template('base.html'), get_template('404.html'), get_template('account/login.html')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
