"""The shelves of questions: `questions/<CODE>.yaml`, and `generators.yaml`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from concepts.library.faults import Fault
from concepts.library.files import FileFaults, check_schema, read_yaml
from concepts.library.registry import Items
from concepts.library.shelves import tracker_codes
from concepts.models import Concept
from mlprep.shared.maths import MathError
from mlprep.shared.rendering import render_library_text
from quizzes.bank.checking import compute_answers, faults_within, ids_used_twice
from quizzes.bank.models import Question
from quizzes.bank.reporting import report
from quizzes.bank.schema import GeneratorFile, ListedGenerator, QuestionFile, QuestionSheet
from quizzes.bank.storing import store_question
from quizzes.domain.generators import GENERATORS, Generator
from quizzes.domain.questions import parse_question

CHECKED_SEEDS = range(10)


class QuestionShelf:
    """Questions by their stable id; a changed text makes a new version, past quizzes keep theirs."""

    name = "questions"

    def paths(self, root: Path) -> list[Path]:
        return sorted(root.glob("questions/*.yaml"))

    def read(self, path: Path) -> QuestionSheet:
        source = read_yaml(path)
        sheet = QuestionSheet(source, check_schema(source, QuestionFile))
        if faults := list(faults_within(sheet)):
            raise FileFaults(faults)
        return sheet

    def check(self, library: Items) -> Sequence[Fault]:
        known = tracker_codes(library)
        sheets: list[QuestionSheet] = list(library[self.name].values())
        unknown = [
            sheet.source.fault(f"concept: the tracker has no concept {sheet.fields.concept}", "concept")
            for sheet in sheets
            if sheet.fields.concept not in known
        ]
        return [*unknown, *ids_used_twice(sheets), *compute_answers(sheets)]

    def prove(self, library: Items) -> Sequence[Fault]:
        return []

    def report(self, library: Items) -> Iterator[str]:
        return report(list(library[self.name].values()))

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        concepts = {concept.code: concept for concept in Concept.objects.all()}
        for path in sorted(changed):
            sheet: QuestionSheet = items[path]
            for content in sheet.contents:
                store_question(concepts[sheet.fields.concept], content)
        kept = [question.id for sheet in items.values() for question in sheet.fields.questions]
        Question.objects.exclude(kind="generated").exclude(slug__in=kept).update(retired=True)


class GeneratorShelf:
    """The generators in use, each a question that is drawn anew for every attempt."""

    name = "generators"

    def paths(self, root: Path) -> list[Path]:
        return sorted(root.glob("generators.yaml"))

    def read(self, path: Path) -> list[ListedGenerator]:
        source = read_yaml(path)
        listed = check_schema(source, GeneratorFile).generators
        faults = [
            source.fault(problem, "generators", index, "generator")
            for index, item in enumerate(listed)
            for problem in _problems(item)
        ]
        if missing := sorted(set(GENERATORS) - {item.generator for item in listed}):
            faults.append(source.fault(f"generators: add {', '.join(missing)}", "generators"))
        if faults:
            raise FileFaults(faults)
        return listed

    def check(self, library: Items) -> Sequence[Fault]:
        known = tracker_codes(library)
        return [
            Fault(path, 1, f"the generator {item.generator} is on {concept}, which the tracker does not have")
            for path, listed in library[self.name].items()
            for item in listed
            if (concept := GENERATORS[item.generator].concept) not in known
        ]

    def prove(self, library: Items) -> Sequence[Fault]:
        return []

    def report(self, library: Items) -> list[str]:
        return [f"{sum(len(listed) for listed in library[self.name].values())} generators"]

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        concepts = {concept.code: concept for concept in Concept.objects.all()}
        for path in changed:
            for item in items[path]:
                generator = GENERATORS[item.generator]
                store_question(concepts[generator.concept], content_of(generator))
        kept = [slug_of(GENERATORS[item.generator]) for listed in items.values() for item in listed]
        Question.objects.filter(kind="generated").exclude(slug__in=kept).update(retired=True)


def slug_of(generator: Generator) -> str:
    """The stable id of a generator's question; written questions have no such name."""
    return f"{generator.concept.lower()}-generated-{generator.name}"


def content_of(generator: Generator) -> dict[str, Any]:
    """A generator's question as the library would state it."""
    return {
        "id": slug_of(generator),
        "kind": "generated",
        "difficulty": generator.difficulty,
        "generator": generator.name,
        "version": generator.version,
        # Left out where there are none: content that stays the same makes no new version.
        **({"tags": list(generator.tags)} if generator.tags else {}),
    }


def _problems(item: ListedGenerator) -> Iterator[str]:
    generator = GENERATORS.get(item.generator)
    if generator is None:
        yield f"generator: there is none called {item.generator}"
        return
    if generator.version != item.version:
        yield f"version: the generator {generator.name} is at version {generator.version}; write that"
    try:
        yield from _drawn_problems(generator)
    except (RuntimeError, MathError) as error:
        yield str(error)


def _drawn_problems(generator: Generator) -> Iterator[str]:
    question = parse_question(content_of(generator))
    for seed in CHECKED_SEEDS:
        drawn = question.present(Random(seed))  # noqa: S311 (a draw to be repeated, not a secret)
        if question.grade(question.expected(drawn), drawn) != 1:
            yield f"generator: {generator.name} does not accept its own answer with the seed {drawn['seed']}"
        if seed == CHECKED_SEEDS[0]:
            render_library_text(drawn["prompt"] + "\n\n" + drawn["solution"])
