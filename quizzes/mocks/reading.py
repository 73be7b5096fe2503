"""Scripts from their files, with every fault that one file shows by itself."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from concepts.library.faults import Fault
from concepts.library.files import FileFaults, check_schema, read_yaml
from quizzes.domain.mocks.script import Script
from quizzes.mocks.rendering import maths_problems
from quizzes.mocks.schema import ScriptSheet

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_SLUG = 80


def read_script(path: Path) -> ScriptSheet:
    """The script of a file. Raises FileFaults."""
    source = read_yaml(path)
    sheet = ScriptSheet(source, check_schema(source, Script))
    faults = [source.fault(f"{_dotted(place)}: {problem}", *place) for place, problem in maths_problems(sheet.script)]
    if not _SLUG.fullmatch(path.stem) or len(path.stem) > MAX_SLUG:
        faults.append(Fault(path, 1, f"name the file in small letters with hyphens, {MAX_SLUG} signs at most"))
    if faults:
        raise FileFaults(faults)
    return sheet


def unknown_names(sheet: ScriptSheet, codes: Collection[str], topics: Collection[str]) -> Iterator[Fault]:
    """Concepts and topics that there are not."""
    for place, code in enumerate(sheet.script.concepts):
        if code not in codes:
            yield sheet.source.fault(f"concepts: the tracker has no concept {code}", "concepts", place)
    for place, topic in enumerate(sheet.script.topics):
        if topic not in topics:
            yield sheet.source.fault(f"topics: there is no topic {topic}", "topics", place)


def _dotted(place: tuple[str | int, ...]) -> str:
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in place)
