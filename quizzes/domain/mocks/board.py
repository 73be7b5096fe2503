"""The whiteboard: strokes as a page sends them, checked to the letter, and drawn as SVG here and nowhere else.

No SVG is ever taken from outside: what is stored was written by `draw` out of whole numbers.

A board is `{"height": 2400, "strokes": [{"colour": 0, "width": 1, "points": [x, y, x, y, …], "pressures": [5, …]}]}`.
Points are in units of which the board is WIDTH wide, the origin top left. Pressures, one a point, are there where
a pen told them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

WIDTH = 3200
HEIGHT = 2400
MAX_HEIGHT = 3 * HEIGHT
COLOURS = ("#16191f", "#2747b8", "#a5332a", "#1c6b45", "#8a5a00")
"""Ink, blue, red, green, amber, as on white paper; a page gives the classes ink-0 to ink-4 its own colours."""
WIDTHS = (10, 18, 36)
PRESSURES = range(1, 10)
"""From light to heavy; 5 draws the plain width."""
MAX_STROKES = 2_000
MAX_POINTS = 30_000
MAX_JSON = 400_000
"""Characters of a board as it is sent."""

_BOARD_KEYS = {"height", "strokes"}
_STROKE_KEYS = {"colour", "width", "points"}


class BoardError(ValueError):
    """What was sent is no board; the message says why."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line of a pen. pressures: one a point, or none."""

    colour: int
    width: int
    points: tuple[tuple[int, int], ...]
    pressures: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """Strokes in the order in which they were drawn."""

    height: int = HEIGHT
    strokes: tuple[Stroke, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The board as pages send it."""
        return {"height": self.height, "strokes": [_stroke_json(stroke) for stroke in self.strokes]}


def read_board(sent: object) -> Board:
    """The board that a page sent. Raises BoardError for anything that is not exactly one."""
    if not isinstance(sent, dict) or set(sent) != _BOARD_KEYS:
        raise BoardError("a board has a height and strokes")
    height, strokes = sent["height"], sent["strokes"]
    if not _is_whole(height, HEIGHT, MAX_HEIGHT):
        raise BoardError(f"the height is a whole number from {HEIGHT} to {MAX_HEIGHT}")
    if not isinstance(strokes, list) or len(strokes) > MAX_STROKES:
        raise BoardError(f"strokes are a list of {MAX_STROKES} at most")
    read = tuple(_read_stroke(stroke, height) for stroke in strokes)
    if sum(len(stroke.points) for stroke in read) > MAX_POINTS:
        raise BoardError(f"the board is full: {MAX_POINTS} points at most")
    return Board(height, read)


def draw(board: Board) -> str:
    """The board as an SVG that stands alone; empty where nothing is drawn."""
    if not board.strokes:
        return ""
    count = len(board.strokes)
    title = f"Whiteboard drawing of {count} stroke{'' if count == 1 else 's'}"
    paths = "".join(_paths(stroke) for stroke in board.strokes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {board.height}" role="img" class="drawing" '
        f'fill="none" stroke-linecap="round" stroke-linejoin="round"><title>{title}</title>{paths}</svg>'
    )


def _read_stroke(sent: object, height: int) -> Stroke:
    if not isinstance(sent, dict) or not _STROKE_KEYS <= set(sent) <= _STROKE_KEYS | {"pressures"}:
        raise BoardError("a stroke has a colour, a width and points, and it may have pressures")
    if not _is_whole(sent["colour"], 0, len(COLOURS) - 1):
        raise BoardError(f"a colour is a whole number from 0 to {len(COLOURS) - 1}")
    if not _is_whole(sent["width"], 0, len(WIDTHS) - 1):
        raise BoardError(f"a width is a whole number from 0 to {len(WIDTHS) - 1}")
    points = _read_points(sent["points"], height)
    pressures = sent.get("pressures", [])
    if not isinstance(pressures, list) or not all(_is_whole(p, PRESSURES[0], PRESSURES[-1]) for p in pressures):
        raise BoardError(f"pressures are whole numbers from {PRESSURES[0]} to {PRESSURES[-1]}")
    if pressures and len(pressures) != len(points):
        raise BoardError("there is one pressure a point, or none")
    return Stroke(sent["colour"], sent["width"], points, tuple(pressures))


def _read_points(sent: object, height: int) -> tuple[tuple[int, int], ...]:
    if not isinstance(sent, list) or not sent or len(sent) % 2 or len(sent) > 2 * MAX_POINTS:
        raise BoardError("points are a list of x, y, x, y, …")
    xs, ys = sent[::2], sent[1::2]
    if not (all(_is_whole(x, 0, WIDTH) for x in xs) and all(_is_whole(y, 0, height) for y in ys)):
        raise BoardError(f"a point is two whole numbers, from 0 to {WIDTH} and from 0 to the height")
    return tuple(zip(xs, ys, strict=True))


def _is_whole(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _stroke_json(stroke: Stroke) -> dict[str, Any]:
    body: dict[str, Any] = {
        "colour": stroke.colour,
        "width": stroke.width,
        "points": [number for point in stroke.points for number in point],
    }
    return {**body, "pressures": list(stroke.pressures)} if stroke.pressures else body


def _paths(stroke: Stroke) -> str:
    look = f'class="ink-{stroke.colour}" stroke="{COLOURS[stroke.colour]}"'
    return "".join(f'<path {look} stroke-width="{width:g}" d="{line}"/>' for width, line in _lines(stroke))


def _lines(stroke: Stroke) -> Iterator[tuple[float, str]]:
    """Width and path of each part of the stroke that is drawn with one pressure.

    From the middle between two points to the middle between the next two the line bends around the point between,
    so that few points look like a hand's line.
    """
    points = stroke.points
    if len(points) == 1:
        # A line without length is drawn by some and not by others.
        yield WIDTHS[stroke.width], f"M{_point(points[0])}h1"
        return
    middles = [points[0], *(_middle(a, b) for a, b in pairwise(points)), points[-1]]
    pieces = list(enumerate(points))
    pressures: Sequence[int] = stroke.pressures or (5,) * len(points)
    for pressure, run in groupby(pieces, key=lambda piece: pressures[piece[0]]):
        bends = list(run)
        start = middles[bends[0][0]]
        curves = "".join(f"Q{x} {y} {_point(middles[index + 1])}" for index, (x, y) in bends)
        yield WIDTHS[stroke.width] * (0.4 + 0.12 * pressure), f"M{_point(start)}{curves}"


def _middle(a: tuple[int, int], b: tuple[int, int]) -> tuple[float, float]:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _point(point: tuple[float, float]) -> str:
    return f"{point[0]:g} {point[1]:g}"
