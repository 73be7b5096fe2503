"""The pictures of a topic, drawn once by `make diagrams` and kept beside their sources.

Figures are functions of `figures.py`, drawn by numpy; diagrams are mermaid's text, drawn for light and for dark.
Each drawing says what it was made from, so that an old one is noticed.
"""

import ast
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

THEMES = ("light", "dark")
DIAGRAM_VERSION = 3
"""Goes up when `make diagrams` draws otherwise, so that all are drawn anew."""
_FIGURE_CODE = Path(__file__).resolve().parent.parent / "domain" / "figures.py"
_MADE_FROM = re.compile(r"<!-- made from ([0-9a-f]{16}) -->\s*$")


class DrawingError(Exception):
    """A picture is not there, or is not the one that its source says."""


def figure_names(folder: Path) -> list[str]:
    """The figures that a topic's `figures.py` draws: its functions without an underscore before their name."""
    path = folder / "figures.py"
    if not path.exists():
        return []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def figure_path(folder: Path, name: str) -> Path:
    """Where the drawing of a figure is kept."""
    return folder / "figures" / f"{name}.svg"


def diagram_sources(folder: Path) -> list[Path]:
    """The mermaid files of a topic."""
    return sorted((folder / "diagrams").glob("*.mmd"))


def diagram_path(source: Path, theme: str) -> Path:
    """Where the drawing of a mermaid file is kept."""
    return source.with_name(f"{source.stem}.{theme}.svg")


def read_figure(folder: Path, name: str) -> str:
    """The drawing of a figure. Raises DrawingError where there is none, or an old one."""
    if name not in figure_names(folder):
        raise DrawingError(f"figures.py has no function {name}")
    return _read(figure_path(folder, name), figure_digest(folder))


def read_diagram(source: Path, theme: str) -> str:
    """The drawing of a mermaid file. Raises DrawingError where there is none, or an old one."""
    return _read(diagram_path(source, theme), diagram_digest(source))


def figure_digest(folder: Path) -> str:
    """What the drawings of a topic's figures must have been made from to be up to date."""
    return _digest((folder / "figures.py").read_text(encoding="utf-8"), _figure_code())


def diagram_digest(source: Path) -> str:
    """The same for a mermaid file."""
    return _digest(source.read_text(encoding="utf-8"), str(DIAGRAM_VERSION))


def write_drawing(path: Path, svg: str, digest: str) -> None:
    """Keep a drawing with what it was made from."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{svg}<!-- made from {digest} -->\n", encoding="utf-8")


def stale_figures(root: Path) -> Iterator[tuple[Path, str]]:
    """The topics' folders and names of figures that have to be drawn."""
    for folder in sorted(root.glob("topics/*")):
        for name in figure_names(folder):
            try:
                read_figure(folder, name)
            except DrawingError:
                yield folder, name


def stale_diagrams(root: Path) -> Iterator[tuple[Path, str]]:
    """The mermaid files and themes that have to be drawn."""
    for source in sorted(root.glob("topics/*/diagrams/*.mmd")):
        for theme in THEMES:
            try:
                read_diagram(source, theme)
            except DrawingError:
                yield source, theme


def _read(path: Path, digest: str) -> str:
    svg = path.read_text(encoding="utf-8") if path.exists() else ""
    made = _MADE_FROM.search(svg)
    if made is None or made[1] != digest:
        raise DrawingError(f"{path.name} is not drawn from what stands here; run `make diagrams`")
    return svg[: made.start()]


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


@cache
def _figure_code() -> str:
    return _FIGURE_CODE.read_text(encoding="utf-8")
