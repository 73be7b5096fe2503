"""YAML and Markdown files of the library, checked against a pydantic model, every fault with its line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from concepts.library.faults import Fault

Schema = TypeVar("Schema", bound=BaseModel)
_FRONT_MATTER_MARK = "---"


class FileFaults(Exception):
    """One file has faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Source:
    """A YAML document and where each of its parts stands in its file."""

    path: Path
    data: Any
    node: yaml.Node | None
    first_line: int = 1

    def line(self, *location: str | int) -> int:
        """The line of the part at `location` (keys and list indexes), or of its nearest parent."""
        node = self.node
        line = self.first_line
        for step in location:
            # A step that is not in the file (a missing key, the name of a variant) stays at its parent.
            if found := _child(node, step):
                mark, node = found
                line = self.first_line + mark
        return line

    def fault(self, problem: str, *location: str | int) -> Fault:
        return Fault(self.path, self.line(*location), problem)


def read_yaml(path: Path) -> Source:
    """Read a YAML file. Raises FileFaults with the line where it cannot be read."""
    return _parse(path, read_text(path), first_line=1)


def read_text(path: Path) -> str:
    """The text of a file. Raises FileFaults with the line that is not UTF-8."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileFaults([Fault(path, line, "not UTF-8: save the file as a text in UTF-8")]) from error


def read_front_matter(path: Path) -> tuple[Source, str]:
    """Read a Markdown file's front matter and its body. Raises FileFaults."""
    lines = read_text(path).splitlines(keepends=True)
    marks = [number for number, line in enumerate(lines) if line.rstrip() == _FRONT_MATTER_MARK]
    if len(marks) < 2 or marks[0] != 0:
        raise FileFaults([Fault(path, 1, "no front matter: begin the file with its fields between two lines `---`")])
    source = _parse(path, "".join(lines[1 : marks[1]]), first_line=2)
    return source, "".join(lines[marks[1] + 1 :]).strip()


def check_schema(source: Source, schema: type[Schema]) -> Schema:
    """The document as a `schema`. Raises FileFaults, one for each field that is wrong."""
    try:
        return schema.model_validate(source.data)
    except ValidationError as error:
        faults = [
            source.fault(f"{_dotted(detail['loc'])}: {detail['msg'].removeprefix('Value error, ')}", *detail["loc"])
            for detail in error.errors(include_url=False)
        ]
        raise FileFaults(faults) from error


def _parse(path: Path, text: str, *, first_line: int) -> Source:
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        raise FileFaults([Fault(path, line, f"not valid YAML: {getattr(error, 'problem', error)}")]) from error
    except (ValueError, RecursionError) as error:
        # A date that is none, a number of thousands of digits, brackets a thousand deep.
        problem = f"a value that cannot be read ({error}): put it in quotes, or mend it"
        raise FileFaults([Fault(path, first_line, problem)]) from error
    return Source(path, data, node, first_line)


def _child(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark.line, item
    return None


def _dotted(location: tuple[str | int, ...]) -> str:
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in location) or "document"
