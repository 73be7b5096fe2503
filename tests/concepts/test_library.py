"""Loading the library: everything is checked first, reloading keeps what learners did."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from concepts.library.faults import LibraryFaults
from concepts.library.loader import load_library
from concepts.models import Concept, Subsection
from progress.services import set_status
from quizzes.exercises.shelf import ExerciseShelf
from quizzes.mocks.shelf import MockShelf
from quizzes.models import Question, QuestionVersion
from tests.factories import make_attempt


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A library of three concepts that a test may change."""
    for folder, files in {"concepts": "MATH-00[12].md", "questions": "MATH-00[12].yaml"}.items():
        (tmp_path / folder).mkdir()
        for path in (settings.LIBRARY_DIR / folder).glob(files):
            shutil.copy(path, tmp_path / folder)
    shutil.copy(settings.LIBRARY_DIR / "tracker.yaml", tmp_path)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.same_anywhere
def test_the_library_has_41_concepts_each_with_an_answer_and_four_questions_or_more(library):
    assert Concept.objects.count() == 41
    for concept in Concept.objects.select_related("model_answer"):
        words = len(concept.model_answer.body.split())
        assert words >= 120, concept.code
        assert concept.questions.askable().count() >= 4, concept.code
        assert concept.formula_html, concept.code


@pytest.mark.same_anywhere
def test_empty_subsections_exist(library):
    assert Subsection.objects.filter(concepts=None, name__in=["Ensemble", "Metrics", "CNN", "RNN"]).count() == 5


@pytest.mark.parametrize("code", ["ML-002", "DL-011", "DL-013", "DL-008", "MATH-013"])
@pytest.mark.same_anywhere
def test_inexact_lines_are_corrected_with_a_reason(library, code):
    answer = Concept.objects.get(code=code).model_answer
    assert answer.correction_formula
    assert answer.correction_latex_html
    assert answer.correction_reason


@pytest.mark.same_anywhere
def test_prerequisites_lead_to_no_circle_and_chain_rule_builds_on_gradient(library):
    assert [c.code for c in Concept.objects.get(code="MATH-011").prerequisites.all()] == ["MATH-012"]
    assert "DL-002" in [c.code for c in Concept.objects.get(code="MATH-011").unlocks.all()]


def test_the_tracker_is_a_fixture_that_loaddata_takes_too(db, client):
    call_command("loaddata", "tracker", verbosity=0)
    assert Concept.objects.count() == 41
    assert 'class="katex' in client.get("/concepts/MATH-011/").content.decode()
    assert "MATH-011" in client.get("/concepts/?search=chain").content.decode()


def test_loaddata_over_a_loaded_library_keeps_the_answers(library):
    call_command("loaddata", "tracker", verbosity=0)
    assert Concept.objects.get(code="MATH-011").model_answer.body
    assert Concept.objects.get(code="MATH-011").prerequisites.exists()


def test_an_unchanged_library_costs_one_query(copy, db, django_assert_num_queries):
    load_library(copy)
    with django_assert_num_queries(1):
        assert load_library(copy).changed == 0


def test_a_reload_keeps_what_learners_did(copy, alice):
    load_library(copy)
    concept = Concept.objects.get(code="MATH-001")
    set_status(learner=alice, concept=concept, status="mastered", now=timezone.now())
    change(copy / "concepts/MATH-001.md", "---\n\n", "---\n\nA new first sentence. ")
    change(copy / "tracker.yaml", "name: Dot Product", "name: Inner Product")
    assert load_library(copy).changed == 2
    concept.refresh_from_db()
    assert concept.name == "Inner Product"
    assert concept.model_answer.body.startswith("A new first sentence.")
    assert concept.model_answer.body_html.startswith("<p>A new first sentence.")
    assert alice.concept_statuses.get().concept == concept


def test_a_changed_question_becomes_a_new_version_and_a_missing_one_is_retired(copy, alice):
    load_library(copy)
    question = Question.objects.filter(concept__code="MATH-001").first()
    attempt = make_attempt(alice, questions=1)
    before = question.current
    change(copy / "questions/MATH-001.yaml", before.content["prompt"].splitlines()[0], "A new prompt:")
    (copy / "questions/MATH-002.yaml").unlink()
    load_library(copy)
    question.refresh_from_db()
    assert question.current != before
    assert QuestionVersion.objects.filter(pk=before.pk).exists()
    assert not Question.objects.askable().filter(concept__code="MATH-002").exists()
    assert Question.objects.filter(concept__code="MATH-002").exists()
    assert attempt.questions.count() == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("questions/MATH-001.yaml", "correct: true", "correct: false", "exactly one option"),
        ("questions/MATH-001.yaml", "concept: MATH-001", "concept: NONE-001", "name it NONE-001.yaml"),
        ("questions/MATH-001.yaml", "kind: single_choice", "kind: riddle", "kind"),
        ("questions/MATH-001.yaml", "id: math-001", "id: math-002", "begin it with math-001-"),
        ("questions/MATH-001.yaml", "questions:", "questions: [", "not valid YAML"),
        ("questions/MATH-001.yaml", "prompt: |\n      ", "prompt: |\n      $\\frac{1}$ ", "cannot be typeset"),
        ("concepts/MATH-002.md", "[MATH-001]", "[NONE-001]", "the tracker has no concept NONE-001"),
        ("concepts/MATH-001.md", "prerequisites: []", "prerequisites: [MATH-002]", "lead back to this concept"),
        ("concepts/MATH-001.md", "---\n", "", "no front matter"),
        ("concepts/MATH-001.md", "code: MATH-001", "code: MATH-001\ncolour: red", "Extra inputs"),
        ("tracker.yaml", r"\lambda", r"\lamda", "cannot be typeset"),
    ],
)
def test_a_fault_is_named_with_file_and_line_and_nothing_is_loaded(copy, db, file, old, new, message):
    change(copy / file, old, new)
    with pytest.raises(LibraryFaults) as caught:
        load_library(copy)
    lines = str(caught.value).splitlines()
    matching = [line for line in lines if message in line]
    assert matching, lines
    assert matching[0].startswith(f"{copy / file}:")
    assert not Concept.objects.exists()


def test_the_line_of_a_fault_is_where_it_stands(copy, db):
    path = copy / "questions/MATH-001.yaml"
    change(path, "difficulty: ", "difficulty: 9")
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "difficulty: 9" in text)
    with pytest.raises(LibraryFaults, match=f"MATH-001.yaml:{line}: .*difficulty"):
        load_library(copy)


def test_questions_on_an_unknown_concept_are_a_fault(copy, db):
    path = copy / "questions/MATH-002.yaml"
    path.write_text(path.read_text().replace("MATH-002", "NONE-001").replace("math-002", "none-001"))
    path.rename(copy / "questions/NONE-001.yaml")
    with pytest.raises(LibraryFaults, match=r"NONE-001.yaml:1: concept: the tracker has no concept NONE-001"):
        load_library(copy)


def test_an_id_used_twice_is_a_fault(copy, db):
    text = (copy / "questions/MATH-001.yaml").read_text()
    (copy / "questions/MATH-001.yaml").write_text(text + text[text.index("  - id:") :])
    with pytest.raises(LibraryFaults, match="stands already at MATH-001.yaml"):
        load_library(copy)


def test_check_library_finds_no_fault_in_ours_and_fails_on_one(copy, db, capsys, monkeypatch):
    # The exercises and mocks are run one by one in their own tests.
    monkeypatch.setattr(ExerciseShelf, "prove", lambda self, library: [])
    monkeypatch.setattr(MockShelf, "prove", lambda self, library: [])
    call_command("check_library")
    assert "no fault" in capsys.readouterr().out
    change(copy / "concepts/MATH-002.md", "[MATH-001]", "[NONE-001]")
    with pytest.raises(CommandError, match=r"MATH-002.md:\d+: "):
        call_command("check_library", copy)
