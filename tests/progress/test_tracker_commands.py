"""import_tracker and export_tracker: word for word, all or nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from concepts.models import Concept, Subsection
from progress.models import ConceptStatus

PAGE = Path(__file__).parent.parent / "concepts" / "tracker_page.txt"
BAD = "• MATH-099 Broken (Urgent, Not Started, Week 1) :: Formula: x"


def export(*args: str) -> str:
    out = StringIO()
    call_command("export_tracker", *args, stdout=out)
    return out.getvalue()


def run_import(path: Path, *args: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_tracker", str(path), *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def bad_page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(f"Math\n\nCalculus\n\n{BAD}\n• MATH-001 Good (High, Learning, Week 1) :: Formula: y\n")
    return path


def test_the_page_is_imported_and_exported_word_for_word(db, tmp_path):
    out, _ = run_import(PAGE)
    assert out.startswith("41 concepts new, 0 brought up to date")
    lines = [line for line in PAGE.read_text().splitlines() if "::" in line]
    page = export()
    assert [line for line in page.splitlines() if "::" in line] == lines
    again = tmp_path / "again.txt"
    again.write_text(page)
    out, _ = run_import(again)
    assert out.startswith("0 concepts new, 41 brought up to date")
    assert export() == page
    assert Subsection.objects.filter(concepts=None).exists()


def test_importing_the_page_over_the_library_changes_nothing(library):
    before = list(Concept.objects.order_by("pk").values())
    run_import(PAGE)
    assert list(Concept.objects.order_by("pk").values()) == before


def test_a_bad_line_imports_nothing_and_is_named_with_an_example(db, bad_page):
    with pytest.raises(CommandError) as caught:
        run_import(bad_page)
    message = str(caught.value)
    assert message.startswith("line 5: ")
    assert "Urgent" in message
    assert "A right line: " in message
    assert not Concept.objects.exists()


def test_skip_bad_imports_the_rest_and_lists_what_it_skipped(db, bad_page):
    out, err = run_import(bad_page, "--skip-bad")
    assert out.startswith("1 concepts new")
    assert "line 5: " in err
    assert Concept.objects.get().code == "MATH-001"


def test_statuses_are_carried_over_to_the_learner_and_exported_as_theirs(db, alice, bad_page):
    run_import(bad_page, "--skip-bad", "--learner", "alice")
    assert ConceptStatus.objects.get(learner=alice).status == "learning"
    assert "(High, Learning, Week 1)" in export("--learner", "alice")
    ConceptStatus.objects.update(status="mastered")
    assert "(High, Mastered, Week 1)" in export("--learner", "alice")


def test_an_unknown_learner_or_file_is_a_clear_error_and_imports_nothing(db, bad_page, tmp_path):
    with pytest.raises(CommandError, match="no learner 'nobody'"):
        run_import(bad_page, "--skip-bad", "--learner", "nobody")
    with pytest.raises(CommandError, match="cannot be read"):
        run_import(tmp_path / "missing.txt")
    with pytest.raises(CommandError, match="no learner 'nobody'"):
        export("--learner", "nobody")
    assert not Concept.objects.exists()


def test_a_list_of_sections_of_ones_own(db, tmp_path):
    path = tmp_path / "page.txt"
    path.write_text("Physics\n\nOptics\n\n- PHYS-001 Lens (Low, Not Started, Week 2) :: Notes: thin\n")
    run_import(path, "--sections", "Physics, Chemistry")
    assert Concept.objects.get().subsection.section.name == "Physics"
    assert "PHYS-001 Lens" in export()
