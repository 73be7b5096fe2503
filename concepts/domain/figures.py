"""Figures of a topic: numpy arrays in, an SVG without colours of its own out.

Colours come from the page's stylesheet through the classes `series-1` … `series-5`, `heat-0` …
`heat-9` and `muted`, so that one drawing serves light, dark and print.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, TypeAlias

import numpy as np
from contourpy import contour_generator

Values: TypeAlias = Sequence[float] | np.ndarray[Any, np.dtype[Any]]
Range: TypeAlias = tuple[float, float]

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 58, 16, 18, 46
LEGEND_ROW = 20
SERIES = 5
HEATS = 10


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers between low and high, about as many as asked for (1, 2 or 5 times 10^n)."""
    raw = (high - low) / about
    power = 10.0 ** np.floor(np.log10(raw))
    step = power * next((m for m in (1, 2, 5) if m * power >= raw), 10)
    first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
    return [k * step for k in range(first, last + 1)]


def number_label(value: float) -> str:
    """A tick's number, short, with a real minus sign."""
    return f"{value:.6g}".replace("-", "\N{MINUS SIGN}")


@dataclass
class Figure:
    """One drawing with two axes.

    title: read out by screen readers. x, y: the ranges shown. equal: one unit is as long on
    both axes. axes: False hides ticks and grid (for drawings of matrices and networks).
    """

    title: str
    x: Range
    y: Range
    x_label: str = ""
    y_label: str = ""
    equal: bool = False
    axes: bool = True
    height: int = HEIGHT
    _marks: list[str] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _legend: list[tuple[str, str]] = field(default_factory=list)
    _x_names: list[tuple[float, str]] = field(default_factory=list)
    _y_names: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not (self.x[0] < self.x[1] and self.y[0] < self.y[1]):
            raise ValueError(f"{self.title}: a range must rise, got x={self.x}, y={self.y}")
        self._width = float(WIDTH - LEFT - RIGHT)
        self._depth = float(self.height - TOP - BOTTOM)
        if self.equal:
            unit = min(self._width / (self.x[1] - self.x[0]), self._depth / (self.y[1] - self.y[0]))
            self._width = unit * (self.x[1] - self.x[0])
            self._depth = unit * (self.y[1] - self.y[0])
        self._left = LEFT + (WIDTH - LEFT - RIGHT - self._width) / 2

    def line(self, x: Values, y: Values, *, label: str = "", series: int = 1, dashed: bool = False) -> None:
        """A curve through the points; it breaks where y is nan."""
        classes = f"series-{self._series(series)}" + (" dashed" if dashed else "")
        xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        if xs.shape != ys.shape or xs.ndim != 1:
            raise ValueError(f"{self.title}: x has shape {xs.shape}, y {ys.shape}")
        whole = np.isfinite(xs) & np.isfinite(ys)
        for run in np.split(np.arange(len(xs)), np.flatnonzero(np.diff(whole)) + 1):
            if len(run) > 1 and whole[run[0]]:
                points = " ".join(self._at(a, b) for a, b in zip(xs[run], ys[run], strict=True))
                self._marks.append(f'<polyline class="line {classes}" points="{points}"/>')
        self._note(label, f"line {classes}")

    def points(self, x: Values, y: Values, *, label: str = "", series: int = 1, radius: float = 4) -> None:
        """A dot at each point."""
        classes = f"dot series-{self._series(series)}"
        for a, b in zip(x, y, strict=True):
            left, top = self._place(float(a), float(b))
            self._marks.append(f'<circle class="{classes}" cx="{left:.1f}" cy="{top:.1f}" r="{radius:g}"/>')
        self._note(label, classes)

    def area(self, x: Values, low: Values, high: Values, *, label: str = "", series: int = 1) -> None:
        """The band between two curves over the same x."""
        classes = f"area series-{self._series(series)}"
        there = [self._at(a, b) for a, b in zip(x, high, strict=True)]
        back = [self._at(a, b) for a, b in zip(x, low, strict=True)]
        points = " ".join(there + back[::-1])
        self._marks.append(f'<polygon class="{classes}" points="{points}"/>')
        self._note(label, classes)

    def bars(
        self,
        names: Sequence[str],
        heights: Values,
        *,
        label: str = "",
        series: int = 1,
        shift: float = 0.0,
        thickness: float = 0.7,
    ) -> None:
        """Upright bars around x = 0, 1, 2, … (moved by shift), named beneath."""
        classes = f"bar series-{self._series(series)}"
        for place, tall in enumerate(np.asarray(heights, dtype=np.float64)):
            left, top = self._place(place + shift - thickness / 2, max(tall, 0.0))
            right, foot = self._place(place + shift + thickness / 2, min(tall, 0.0))
            self._rectangle(classes, left, top, right - left, foot - top)
        self._x_names = [(float(place), name) for place, name in enumerate(names)]
        self._note(label, classes)

    def heatmap(
        self,
        values: Values,
        *,
        rows: Sequence[str] = (),
        columns: Sequence[str] = (),
        low: float | None = None,
        high: float | None = None,
        digits: int | None = None,
    ) -> None:
        """A matrix as shaded cells, first row on top, over the whole x and y range.

        rows, columns: names of them. low, high: the values of the lightest and the strongest
        shade (the extremes where not given). digits: write each value with so many decimals.
        """
        matrix = np.asarray(values, dtype=np.float64)
        least = float(np.min(matrix)) if low is None else low
        most = float(np.max(matrix)) if high is None else high
        share = (matrix - least) / ((most - least) or 1.0)
        wide = (self.x[1] - self.x[0]) / matrix.shape[1]
        deep = (self.y[1] - self.y[0]) / matrix.shape[0]
        for (row, column), part in np.ndenumerate(share):
            heat = int(np.clip(part * HEATS, 0, HEATS - 1))
            left, top = self._place(self.x[0] + column * wide, self.y[1] - row * deep)
            across, down = self._width / matrix.shape[1], self._depth / matrix.shape[0]
            self._rectangle(f"heat-{heat}", left, top, across, down)
            if digits is not None:
                text = f"{matrix[row, column]:.{digits}f}".replace("-", "\N{MINUS SIGN}")
                shade = "on-dark" if heat >= HEATS // 2 else "on-light"
                self._write(text, left + across / 2, top + down / 2 + 4, f"middle value {shade}")
        self._x_names = [(self.x[0] + (k + 0.5) * wide, name) for k, name in enumerate(columns)]
        self._y_names = [(self.y[1] - (k + 0.5) * deep, name) for k, name in enumerate(rows)]

    def contours(self, x: Values, y: Values, z: Values, levels: Values) -> None:
        """Lines of equal height of z, of shape (len(y), len(x)), at each of the levels."""
        drawn = contour_generator(np.asarray(x), np.asarray(y), np.asarray(z))
        for level in np.asarray(levels, dtype=np.float64):
            for path in drawn.lines(float(level)):
                points = " ".join(self._at(a, b) for a, b in np.asarray(path))
                self._marks.append(f'<polyline class="contour" points="{points}"/>')

    def arrow(self, x: float, y: float, to_x: float, to_y: float, *, series: int = 1, label: str = "") -> None:
        """An arrow from (x, y) to (to_x, to_y)."""
        classes = f"series-{self._series(series)}"
        (left, top), (tip_x, tip_y) = self._place(x, y), self._place(to_x, to_y)
        angle = np.arctan2(tip_y - top, tip_x - left)
        wings = [
            f"{tip_x - 9 * np.cos(angle + turn):.1f},{tip_y - 9 * np.sin(angle + turn):.1f}" for turn in (0.4, -0.4)
        ]
        self._marks.append(
            f'<line class="line {classes}" x1="{left:.1f}" y1="{top:.1f}" '
            f'x2="{tip_x:.1f}" y2="{tip_y:.1f}"/>'
            f'<polygon class="head {classes}" points="{tip_x:.1f},{tip_y:.1f} {" ".join(wings)}"/>'
        )
        self._note(label, f"line {classes}")

    def box(self, x: float, y: float, to_x: float, to_y: float, text: str = "", *, series: int = 1) -> None:
        """An outlined box with a word in its middle, for drawings of networks and windows."""
        (left, foot), (right, top) = self._place(x, y), self._place(to_x, to_y)
        left, right = sorted((left, right))
        top, foot = sorted((top, foot))
        self._rectangle(f"box series-{self._series(series)}", left, top, right - left, foot - top)
        if text:
            self._write(text, (left + right) / 2, (top + foot) / 2 + 4, "middle")

    def text(self, x: float, y: float, text: str, *, anchor: str = "start") -> None:
        """A few words at a point; anchor is start, middle or end."""
        left, top = self._place(x, y)
        self._write(text, left, top, anchor)

    def svg(self) -> str:
        """The whole drawing as one <svg> element."""
        rows = -(-len(self._legend) // 3)
        tall = self.height + rows * LEGEND_ROW
        parts = [
            f'<svg class="figure" viewBox="0 0 {WIDTH} {tall}" role="img" '
            f'aria-label="{escape(self.title)}" xmlns="http://www.w3.org/2000/svg">',
            f"<title>{escape(self.title)}</title>",
        ]
        if self.axes:
            parts += self._grid()
        foot = TOP + self._depth
        parts += self._names(foot)
        parts.append(self._window() + "".join(self._marks) + "</svg>" + "".join(self._texts))
        if self.x_label:
            parts.append(
                f'<text class="label middle" x="{self._left + self._width / 2:.1f}" '
                f'y="{foot + 38:.1f}">{escape(self.x_label)}</text>'
            )
        if self.y_label:
            middle = TOP + self._depth / 2
            aside = self._left - LEFT + 14
            parts.append(
                f'<text class="label middle" x="{aside:.1f}" y="{middle:.1f}" '
                f'transform="rotate(-90 {aside:.1f} {middle:.1f})">{escape(self.y_label)}</text>'
            )
        return "".join([*parts, *self._legend_marks(), "</svg>"])

    def _window(self) -> str:
        """What opens the part of the drawing that cuts off whatever leaves the axes."""
        edge = 6
        frame = (
            f"{self._left - edge:.1f}",
            f"{TOP - edge}",
            f"{self._width + 2 * edge:.1f}",
            f"{self._depth + 2 * edge:.1f}",
        )
        return f'<svg x="{frame[0]}" y="{frame[1]}" width="{frame[2]}" height="{frame[3]}" viewBox="{" ".join(frame)}">'

    def _series(self, number: int) -> int:
        if not 1 <= number <= SERIES:
            raise ValueError(f"{self.title}: series {number} is not one of 1 to {SERIES}")
        return number

    def _note(self, label: str, classes: str) -> None:
        if label:
            self._legend.append((label, classes))

    def _place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies in the drawing, kept within reach so that no number is endless."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        across, up = (float(np.clip(part, -2, 3)) for part in (across, up))
        return self._left + across * self._width, TOP + (1 - up) * self._depth

    def _at(self, x: float, y: float) -> str:
        left, top = self._place(float(x), float(y))
        return f"{left:.1f},{top:.1f}"

    def _rectangle(self, classes: str, left: float, top: float, wide: float, deep: float) -> None:
        self._marks.append(
            f'<rect class="{classes}" x="{left:.1f}" y="{top:.1f}" '
            f'width="{max(wide, 0):.1f}" height="{max(deep, 0):.1f}"/>'
        )

    def _write(self, text: str, left: float, top: float, classes: str) -> None:
        self._texts.append(f'<text class="{classes}" x="{left:.1f}" y="{top:.1f}">{escape(text)}</text>')

    def _grid(self) -> list[str]:
        right, foot = self._left + self._width, TOP + self._depth
        lines = []
        if not self._x_names:
            for value in ticks(*self.x):
                left, _ = self._place(value, self.y[0])
                lines.append(
                    f'<line class="grid" x1="{left:.1f}" y1="{TOP}" x2="{left:.1f}" '
                    f'y2="{foot:.1f}"/><text class="tick middle" x="{left:.1f}" '
                    f'y="{foot + 17:.1f}">{number_label(value)}</text>'
                )
        if not self._y_names:
            for value in ticks(*self.y):
                _, top = self._place(self.x[0], value)
                lines.append(
                    f'<line class="grid" x1="{self._left:.1f}" y1="{top:.1f}" x2="{right:.1f}" '
                    f'y2="{top:.1f}"/><text class="tick end" x="{self._left - 7:.1f}" '
                    f'y="{top + 4:.1f}">{number_label(value)}</text>'
                )
        for axis, low, high in (("x", *self.x), ("y", *self.y)):
            if low < 0 < high:
                x1, y1 = self._place(0 if axis == "x" else self.x[0], self.y[0])
                x2, y2 = self._place(0 if axis == "x" else self.x[1], self.y[1])
                if axis == "y":
                    _, y1 = self._place(self.x[0], 0)
                    y2 = y1
                lines.append(f'<line class="axis" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')
        return lines

    def _names(self, foot: float) -> list[str]:
        beneath = [
            f'<text class="tick middle" x="{self._place(at, 0)[0]:.1f}" y="{foot + 17:.1f}">{escape(name)}</text>'
            for at, name in self._x_names
        ]
        beside = [
            f'<text class="tick end" x="{self._left - 7:.1f}" y="{self._place(0, at)[1] + 4:.1f}">{escape(name)}</text>'
            for at, name in self._y_names
        ]
        return beneath + beside

    def _legend_marks(self) -> list[str]:
        wide = (WIDTH - LEFT - RIGHT) / 3
        drawn = []
        for place, (label, classes) in enumerate(self._legend):
            left = LEFT + (place % 3) * wide
            top = self.height + (place // 3) * LEGEND_ROW + 8
            if classes.startswith("line"):
                sign = f'<line class="{classes}" x1="{left:.0f}" y1="{top}" x2="{left + 22:.0f}" y2="{top}"/>'
            elif classes.startswith("dot"):
                sign = f'<circle class="{classes}" cx="{left + 11:.0f}" cy="{top}" r="4"/>'
            else:
                sign = f'<rect class="{classes}" x="{left:.0f}" y="{top - 6}" width="22" height="12"/>'
            drawn.append(f'{sign}<text class="key" x="{left + 29:.0f}" y="{top + 4}">{escape(label)}</text>')
        return drawn
