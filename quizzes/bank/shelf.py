"""The shelf of question files: `questions/<CODE>.yaml`."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from concepts.library.faults import Fault
from concepts.library.files import FileFaults, check_schema, read_yaml
from concepts.library.registry import Items
from concepts.library.shelves import tracker_codes
from concepts.models import Concept
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.rendering import QuestionTextError, render_question
from quizzes.bank.schema import QuestionFile, QuestionSheet


class QuestionShelf:
    """Questions by their stable id; a changed text makes a new version, past quizzes keep theirs."""

    name = "questions"

    def paths(self, root: Path) -> list[Path]:
        return sorted(root.glob("questions/*.yaml"))

    def read(self, path: Path) -> QuestionSheet:
        source = read_yaml(path)
        sheet = QuestionSheet(source, check_schema(source, QuestionFile))
        if faults := list(_own_faults(sheet)):
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
        return unknown + list(_used_twice(sheets))

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        concepts = {concept.code: concept for concept in Concept.objects.all()}
        for path in sorted(changed):
            sheet: QuestionSheet = items[path]
            for content in sheet.contents:
                _store_question(concepts[sheet.fields.concept], content)
        kept = [question.id for sheet in items.values() for question in sheet.fields.questions]
        Question.objects.exclude(slug__in=kept).update(retired=True)


def _store_question(concept: Concept, content: dict[str, Any]) -> None:
    question, _ = Question.objects.update_or_create(
        slug=content["id"],
        defaults={
            "concept": concept,
            "kind": content["kind"],
            "difficulty": content["difficulty"],
            "retired": False,
        },
    )
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    # The HTML follows the renderer, so it is written anew; what the version says never changes.
    rendered = render_question(content)
    version, _ = QuestionVersion.objects.update_or_create(
        question=question,
        digest=digest,
        defaults={"rendered": rendered},
        create_defaults={"rendered": rendered, "content": content},
    )
    if question.current_id != version.pk:
        question.current = version
        question.save(update_fields=["current"])


def _own_faults(sheet: QuestionSheet) -> Iterator[Fault]:
    code = sheet.fields.concept
    if code != sheet.source.path.stem:
        yield sheet.source.fault(f"concept: the file is named {sheet.source.path.stem}; name it {code}.yaml", "concept")
    for index, (question, content) in enumerate(zip(sheet.fields.questions, sheet.contents, strict=True)):
        if not question.id.startswith(f"{code.lower()}-"):
            yield sheet.source.fault(f"id: begin it with {code.lower()}-", "questions", index, "id")
        try:
            render_question(content)
        except QuestionTextError as error:
            yield sheet.source.fault(str(error), "questions", index, *error.location)


def _used_twice(sheets: Sequence[QuestionSheet]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for sheet in sheets:
        for index, question in enumerate(sheet.fields.questions):
            where = f"{sheet.source.path.name}:{sheet.source.line('questions', index, 'id')}"
            if question.id in first:
                problem = f"id: {question.id} stands already at {first[question.id]}; give this one another"
                yield sheet.source.fault(problem, "questions", index, "id")
            first.setdefault(question.id, where)
