"""What is wrong with the files of topics and guides."""

from collections.abc import Iterator, Mapping

from concepts.curriculum.drawing import DrawingError, diagram_sources, figure_names, read_figure
from concepts.curriculum.rendering import outline_of, render_part
from concepts.curriculum.schema import GuideSheet, TopicSheet
from concepts.domain.topic_text import PARTS, Part, Picture, count_words
from concepts.library.faults import Fault
from concepts.library.registry import Items
from concepts.library.shelves import tracker_codes
from mlprep.shared.maths import MathError

WORDS = range(1800, 3501)
"""Words of prose in a topic. Code, displayed formulas and front matter do not count, a formula in a line counts as one
word (`count_words`): `wc -w` on the file says a third to a half more."""
MIN_QUESTIONS = 6


def faults_of_topic(sheet: TopicSheet) -> list[Fault]:
    """What is wrong in one topic: its parts, length, questions, pictures and maths."""
    path, first = sheet.source.path, _first_line(sheet.source.path.read_text(encoding="utf-8"))
    faults = [Fault(path, 1, problem) for problem in _form_problems(sheet)]
    for part in sheet.parts:
        faults += [Fault(path, first + picture.line, problem) for picture, problem in _picture_problems(sheet, part)]
        try:
            render_part(part, lambda picture: "")
            outline_of(part)
        except MathError as error:
            faults.append(Fault(path, first + part.line, f"{part.title}: {error}"))
    shown = {(picture.kind, picture.name) for part in sheet.parts for picture in part.pictures}
    for name in figure_names(sheet.folder):
        if ("figure", name) not in shown:
            faults.append(Fault(sheet.folder / "figures.py", 1, f"{name} is shown nowhere in topic.md"))
    for source in diagram_sources(sheet.folder):
        if ("diagram", source.stem) not in shown:
            faults.append(Fault(source, 1, "is shown nowhere in topic.md"))
    return faults


def faults_of_guide(sheet: GuideSheet) -> list[Fault]:
    """What is wrong in one guide: its maths, and pictures, which it cannot have."""
    path = sheet.source.path
    faults = []
    for part in sheet.parts:
        faults += [Fault(path, picture.line, "a guide has no pictures") for picture in part.pictures]
        try:
            render_part(part, lambda picture: "")
        except MathError as error:
            faults.append(Fault(path, part.line, f"{part.title}: {error}"))
    return faults


def unknown_names(sheets: list[TopicSheet], library: Items) -> Iterator[Fault]:
    """Prerequisites and concepts that there are not, numbers used twice, and topics before their prerequisites."""
    codes = tracker_codes(library)
    numbers = {sheet.slug: sheet.fields.number for sheet in sheets}
    for index, sheet in enumerate(sheets):
        fields = sheet.fields
        for place, code in enumerate(fields.concepts):
            if code not in codes:
                yield sheet.source.fault(f"concepts: the tracker has no concept {code}", "concepts", place)
        yield from _misplaced(sheet, numbers)
        if sheet.folder.name != f"{fields.number:02}-{sheet.slug}":
            yield sheet.source.fault(f"number: the folder is {sheet.folder.name}; it begins with the number", "number")
        if fields.number in [other.fields.number for other in sheets[:index]]:
            yield sheet.source.fault(f"number: another topic is number {fields.number} too", "number")


def _misplaced(sheet: TopicSheet, numbers: Mapping[str, int]) -> Iterator[Fault]:
    for place, slug in enumerate(sheet.fields.prerequisites):
        if slug not in numbers:
            yield sheet.source.fault(f"prerequisites: there is no topic {slug}", "prerequisites", place)
        elif numbers[slug] >= sheet.fields.number:
            yield sheet.source.fault(f"prerequisites: {slug} comes later in the course", "prerequisites", place)


def _form_problems(sheet: TopicSheet) -> Iterator[str]:
    titles = [part.title for part in sheet.parts]
    if titles != list(PARTS):
        yield f"the parts are {', '.join(titles)}; they should be {', '.join(PARTS)}"
        return
    words = sum(count_words(text) for text in _proses(sheet.parts))
    if words not in WORDS:
        yield f"{words} words of prose; a topic has {WORDS.start} to {WORDS.stop - 1} (maths and code do not count)"
    questions = sheet.parts[PARTS.index("Interview questions")].questions
    if len(questions) < MIN_QUESTIONS:
        yield f"{len(questions)} interview questions; a topic has at least {MIN_QUESTIONS}"
    kinds = {picture.kind for part in sheet.parts for picture in part.pictures}
    for kind in ("figure", "diagram"):
        if kind not in kinds:
            yield f"there is no {kind}; a topic has at least one"


def _picture_problems(sheet: TopicSheet, part: Part) -> Iterator[tuple[Picture, str]]:
    sources = {source.stem for source in diagram_sources(sheet.folder)}
    for picture in part.pictures:
        if not picture.alt:
            yield picture, f"{picture.name}: say in the square brackets what is to be seen"
        if picture.kind == "diagram" and picture.name not in sources:
            yield picture, f"there is no diagrams/{picture.name}.mmd"
        elif picture.kind == "figure":
            try:
                sheet.figures[picture.name] = read_figure(sheet.folder, picture.name)
            except DrawingError as error:
                yield picture, str(error)


def _proses(parts: list[Part]) -> Iterator[str]:
    for part in parts:
        for section in part.sections:
            yield section.title
            for piece in section.pieces:
                yield piece.alt if isinstance(piece, Picture) else piece.text


def _first_line(text: str) -> int:
    """How many lines stand before the body."""
    return text[: text.index("\n---\n", 3)].count("\n") + 1
