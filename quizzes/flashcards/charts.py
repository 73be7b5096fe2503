"""Bar charts as plain numbers for an SVG in the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 600, 140


@dataclass(frozen=True, slots=True)
class Bar:
    """One value and what it stands for."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar with its place in the drawing; x, y, width and height in its units."""

    label: str
    value: float
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars from the left to the right, and what to write beneath and beside."""

    title: str
    unit: str
    bars: list[DrawnBar]
    highest: float
    ticks: list[DrawnBar]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def empty(self) -> bool:
        return self.highest == 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a heatmap: its place, and 0 (nothing) to 4 (as much as on the fullest days)."""

    label: str
    value: int
    level: int
    x: int
    y: int


CELL = 12


def heatmap(values: Sequence[Bar]) -> list[Cell]:
    """Days in columns of weeks; the first value is a Monday. Levels go by the quarter of the fullest day."""
    highest = max((bar.value for bar in values), default=0) or 1
    return [
        Cell(bar.label, int(bar.value), ceil(4 * bar.value / highest), x=CELL * (place // 7), y=CELL * (place % 7))
        for place, bar in enumerate(values)
    ]


def bars(title: str, unit: str, values: Sequence[Bar]) -> Chart:
    """A chart of one bar a value, scaled to the highest; at most six labels stand beneath."""
    highest = max((bar.value for bar in values), default=0)
    step = WIDTH / max(1, len(values))
    drawn = [
        DrawnBar(
            bar.label,
            bar.value,
            x=round(place * step + step * 0.1, 2),
            y=round(HEIGHT - (height := HEIGHT * bar.value / highest if highest else 0), 2),
            width=round(step * 0.8, 2),
            height=round(height, 2),
        )
        for place, bar in enumerate(values)
    ]
    every = max(1, -(-len(drawn) // 6))
    return Chart(title, unit, drawn, highest, drawn[::every])
