"""Every derivation of the topics is checked by numbers."""

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

FOLDERS = sorted(Path(settings.LIBRARY_DIR).glob("topics/*"))


def checks_of(folder: Path) -> list[Callable[[], None]]:
    spec = importlib.util.spec_from_file_location(f"derivations_{folder.name}", folder / "derivations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [check for name, check in vars(module).items() if name.startswith("check_")]


def derived(folder: Path) -> list[str]:
    """The titles under 'Mathematical foundation'."""
    text = (folder / "topic.md").read_text()
    part = text.split("\n## Mathematical foundation\n")[1].split("\n## ")[0]
    return re.findall(r"^### (.+)$", part, re.MULTILINE)


def test_there_are_21_topics():
    assert [int(folder.name[:2]) for folder in FOLDERS] == list(range(1, 22))


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(check, id=f"{folder.name}-{check.__name__.removeprefix('check_')}")
        for folder in FOLDERS
        for check in checks_of(folder)
    ],
)
def test_a_derivation_holds_in_numbers(check):
    check()


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_each_derivation_has_its_check(folder):
    assert {(check.__doc__ or "").strip().splitlines()[0] for check in checks_of(folder)} == set(derived(folder))


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_the_code_of_a_topic_runs(folder):
    names: dict[str, object] = {}
    blocks = re.findall(r"^```python\n(.*?)^```", (folder / "topic.md").read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, f"{folder.name}/topic.md", "exec"), names)
