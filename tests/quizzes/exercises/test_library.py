"""The library's exercises: solutions pass, stubs fail, plausible wrong solutions are caught; the folder runs alone."""

import ast
import io
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

from concepts.library.files import FileFaults
from concepts.models import Topic
from quizzes.domain.exercises.files import read_wrong, split_hints
from quizzes.exercises.folder import zip_of
from quizzes.exercises.models import Exercise
from quizzes.exercises.proving import prove
from quizzes.exercises.shelf import ExerciseShelf, sheets_in
from tests.factories import make_exercise

SHELF = ExerciseShelf()
SHEETS = sheets_in({path: SHELF.read(path) for path in SHELF.paths(settings.LIBRARY_DIR)})


def test_every_topic_has_at_least_five_and_all_have_at_least_100():
    counts = Counter(sheet.topic for sheet in SHEETS)
    assert len(counts) == 21
    assert min(counts.values()) >= 5
    assert len(SHEETS) >= 100


@pytest.mark.parametrize("topic", sorted({sheet.folder.parent.parent.name for sheet in SHEETS}))
def test_solutions_pass_stubs_fail_and_wrong_solutions_are_caught(topic):
    sheets = [sheet for sheet in SHEETS if sheet.folder.parent.parent.name == topic]
    assert [str(fault) for fault in prove(sheets)] == []


def test_a_wrong_solution_that_passes_is_named(tmp_path):
    folder = tmp_path / "topics" / "01-some-topic" / "exercises" / "double"
    (folder / "wrong").mkdir(parents=True)
    (folder / "exercise.md").write_text(
        "---\ntitle: Doubling\nconcepts: []\ndifficulty: easy\nminutes: 5\norder: 1\n---\nReturn twice x."
    )
    hints = "\n".join(f"    Hint {n}: think" for n in (1, 2, 3))
    (folder / "stub.py").write_text(f'def double(x):\n    """Twice x.\n\n{hints}\n    """\n    pass\n')
    costs = "    Time: O(1)\n    Space: O(1)\n"
    (folder / "solution.py").write_text(f'def double(x):\n    """Twice x.\n\n{costs}    """\n    return 2 * x\n')
    (folder / "tests.py").write_text(
        "from checks import ExerciseTestCase\nfrom exercise import double\n\n\nclass TestDouble(ExerciseTestCase):\n"
        "    def test_two(self):\n        self.assert_close(double(2), 4)\n"
    )
    for name in ("square", "add_itself", "shift"):
        code = {"square": "x * x", "add_itself": "x + x", "shift": "x << 1"}[name]
        (folder / "wrong" / f"{name}.py").write_text(
            f'"""Wrong. Caught by: test_two"""\n\n\ndef double(x):\n    return {code}\n'
        )
    sheet = SHELF.read(folder / "exercise.md")
    assert sorted(fault.path.name for fault in prove([sheet])) == ["add_itself.py", "shift.py", "square.py"]
    (folder / "wrong" / "shift.py").write_text("def double(x):\n    return 3 * x\n")
    with pytest.raises(FileFaults, match="Caught by"):
        SHELF.read(folder / "exercise.md")


def test_tests_that_take_long_in_the_sandbox_are_named(monkeypatch):
    sheet = next(sheet for sheet in SHEETS if sheet.slug == "cross_entropy")
    slow = {"passed": True, "cpu_ms": 2600, "tests": [], "problem": ""}
    monkeypatch.setattr("quizzes.exercises.proving._run", lambda code, tests: slow)
    assert "they take 2.6 s of computing" in str(next(iter(prove([sheet]))))


def test_hints_are_taken_out_of_the_stub_step_by_step():
    first = 'def f():\n    """Do.\n\n    Hint 1: a\n    Hint 2: b\n    """\n    pass\n'
    stub = first + '\n\ndef g():\n    """Undo.\n\n    Hint 1: c\n    """\n'
    code, hints = split_hints(stub)
    assert "Hint" not in code
    assert hints == ["a\n\nc", "b"]
    with pytest.raises(ValueError, match="first line"):
        read_wrong("x", "pass")


@pytest.mark.same_anywhere
def test_every_topics_folder_runs_as_the_course_says(library, tmp_path):
    """`python exercises.py` fails with the stubs, and passes once the solutions are filled in."""
    for topic in Topic.objects.all():
        with zipfile.ZipFile(io.BytesIO(zip_of(topic, topic.source))) as archive:
            archive.extractall(tmp_path)
        folder = tmp_path / f"{topic.number:02}-{topic.slug}"
        assert {path.name for path in folder.iterdir()} == {
            *("topic.md", "exercises.py", "solutions.py", "notes.md", "checks.py", "figures", "diagrams")
        }
        check_the_pictures(folder)
        check_that_the_stubs_say_what_is_asked(folder, topic)
        undone = run_exercises(folder)
        assert undone.returncode == 1
        assert "FAILED" in undone.stderr
        solutions = "\n\n".join(Exercise.objects.filter(topic=topic).values_list("solution", flat=True))
        stubs, _, tests = (folder / "exercises.py").read_text().partition("\n# Tests\n")
        (folder / "exercises.py").write_text(f"{stubs}\n\n{solutions}\n\n# Tests\n{tests}")
        done = run_exercises(folder)
        assert done.returncode == 0, done.stderr[-2000:]
    assert len(list(tmp_path.iterdir())) == 21


def check_the_pictures(folder):
    """topic.md points at files that are there, and each is a picture with colours of its own."""
    text = (folder / "topic.md").read_text()
    linked = set(re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text))
    assert linked == {str(path.relative_to(folder)) for path in folder.glob("*/*.svg")}
    for path in linked:
        picture = ElementTree.parse(folder / path).getroot()  # noqa: S314 (our own picture)
        assert picture.find("{http://www.w3.org/2000/svg}style") is not None
    sources = {path.stem for path in folder.glob("diagrams/*.mmd")}
    assert sources == {path.stem for path in folder.glob("diagrams/*.svg")}


def check_that_the_stubs_say_what_is_asked(folder, topic):
    """Each function's docstring has the statement, and the stub three hints."""
    code = (folder / "exercises.py").read_text()
    defined = {node.name: node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for sheet in SHEETS:
        if sheet.topic == topic.slug:
            node = defined[sheet.slug]
            assert " ".join(sheet.statement.split()) in " ".join((ast.get_docstring(node) or "").split())
            stub = ast.get_source_segment(code, node) or ""
            assert all(f"Hint {number}:" in stub for number in (1, 2, 3))


def run_exercises(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "exercises.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_the_same_content_gives_the_same_zip(db):
    exercise = make_exercise()
    assert zip_of(exercise.topic, "text") == zip_of(exercise.topic, "text")
