"""The reliability diagram: how often was recalled what was predicted to be, as plain numbers for an SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

SIDE = 300
"""Of the square, in the drawing's units: 0 to 1 on both axes."""
LARGEST = 11.0
"""The radius of the fullest class; areas go by the count of reviews."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A class of predictions: mean prediction, share recalled (both 0 to 1), count; and its place in the drawing."""

    predicted: float
    recalled: float
    count: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Series:
    """The marks of one predictor, from the lowest prediction up."""

    name: str
    label: str
    marks: list[Mark]

    @property
    def path(self) -> str:
        """The marks' places as the points of a polyline."""
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)


def reliability(qualities: Mapping[str, Mapping[str, Any]], labels: Sequence[tuple[str, str]]) -> list[Series]:
    """A series for each predictor by name and label; `reliability` holds (predicted, recalled, count) by class."""
    classes = [qualities[name]["reliability"] for name, _ in labels]
    fullest = max((count for rows in classes for *_, count in rows), default=1)
    return [
        Series(name, label, [_mark(predicted, recalled, count, fullest) for predicted, recalled, count in rows])
        for (name, label), rows in zip(labels, classes, strict=True)
    ]


def _mark(predicted: float, recalled: float, count: int, fullest: int) -> Mark:
    radius = max(2.0, LARGEST * sqrt(count / fullest))
    return Mark(
        predicted, recalled, count, round(SIDE * predicted, 1), round(SIDE * (1 - recalled), 1), round(radius, 1)
    )
