"""The library's scripts: read, checked, proved, and kept where interviews were sat on them."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from concepts.library.files import FileFaults
from quizzes.mocks.models import MockInterview, MockScript
from quizzes.mocks.proving import prove
from quizzes.mocks.queries import concepts_of_kind
from quizzes.mocks.reading import read_script, unknown_names
from quizzes.mocks.shelf import MockShelf
from tests.factories import make_concept, make_interview, make_mock_script, make_topic, mock_content

SAMPLES = Path(__file__).parent / "samples"
SHELF = MockShelf()


LIBRARY = SHELF.paths(settings.LIBRARY_DIR)


def write(folder: Path, name: str = "some-script", **changes: object) -> Path:
    (folder / "mocks").mkdir(exist_ok=True)
    path = folder / "mocks" / f"{name}.yaml"
    path.write_text(yaml.safe_dump(mock_content(**changes), sort_keys=False))
    return path


def faults_of(path: Path) -> list[str]:
    with pytest.raises(FileFaults) as error:
        read_script(path)
    return [f"{fault.line}: {fault.problem}" for fault in error.value.faults]


def test_the_samples_have_no_fault_and_their_code_is_proved():
    sheets = [read_script(path) for path in sorted(SAMPLES.glob("*.yaml"))]
    assert [sheet.slug for sheet in sheets] == ["a-step-that-shrinks", "the-loop-that-climbs"]
    assert list(prove(sheets)) == []


def test_there_are_scripts_of_every_kind_and_at_least_60():
    kinds = Counter(read_script(path).script.kind for path in LIBRARY)
    assert kinds.total() >= 60
    assert set(kinds) == {"theory", "derivation", "implementation", "debugging", "case", "project", "behavioural"}
    assert min(kinds.values()) >= 5


@pytest.mark.parametrize("path", LIBRARY, ids=[path.stem for path in LIBRARY])
def test_each_script_of_the_library_is_read_and_its_code_proved(path):
    assert list(prove([read_script(path)])) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"minutes": 45}, "minutes"),
        ({"kind": "chat"}, "kind"),
        ({"roles": []}, "roles"),
        ({"hints": ["Only one."]}, "hints"),
        ({"follow_ups": mock_content()["follow_ups"][:2]}, "follow_ups"),
        ({"rubric": {"intuition": "Sees it at once."}}, "rubric.derivation"),
        ({"answers": "no such key"}, "answers"),
        ({"kind": "debugging"}, "needs code"),
        ({"title": "ab"}, "title"),
        ({"concepts": ["DL-001", "DL-001"]}, "names something twice"),
    ],
)
def test_a_fault_in_the_fields_is_named(tmp_path, changes, word):
    assert any(word in fault for fault in faults_of(write(tmp_path, **changes)))


def test_maths_that_does_not_render_is_named_with_its_line(tmp_path):
    path = write(tmp_path)
    lines = path.read_text().replace("Secret nudge.", "Think of $\\frac{1}{2$.").splitlines()
    path.write_text("\n".join(lines))
    line = next(number for number, text in enumerate(lines, start=1) if "Think of $" in text)
    (fault,) = faults_of(path)
    assert fault.startswith(f"{line}: follow_ups.1.hint: the formula")


def test_a_file_is_named_in_small_letters_with_hyphens(tmp_path):
    assert "small letters" in faults_of(write(tmp_path, "Some_Script"))[0]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ({"solution": "def triple(x):\n    return 3 * x\n"}, "solution does not define double"),
        ({"given": "def double(x:\n    return x\n"}, "given is not valid Python: line 1"),
        ({"function": "triple"}, "does not define triple"),
        ({"tests": "from exercise import double\n\nassert double\n"}, "no test"),
    ],
)
def test_code_that_does_not_fit_its_tests_is_named(tmp_path, code, word):
    from tests.factories import MOCK_CODE

    path = write(tmp_path, kind="implementation", code={**MOCK_CODE, **code})
    assert any(word in fault for fault in faults_of(path))


def test_unknown_concepts_and_topics_are_named(tmp_path):
    sheet = read_script(write(tmp_path, concepts=["DL-001", "XX-999"], topics=["nowhere"]))
    problems = [fault.problem for fault in unknown_names(sheet, {"DL-001"}, {"optimizers"})]
    assert problems == ["concepts: the tracker has no concept XX-999", "topics: there is no topic nowhere"]


def test_a_solution_that_fails_and_a_given_that_passes_are_named(tmp_path):
    from tests.factories import MOCK_CODE

    swapped = {**MOCK_CODE, "given": MOCK_CODE["solution"], "solution": MOCK_CODE["given"]}
    sheet = read_script(write(tmp_path, kind="implementation", code=swapped))
    first, second = (fault.problem for fault in prove([sheet]))
    assert "does not pass: test_" in first
    assert "passes the tests already" in second


def test_a_changed_script_leaves_a_sat_interview_as_it_was(alice, tmp_path):
    concept, topic = make_concept("DL-001"), make_topic(3, slug="optimizers")
    path = write(tmp_path, concepts=["DL-001"], topics=["optimizers"])
    SHELF.store({path: SHELF.read(path)}, {path})
    script = MockScript.objects.get()
    assert (list(script.concepts.all()), list(script.topics.all())) == ([concept], [topic])
    interview = make_interview(alice, script)
    write(tmp_path, title="Another title", opening="Something else altogether is asked now.")
    SHELF.store({path: SHELF.read(path)}, {path})
    interview = MockInterview.objects.get()
    assert interview.content["title"] == "Why steps shrink"
    assert "let the learning rate" in interview.version.rendered["opening"]
    script.refresh_from_db()
    assert script.title == "Another title"
    assert script.versions.count() == 2
    SHELF.store({path: SHELF.read(path)}, {path})
    assert script.versions.count() == 2


def test_a_script_that_is_gone_is_retired_and_its_interviews_stay(alice, tmp_path):
    path = write(tmp_path)
    SHELF.store({path: SHELF.read(path)}, {path})
    make_interview(alice, MockScript.objects.get())
    SHELF.store({}, set())
    assert not MockScript.objects.current().exists()
    assert MockInterview.objects.of(alice).exists()
    SHELF.store({path: SHELF.read(path)}, {path})
    assert MockScript.objects.current().count() == 1


def test_the_concepts_of_a_kind_are_those_of_its_current_scripts(db):
    first, second, third = make_concept(), make_concept(), make_concept()
    make_mock_script(kind="case", concepts=[first, second], roles=["ml_engineer"])
    make_mock_script(kind="case", concepts=[first], roles=["research_scientist"])
    gone = make_mock_script(kind="case", concepts=[third])
    MockScript.objects.filter(pk=gone.pk).update(retired=True)
    assert set(concepts_of_kind("case")) == {first, second}
    assert set(concepts_of_kind("case", "research_scientist")) == {first}
    assert set(concepts_of_kind()) == {first, second}
    assert not concepts_of_kind("theory").exists()
