"""The shelves of this app: the tracker, and a model answer a concept."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core import serializers

from concepts.library.faults import Fault
from concepts.library.files import FileFaults, Source, check_schema, read_front_matter, read_yaml
from concepts.library.registry import Items
from concepts.library.schema import ConceptFields, ConceptText
from concepts.models import Concept, ModelAnswer
from mlprep.shared.maths import MathError, render_math
from mlprep.shared.rendering import render_library_text


class TrackerShelf:
    """`tracker.yaml`, a Django fixture: sections, sub-sections and concepts by natural key."""

    name = "tracker"

    def paths(self, root: Path) -> list[Path]:
        return sorted(root.glob("tracker.yaml"))

    def read(self, path: Path) -> Source:
        source = read_yaml(path)
        if not isinstance(source.data, list):
            raise FileFaults([source.fault("not a list of records: write `- model: …` and `fields: …` for each")])
        faults = [fault for index in range(len(source.data)) for fault in self._record_faults(source, index)]
        if faults:
            raise FileFaults(faults)
        return source

    def check(self, library: Items) -> Sequence[Fault]:
        return []

    def prove(self, library: Items) -> Sequence[Fault]:
        return []

    def report(self, library: Items) -> list[str]:
        codes = tracker_codes(library)
        return [f"{len(codes)} concepts in the tracker"]

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        for path in changed:
            with path.open(encoding="utf-8") as file:
                for record in serializers.deserialize("yaml", file):
                    record.save()

    def _record_faults(self, source: Source, index: int) -> list[Fault]:
        record = source.data[index]
        if not (isinstance(record, dict) and isinstance(record.get("fields"), dict)):
            return [source.fault("not a record: write `model: …` and `fields: …`", index)]
        if record.get("model") != "concepts.concept":
            return []
        latex = record["fields"].get("formula_latex", "")
        if not isinstance(latex, str):
            return [source.fault("formula_latex is no text: put it in quotes", index, "fields", "formula_latex")]
        try:
            render_math(latex)
        except MathError as error:
            problem = f"formula_latex of {record['fields'].get('code')} cannot be typeset: {error}"
            return [source.fault(problem, index, "fields", "formula_latex")]
        return []


class ConceptShelf:
    """`concepts/<CODE>.md`: prerequisites, correction and model answer of a concept of the tracker."""

    name = "concepts"

    def paths(self, root: Path) -> list[Path]:
        return sorted(root.glob("concepts/*.md"))

    def read(self, path: Path) -> ConceptText:
        source, body = read_front_matter(path)
        fields = check_schema(source, ConceptFields)
        faults = []
        if fields.code != path.stem:
            faults.append(source.fault(f"code: the file is named {path.stem}; name it {fields.code}.md", "code"))
        try:
            render_library_text(body)
        except MathError as error:
            faults.append(Fault(path, 1, str(error)))
        if fields.correction:
            try:
                render_math(fields.correction.formula_latex)
                render_library_text(fields.correction.reason)
            except MathError as error:
                faults.append(source.fault(f"correction cannot be typeset: {error}", "correction"))
        if faults:
            raise FileFaults(faults)
        return ConceptText(source, fields, body)

    def check(self, library: Items) -> Sequence[Fault]:
        known = tracker_codes(library)
        texts = list(library[self.name].values())
        return [fault for text in texts for fault in _unknown_codes(text, known)] + _circles(texts)

    def prove(self, library: Items) -> Sequence[Fault]:
        return []

    def report(self, library: Items) -> list[str]:
        return [f"{len(library[self.name])} model answers"]

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        concepts = {concept.code: concept for concept in Concept.objects.all()}
        for path in sorted(changed):
            text: ConceptText = items[path]
            concept = concepts[text.fields.code]
            correction = text.fields.correction
            answer = ModelAnswer.objects.filter(concept=concept).first() or ModelAnswer(concept=concept)
            answer.body = text.body
            answer.correction_formula = correction.formula if correction else ""
            answer.correction_latex = correction.formula_latex if correction else ""
            answer.correction_reason = correction.reason if correction else ""
            # Whole: update_or_create would leave out the HTML that a receiver makes of these.
            answer.save()
            concept.prerequisites.set([concepts[code] for code in text.fields.prerequisites])
        self._store_confusions(items, concepts)

    def _store_confusions(self, items: dict[Path, Any], concepts: dict[str, Concept]) -> None:
        """Of all files anew: each of two concepts may name the other."""
        pairs = {frozenset((text.fields.code, other)) for text in items.values() for other in text.fields.confused_with}
        for concept in concepts.values():
            others = [next(iter(pair - {concept.code})) for pair in pairs if concept.code in pair]
            concept.confused_with.set([concepts[code] for code in others])


def tracker_codes(library: Items) -> set[str]:
    """The codes of the concepts in the tracker's files."""
    return {
        record["fields"]["code"]
        for source in library[TrackerShelf.name].values()
        for record in source.data
        if record["model"] == "concepts.concept"
    }


def _unknown_codes(text: ConceptText, known: set[str]) -> Iterator[Fault]:
    if text.fields.code not in known:
        yield text.source.fault(f"code: the tracker has no concept {text.fields.code}", "code")
    for index, code in enumerate(text.fields.prerequisites):
        if code not in known:
            yield text.source.fault(f"prerequisites: the tracker has no concept {code}", "prerequisites", index)
    for index, code in enumerate(text.fields.confused_with):
        if code not in known - {text.fields.code}:
            yield text.source.fault(f"confused_with: {code} is no other concept of the tracker", "confused_with", index)


def _circles(texts: list[ConceptText]) -> list[Fault]:
    """A fault for every concept that, by its prerequisites, would have to be learnt before itself."""
    needs = {text.fields.code: set(text.fields.prerequisites) for text in texts}
    while ready := {code for code, before in needs.items() if not before & needs.keys()}:
        needs = {code: before for code, before in needs.items() if code not in ready}
    return [
        text.source.fault("prerequisites: they lead back to this concept; take one out", "prerequisites")
        for text in texts
        if text.fields.code in needs and text.fields.code in _reachable(text.fields.code, needs)
    ]


def _reachable(start: str, needs: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    to_visit = list(needs[start])
    while to_visit:
        code = to_visit.pop()
        if code in needs and code not in found:
            found.add(code)
            to_visit.extend(needs[code])
    return found
