"""The shelf of flashcards: `cards/<CODE>.yaml`."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from concepts.library.faults import Fault
from concepts.library.files import FileFaults, check_schema, read_yaml
from concepts.library.registry import Items
from concepts.library.shelves import tracker_codes
from concepts.models import Concept
from mlprep.shared.maths import MathError
from mlprep.shared.rendering import render_library_text
from quizzes.flashcards.enrolment import enrol_everybody
from quizzes.flashcards.models import Card
from quizzes.flashcards.schema import CardFile, CardSheet
from quizzes.flashcards.storing import store_cards


class CardShelf:
    """Cards by their stable id; a reload changes what they say and leaves every learner's memory of them."""

    name = "cards"

    def paths(self, root: Path) -> list[Path]:
        return sorted(root.glob("cards/*.yaml"))

    def read(self, path: Path) -> CardSheet:
        source = read_yaml(path)
        sheet = CardSheet(source, check_schema(source, CardFile))
        faults = [
            source.fault(f"{side}: {problem}", "cards", index)
            for index, card in enumerate(sheet.fields.cards)
            for side, problem in _unreadable(card)
        ]
        if faults:
            raise FileFaults(faults)
        return sheet

    def check(self, library: Items) -> Sequence[Fault]:
        codes = tracker_codes(library)
        questions = {question.id for sheet in library["questions"].values() for question in sheet.fields.questions}
        faults: list[Fault] = []
        seen: set[str] = set()
        for sheet in library[self.name].values():
            if sheet.fields.concept not in codes:
                problem = f"concept: the tracker has no concept {sheet.fields.concept}"
                faults.append(sheet.source.fault(problem, "concept"))
            for index, card in enumerate(sheet.fields.cards):
                slugs = {slug for slug, _ in card.sides()} | {card.id}
                if twice := slugs & seen:
                    faults.append(sheet.source.fault(f"id: {sorted(twice)[0]} is used twice", "cards", index, "id"))
                seen |= slugs
                if unknown := sorted(set(card.questions) - questions):
                    problem = f"questions: there is no question {unknown[0]}"
                    faults.append(sheet.source.fault(problem, "cards", index, "questions"))
        return faults

    def prove(self, library: Items) -> Sequence[Fault]:
        return []

    def report(self, library: Items) -> Iterator[str]:
        sheets: list[CardSheet] = list(library[self.name].values())
        counts = {sheet.fields.concept: len(list(sheet.slugs())) for sheet in sheets}
        kinds = Counter(card.kind for sheet in sheets for card in sheet.fields.cards)
        fewest = min(counts.values(), default=0)
        yield f"{sum(counts.values())} flashcards on {len(counts)} concepts, at least {fewest} each"
        yield "  " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        concepts = {concept.code: concept for concept in Concept.objects.all()}
        for path in sorted(changed):
            sheet: CardSheet = items[path]
            store_cards(concepts[sheet.fields.concept], sheet.fields)
        kept = [slug for sheet in items.values() for slug in sheet.slugs()]
        Card.objects.filter(owner=None).exclude(slug__in=kept).update(retired=True)
        enrol_everybody()


def _unreadable(card: Any) -> Iterator[tuple[str, str]]:
    for _, sides in card.sides():
        for side in ("front", "back"):
            try:
                render_library_text(sides.get(side, ""))
            except MathError as error:
                yield side, str(error)
