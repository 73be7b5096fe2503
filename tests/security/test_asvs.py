"""SECURITY.md answers every requirement of ASVS 5.0's levels 1 and 2, and names only tests and files that exist."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "SECURITY.md").read_text()
_ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (met|not applicable|not met) \| (.+) \|$", re.MULTILINE)
_NAMED = re.compile(r"(?<![\w/])((?:tests|mlprep|progress|quizzes|concepts|static|templates)/[\w/.-]+\w)(?:::(\w+))?")

LEVELS = {
    "V1": "1: 22 / 2: 111112222 / 3: 11222222222 / 4: 222 / 5: 12",
    "V2": "1: 122 / 2: 112 / 3: 1222 / 4: 2",
    "V3": "2: 11 / 3: 1222 / 4: 112222 / 5: 11122 / 7: 22",
    "V4": "1: 122 / 2: 2 / 3: 22 / 4: 1222",
    "V5": "1: 2 / 2: 112 / 3: 11 / 4: 222",
    "V6": "1: 122 / 2: 111111112222 / 3: 1122 / 4: 1122 / 5: 22222 / 6: 222 / 8: 2222",
    "V7": "1: 222 / 2: 1111 / 3: 22 / 4: 11222 / 5: 22 / 6: 22",
    "V8": "1: 12 / 2: 112 / 3: 1 / 4: 2",
    "V9": "1: 111 / 2: 1222",
    "V10": "1: 22 / 2: 22 / 3: 2222 / 4: 11111222222 / 5: 22222 / 6: 22 / 7: 222",
    "V11": "1: 22 / 2: 222 / 3: 112 / 4: 1222 / 5: 2 / 6: 2",
    "V12": "1: 122 / 2: 11 / 3: 2222",
    "V13": "1: 2 / 2: 22222 / 3: 22 / 4: 12222",
    "V14": "1: 22 / 2: 1222 / 3: 122",
    "V15": "1: 122 / 2: 122 / 3: 1222222",
    "V16": "1: 2 / 2: 22222 / 3: 2222 / 4: 222 / 5: 222",
    "V17": "1: 2 / 2: 2222 / 3: 22",
}
"""The level of each requirement up to 2, a digit each, by chapter and section; those of level 3 stand last."""


def required() -> dict[str, str]:
    """Level by id."""
    found = {}
    for chapter, sections in LEVELS.items():
        for section in sections.split(" / "):
            number, levels = section.split(": ")
            for place, level in enumerate(levels, start=1):
                found[f"{chapter}.{number}.{place}"] = level
    return found


def test_every_requirement_is_answered_once_with_its_level():
    rows = _ROW.findall(TEXT)
    names = [row[0] for row in rows]
    assert len(names) == len(set(names))
    assert {name: level for name, level, *_ in rows} == required()
    assert list(required().values()).count("1") == 70
    assert list(required().values()).count("2") == 183
    assert len(rows) == len(re.findall(r"^\| V\d", TEXT, re.MULTILINE))


def test_every_answer_has_a_test_a_file_or_a_reason():
    for name, _, words, status, answer in _ROW.findall(TEXT):
        assert len(words) < 80, name
        if status == "met":
            assert len(answer) > 5, name
        if status == "not met":
            assert len(answer) > 40, f"{name}: say why, and what remains"


def test_every_test_and_file_that_is_named_exists():
    named = set(_NAMED.findall(TEXT))
    assert len([test for _, test in named if test]) > 80
    for file, test in named:
        path = ROOT / file
        assert path.exists(), file
        if test:
            assert re.search(rf"^\s*def {test}\(", path.read_text(), re.MULTILINE), f"{file}::{test}"


def test_every_section_that_is_referred_to_is_there():
    for name in set(re.findall(r"SECURITY\.md \(([^)]+)\)", TEXT)):
        for section in name.split(", "):
            assert f"### {section}\n" in TEXT or section == "What remains", section
