"""The shelves of topics and guides."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from concepts.curriculum.checking import faults_of_guide, faults_of_topic, unknown_names
from concepts.curriculum.drawing import THEMES, DrawingError, diagram_sources, read_diagram
from concepts.curriculum.models import Guide, Topic
from concepts.curriculum.schema import GuideFields, GuideSheet, TopicFields, TopicSheet
from concepts.curriculum.storing import retire_missing, store_guide, store_links, store_topic
from concepts.domain.topic_text import count_words, parse_text
from concepts.library.faults import Fault
from concepts.library.files import FileFaults, check_schema, read_front_matter
from concepts.library.registry import Items


class TopicShelf:
    """`topics/<NN-slug>/topic.md` with its figures and diagrams."""

    name = "topics"

    def paths(self, root: Path) -> list[Path]:
        """All files that a topic's pages are made from: a new figure is a reason to load the topic anew."""
        return sorted(
            path
            for folder in root.glob("topics/*")
            for path in (*folder.glob("topic.md"), *folder.glob("figures/*.svg"), *folder.glob("diagrams/*"))
        )

    def read(self, path: Path) -> TopicSheet | None:
        """The topic; None for a file that only belongs to one."""
        if path.name != "topic.md":
            return None
        source, body = read_front_matter(path)
        sheet = TopicSheet(source, check_schema(source, TopicFields), parse_text(body))
        faults = faults_of_topic(sheet)
        for drawing in diagram_sources(sheet.folder):
            for theme in THEMES:
                try:
                    sheet.diagrams[drawing.stem, theme] = read_diagram(drawing, theme)
                except DrawingError as error:
                    faults.append(Fault(drawing, 1, str(error)))
        if faults:
            raise FileFaults(faults)
        return sheet

    def check(self, library: Items) -> Sequence[Fault]:
        return list(unknown_names(_sheets(library[self.name]), library))

    def prove(self, library: Items) -> Sequence[Fault]:
        return []

    def report(self, library: Items) -> Iterator[str]:
        sheets = _sheets(library[self.name])
        yield f"{len(sheets)} topics"
        for sheet in sheets:
            words = count_words(sheet.source.path.read_text(encoding="utf-8"))
            pictures = sum(1 for part in sheet.parts for _ in part.pictures)
            yield f"  {sheet.fields.number:2}. {sheet.fields.title}: about {words} words, {pictures} pictures"

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        sheets = _sheets(items)
        touched = {path.parent if path.name == "topic.md" else path.parent.parent for path in changed}
        for sheet in sheets:
            if sheet.folder in touched:
                store_topic(sheet)
        if touched:
            store_links(sheets)
        retire_missing(Topic, {sheet.slug for sheet in sheets})


class GuideShelf:
    """`guides/<slug>.md`."""

    name = "guides"

    def paths(self, root: Path) -> list[Path]:
        return sorted(root.glob("guides/*.md"))

    def read(self, path: Path) -> GuideSheet:
        source, body = read_front_matter(path)
        sheet = GuideSheet(source, check_schema(source, GuideFields), parse_text(body))
        if faults := faults_of_guide(sheet):
            raise FileFaults(faults)
        return sheet

    def check(self, library: Items) -> Sequence[Fault]:
        return []

    def prove(self, library: Items) -> Sequence[Fault]:
        return []

    def report(self, library: Items) -> list[str]:
        return [f"{len(library[self.name])} guides"]

    def store(self, items: dict[Path, Any], changed: set[Path]) -> None:
        for path in changed:
            store_guide(items[path])
        retire_missing(Guide, {path.stem for path in items})


def _sheets(items: dict[Path, Any]) -> list[TopicSheet]:
    return sorted((sheet for sheet in items.values() if sheet is not None), key=lambda sheet: sheet.fields.number)
