"""The syllabus's file: complete, its links exist, and what is wrong is named with its line."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from concepts.library.files import FileFaults
from concepts.library.shelves import TrackerShelf
from concepts.models import SyllabusSource
from concepts.syllabus.schema import bullets_of, entries_of
from concepts.syllabus.shelf import SyllabusShelf

SHELF = SyllabusShelf()

SMALL = """sources:
  - id: list
    text: A list
    items:
      - id: list-maths
        text: Maths
        guides: [calculus]
        items:
          - id: list-maths-chain
            text: Chain rule
            concepts: [MATH-011]
            topics: [backpropagation]
            exercises: [backpropagation/gradient_check]
            mocks: [theory]
            missing: the proof
          - id: list-maths-heaps
            text: Heaps
            named_in: [how-to-prepare]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A library of a tracker, a guide or two, one topic and a small syllabus."""
    shutil.copy(settings.LIBRARY_DIR / "tracker.yaml", tmp_path)
    for name in ("guides/calculus.md", "guides/how-to-prepare.md", "topics/07-backpropagation/topic.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "topics/07-backpropagation/exercises/gradient_check").mkdir(parents=True)
    (tmp_path / "syllabus.yaml").write_text(SMALL)
    return tmp_path


def faults(root: Path) -> list[str]:
    path = root / "syllabus.yaml"
    try:
        sheet = SHELF.read(path)
    except FileFaults as error:
        return [f"{fault.line}: {fault.problem}" for fault in error.faults]
    tracker = TrackerShelf()
    library = {"tracker": {root / "tracker.yaml": tracker.read(root / "tracker.yaml")}, "syllabus": {path: sheet}}
    return [f"{fault.line}: {fault.problem}" for fault in SHELF.check(library)]


def write(root: Path, old: str, new: str) -> None:
    assert old in SMALL
    (root / "syllabus.yaml").write_text(SMALL.replace(old, new, 1))


def test_both_lists_are_there_with_all_sections_headings_and_bullets():
    """Counted against the sources, which are not part of the repository; a bullet lost would show here."""
    first, second = SHELF.read(settings.LIBRARY_DIR / "syllabus.yaml").fields.sources
    counts = [
        (
            len(source.items),
            sum(bool(entry.items) for entry, _ in entries_of(source.items, ())),
            len(list(bullets_of(source.items))),
        )
        for source in (first, second)
    ]
    assert counts == [(10, 28, 165), (17, 87, 242)]


def test_the_librarys_syllabus_links_to_what_there_is():
    assert faults(settings.LIBRARY_DIR) == []


def test_a_right_file_has_no_fault(root):
    assert faults(root) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[MATH-011]", "[MATH-999]", "11: concepts: there is no concept MATH-999"),
        ("topics: [backpropagation]", "topics: [knitting]", "12: topics: there is no topic knitting"),
        ("gradient_check]", "nothing]", "13: exercises: there is no exercise backpropagation/nothing"),
        (
            "[backpropagation/gradient_check]",
            "[backpropagation/]",
            "13: exercises: there is no exercise backpropagation/",
        ),
        ("[theory]", "[chess]", "14: mocks: there is no kind of mock interview or script chess"),
        ("[calculus]", "[cooking]", "7: guides: there is no guide cooking"),
        ("[how-to-prepare]", "[cooking]", "18: named_in: there is no guide cooking"),
        ("list-maths-heaps", "list-maths-chain", "16: id: list-maths-chain is used twice; choose another"),
    ],
)
def test_a_link_that_leads_nowhere_is_named_with_its_line(root, old, new, fault):
    write(root, old, new)
    assert faults(root) == [fault]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("text: Heaps", "txt: Heaps", 17, "Extra inputs are not permitted"),
        ("list-maths-heaps", "Heaps!", 16, "should match pattern"),
        ("text: Heaps", "text: Heaps\n            missing: everything", 16, "nothing covers this one"),
        ("guides: [calculus]", "concepts: [MATH-011]", 5, "a heading (an entry with items) has guides and a note"),
        (
            "named_in: [how-to-prepare]",
            "named_in: [how-to-prepare]\n            guides: [how-to-prepare]",
            16,
            "how-to-prepare stands under guides too",
        ),
    ],
)
def test_a_file_of_the_wrong_form_is_named_with_its_line(root, old, new, line, words):
    write(root, old, new)
    found = faults(root)
    assert any(fault.startswith(f"{line}: ") and words in fault for fault in found), found


def test_a_script_of_a_mock_interview_may_be_linked_by_its_id(root):
    (root / "mocks").mkdir()
    (root / "mocks/why-dropout.yaml").touch()
    write(root, "[theory]", "[theory, why-dropout]")
    assert faults(root) == []


def test_a_source_that_the_file_has_no_more_goes(root, db):
    path = root / "syllabus.yaml"
    SyllabusSource.objects.create(slug="old", position=5, title="Old")
    SHELF.store({path: SHELF.read(path)}, {path})
    (source,) = SyllabusSource.objects.all()
    assert source.slug == "list"
    assert source.entries[0]["items"][1] == {
        "id": "list-maths-heaps",
        "text": "Heaps",
        "named_in": ["how-to-prepare"],
    }
    SHELF.store({}, set())
    assert not SyllabusSource.objects.exists()


def test_the_report_counts_what_is_covered_and_what_only_in_part(root):
    path = root / "syllabus.yaml"
    assert list(SHELF.report({"syllabus": {path: SHELF.read(path)}})) == [
        "A list: 1 of 2 bullets covered, 1 of them in part"
    ]
