"""What a variable of a formula may be, and values of it at random."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
"""Shape (points, rows, columns); a scalar has one row and one column, a vector one column."""

_SCALARS = ("real", "positive", "probability", "binary", "sign", "count")
_PATTERN = re.compile(
    r"(?P<scalar>real|positive|probability|binary|sign|count)"
    r"|(?:(?P<entries>positive|probability|binary|sign|standardised|unit) )?vector (?P<rows>[a-zA-Z])"
    r"|(?P<symmetric>symmetric )?matrix (?P<first>[a-zA-Z])(?: (?P<second>[a-zA-Z]))?"
)


@dataclass(frozen=True, slots=True)
class Domain:
    """`entries` is real, positive, probability, binary, sign, count or, of a vector alone, standardised (mean 0,
    biased variance 1) or unit (length 1); `shape` names the dimensions, () for a scalar."""

    entries: str
    shape: tuple[str, ...] = ()
    symmetric: bool = False

    def describe(self) -> str:
        """In words, for the learner."""
        if not self.shape:
            return {
                "real": "a real number",
                "positive": "a positive number",
                "probability": "between 0 and 1",
                "binary": "0 or 1",
                "sign": "−1 or 1",
                "count": "a whole number from 1",
            }[self.entries]
        if len(self.shape) == 1:
            return {
                "real": "a column of {} numbers",
                "positive": "a column of {} positive numbers",
                "probability": "a column of {} probabilities that sum to 1",
                "binary": "a column of {} numbers, each 0 or 1",
                "sign": "a column of {} numbers, each −1 or 1",
                "standardised": "a column of {} numbers with mean 0 and variance 1",
                "unit": "a column of {} numbers, of length 1",
            }[self.entries].format(self.shape[0])
        kind = "symmetric " if self.symmetric else ""
        return f"a {kind}{self.shape[0]} × {self.shape[1]} matrix"

    def sample(self, rng: np.random.Generator, points: int, sizes: dict[str, int], *, mild: bool = False) -> Values:
        """Values at random, none of them special: no zeros, no whole numbers where the domain has others.

        mild: all of middling size, so that no right form overflows; else some are small and some large.
        """
        rows = sizes[self.shape[0]] if self.shape else 1
        columns = sizes[self.shape[1]] if len(self.shape) > 1 else 1
        size = (points, rows, columns)
        if self.symmetric:
            factor = rng.normal(size=size)
            return np.asarray(factor @ factor.transpose(0, 2, 1) / rows + 0.5 * np.eye(rows))
        if mild and self.entries in _MILD and not (self.entries == "probability" and self.shape):
            low, high = _MILD[self.entries]
            signs = rng.choice([-1.0, 1.0], size) if self.entries == "real" else 1.0
            return np.asarray(signs * rng.uniform(low, high, size))
        return _ENTRIES[self.entries](rng, size, is_vector=bool(self.shape))


_MILD = {"real": (0.3, 1.6), "positive": (0.4, 2.0), "probability": (0.1, 0.9)}


def _real(rng: np.random.Generator, size: tuple[int, ...], *, is_vector: bool) -> Values:
    # Mostly of middling size; some small and some large, for what is bent only near zero or far out.
    usual, far, near = rng.uniform(0.05, 2.5, size), rng.uniform(4.0, 6.0, size), rng.uniform(1e-3, 1e-2, size)
    return np.asarray(rng.choice([-1.0, 1.0], size) * _mixed(rng, usual, far, near))


def _positive(rng: np.random.Generator, size: tuple[int, ...], *, is_vector: bool) -> Values:
    usual, far, near = (rng.uniform(low, high, size) for low, high in [(-2.0, 1.5), (1.5, 3.0), (-4.0, -2.0)])
    return np.asarray(np.exp(_mixed(rng, usual, far, near)))


def _probability(rng: np.random.Generator, size: tuple[int, ...], *, is_vector: bool) -> Values:
    if is_vector:
        weights = rng.uniform(0.1, 1.0, size)
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))
    usual, far, near = (rng.uniform(low, high, size) for low, high in [(0.03, 0.97), (0.97, 0.998), (0.002, 0.03)])
    return _mixed(rng, usual, far, near)


def _mixed(rng: np.random.Generator, usual: Values, far: Values, near: Values) -> Values:
    """Of three in four the usual value, of the others the far or the near one; a whole point is of one sort."""
    sort = rng.choice(3, (usual.shape[0], 1, 1), p=[0.75, 0.125, 0.125])
    return np.asarray(np.choose(sort, [usual, far, near]))


def _binary(rng: np.random.Generator, size: tuple[int, ...], *, is_vector: bool) -> Values:
    return rng.integers(0, 2, size).astype(float)


def _sign(rng: np.random.Generator, size: tuple[int, ...], *, is_vector: bool) -> Values:
    return rng.choice([-1.0, 1.0], size)


def _standardised(rng: np.random.Generator, size: tuple[int, ...], *, is_vector: bool) -> Values:
    values = rng.normal(size=size)
    centred = values - values.mean(axis=1, keepdims=True)
    return np.asarray(centred / centred.std(axis=1, keepdims=True))


def _unit(rng: np.random.Generator, size: tuple[int, ...], *, is_vector: bool) -> Values:
    values = rng.normal(size=size)
    return np.asarray(values / np.sqrt((values**2).sum(axis=1, keepdims=True)))


def _count(rng: np.random.Generator, size: tuple[int, ...], *, is_vector: bool) -> Values:
    return rng.integers(1, 13, size).astype(float)


_ENTRIES = {
    "real": _real,
    "positive": _positive,
    "probability": _probability,
    "binary": _binary,
    "sign": _sign,
    "standardised": _standardised,
    "unit": _unit,
    "count": _count,
}


def parse_domain(text: str) -> Domain:
    """Read `real`, `positive vector d`, `matrix n d`, …. Raises ValueError with the list of what there is."""
    match = _PATTERN.fullmatch(text.strip())
    if not match:
        raise ValueError(
            f"`{text}` is no domain; write {', '.join(_SCALARS)}, "
            "[positive|probability|binary|sign|standardised|unit] vector d, matrix n d or symmetric matrix d"
        )
    if match["scalar"]:
        return Domain(match["scalar"])
    if match["rows"]:
        return Domain(match["entries"] or "real", (match["rows"],))
    first = match["first"]
    return Domain("real", (first, match["second"] or first), symmetric=bool(match["symmetric"]))
