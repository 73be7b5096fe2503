"""The shelf of exercises: `topics/<NN-slug>/exercises/<function>/`."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from concepts.library.faults import Fault
from concepts.library.files import FileFaults, check_schema, read_front_matter
from concepts.library.registry import Items
from concepts.library.shelves import tracker_codes
from concepts.models import Concept, Topic
from mlprep.shared.maths import MathError
from mlprep.shared.rendering import render_library_text
from quizzes.domain.exercises.files import functions_of, names_tested, read_wrong, test_names
from quizzes.exercises.models import Exercise
from quizzes.exercises.proving import prove
from quizzes.exercises.schema import ExerciseFields, ExerciseSheet

MIN_WRONG = 3
HINTS = 3
_FILES = ("stub.py", "solution.py", "tests.py")


class ExerciseShelf:
    """Exercises by topic and function; runs and drafts of learners stay when a file changes."""

    name = "exercises"

    def paths(self, root: Path) -> list[Path]:
        return sorted(
            path
            for folder in root.glob("topics/*/exercises/*")
            for path in (*folder.glob("exercise.md"), *folder.glob("*.py"), *folder.glob("wrong/*.py"))
        )

    def read(self, path: Path) -> ExerciseSheet | None:
        """The exercise; None for a file that only belongs to one."""
        if path.name != "exercise.md":
            return None
        source, statement = read_front_matter(path)
        fields = check_schema(source, ExerciseFields)
        folder = path.parent
        if missing := [name for name in _FILES if not (folder / name).exists()]:
            raise FileFaults([Fault(path, 1, f"there is no {', '.join(missing)} beside it")])
        stub, solution, tests = ((folder / name).read_text(encoding="utf-8") for name in _FILES)
        faults, wrong = [], []
        for file in sorted(folder.glob("wrong/*.py")):
            try:
                wrong.append(read_wrong(file.stem, file.read_text(encoding="utf-8")))
            except ValueError as error:
                faults.append(Fault(file, 1, str(error)))
        sheet = ExerciseSheet(source, fields, statement, stub, solution, tests, tuple(wrong))
        faults += [Fault(path, 1, problem) for problem in _problems(sheet)]
        if faults:
            raise FileFaults(faults)
        return sheet

    def check(self, library: Items) -> Sequence[Fault]:
        codes = tracker_codes(library)
        topics = {sheet.slug for sheet in library["topics"].values() if sheet is not None}
        homeless = [
            Fault(sheet.source.path, 1, f"there is no topic {sheet.topic}; its folder needs a topic.md without faults")
            for sheet in sheets_in(library[self.name])
            if sheet.topic not in topics
        ]
        return homeless + [
            sheet.source.fault(f"concepts: the tracker has no concept {code}", "concepts", place)
            for sheet in sheets_in(library[self.name])
            for place, code in enumerate(sheet.fields.concepts)
            if code not in codes
        ]

    def prove(self, library: Items) -> Iterator[Fault]:
        """Faults found by running: solutions pass, stubs fail, each wrong solution fails the tests it names."""
        return prove(sheets_in(library[self.name]))

    def report(self, library: Items) -> Iterator[str]:
        sheets = sheets_in(library[self.name])
        levels = Counter(str(sheet.fields.difficulty) for sheet in sheets)
        tests = sum(len(test_names(sheet.tests)) for sheet in sheets)
        wrong = sum(len(sheet.wrong) for sheet in sheets)
        yield f"{len(sheets)} exercises ({', '.join(f'{n} {level}' for level, n in sorted(levels.items()))})"
        yield f"{tests} tests of exercises, {wrong} wrong solutions that they catch"

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        topics = {topic.slug: topic for topic in Topic.objects.all()}
        concepts = {concept.code: concept for concept in Concept.objects.all()}
        sheets = sheets_in(items)
        touched = {path.parent.parent if path.parent.name == "wrong" else path.parent for path in changed}
        for sheet in sheets:
            if sheet.folder in touched:
                exercise = _store(sheet, topics[sheet.topic])
                exercise.concepts.set([concepts[code] for code in sheet.fields.concepts])
        kept = {(sheet.topic, sheet.slug) for sheet in sheets}
        for exercise in Exercise.objects.filter(retired=False).select_related("topic").defer("tests", "solution"):
            if (exercise.topic.slug, exercise.slug) not in kept:
                Exercise.objects.filter(pk=exercise.pk).update(retired=True)


def sheets_in(items: dict[Path, Any]) -> list[ExerciseSheet]:
    """The exercises among the files read, in order."""
    found = [sheet for sheet in items.values() if sheet is not None]
    return sorted(found, key=lambda sheet: (sheet.folder.parent.parent.name, sheet.fields.order))


def _store(sheet: ExerciseSheet, topic: Topic) -> Exercise:
    exercise, _ = Exercise.objects.update_or_create(
        topic=topic,
        slug=sheet.slug,
        defaults={
            "title": sheet.fields.title,
            "position": sheet.fields.order,
            "difficulty": sheet.fields.difficulty,
            "minutes": sheet.fields.minutes,
            "statement_html": render_library_text(sheet.statement),
            "stub": sheet.bare_stub,
            "folder_stub": sheet.folder_stub,
            "hints": sheet.hints,
            "solution": sheet.solution,
            "tests": sheet.tests,
            "digest": sheet.digest,
            "retired": False,
        },
    )
    return exercise


def _problems(sheet: ExerciseSheet) -> Iterator[str]:
    if len(sheet.wrong) < MIN_WRONG:
        yield f"{len(sheet.wrong)} wrong solutions; an exercise has at least {MIN_WRONG}"
    if len(sheet.hints) != HINTS:
        yield f"stub.py has {len(sheet.hints)} steps of hints; write Hint 1:, Hint 2: and Hint 3:"
    for what in ("Time:", "Space:"):
        if what not in sheet.solution:
            yield f"solution.py does not say its complexity; write a line `{what} O(…)` into the docstring"
    try:
        yield from _name_problems(sheet)
        render_library_text(sheet.statement)
    except SyntaxError as error:
        yield f"not valid Python: {error}"
    except MathError as error:
        yield str(error)


def _name_problems(sheet: ExerciseSheet) -> Iterator[str]:
    """Names that one file uses and the other does not have. Raises SyntaxError."""
    for file, code in (("stub.py", sheet.stub), ("solution.py", sheet.solution)):
        if missing := set(names_tested(sheet.tests)) - set(functions_of(code)):
            yield f"{file} does not define {', '.join(sorted(missing))}"
    names = test_names(sheet.tests)
    for wrong in sheet.wrong:
        if unknown := [name for name in wrong.caught_by if name not in names]:
            yield f"wrong/{wrong.name}.py names {', '.join(unknown)}; tests.py has no such test"
