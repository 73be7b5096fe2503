"""Whether two formulas are equal: at many random points of their domains, under two choices of every dimension."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from quizzes.domain.expressions.conditions import Condition, parse_condition
from quizzes.domain.expressions.domains import Domain, Values, parse_domain
from quizzes.domain.expressions.evaluate import ScaledIdentity, Value, evaluate
from quizzes.domain.expressions.parser import parse
from quizzes.domain.expressions.tree import ExpressionError, Node

POINTS = 40
_SEED = 20_260_917
_SIZES = ((3, 4, 2, 5, 6), (2, 5, 4, 3, 7))
_RELATIVE = 1e-9
_RELATIVE_FAR_OUT = 1e-7
_FEWEST_FINITE = 0.25
_FEWEST_POINTS = 6
_OVERSAMPLING = 8
"""With conditions so many times the points are drawn, because most may not meet them."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing an answer with the key showed; `ratio` is their constant quotient where there is one."""

    equal: bool
    same_shape: bool = True
    ratio: float | None = None


def dimensions_of(variables: Mapping[str, str]) -> set[str]:
    """The letters that stand for dimensions and may be used as numbers, unless a variable has the name."""
    return {letter for text in variables.values() for letter in parse_domain(text).shape} - set(variables)


def names_of(variables: Mapping[str, str]) -> frozenset[str]:
    """Every name that a formula over these variables may use."""
    return frozenset(variables) | dimensions_of(variables)


def equivalent(answer: Node, key: str, variables: Mapping[str, str], where: Sequence[str] = ()) -> bool:
    """Whether an answer, read over `names_of(variables)`, equals the key wherever the conditions hold.

    where: conditions such as `t <= w`. False where the answer's shapes do not fit.
    """
    for world in _worlds(key, tuple(sorted(variables.items())), tuple(where)):
        try:
            with np.errstate(all="ignore"):
                given = _array(evaluate(answer, world.values), world.expected)
        except ExpressionError:
            return False
        if given is None or not _agree(given, world):
            return False
    return True


def compare(answer: Node, key: str, variables: Mapping[str, str], where: Sequence[str] = ()) -> Comparison:
    """Compare an answer, read over `names_of(variables)`, with the key wherever the conditions hold.

    Raises ExpressionError where the answer's shapes do not fit together.
    """
    ratios: list[float | None] = []
    equal = True
    for world in _worlds(key, tuple(sorted(variables.items())), tuple(where)):
        with np.errstate(all="ignore"):
            given = _array(evaluate(answer, world.values), world.expected)
        if given is None:
            return Comparison(equal=False, same_shape=False)
        given = np.broadcast_to(given, world.expected.shape)
        equal = equal and _agree(given, world)
        if world.is_mild:
            ratios.append(_ratio(given, world.expected))
    constant = ratios[0] if ratios[0] is not None and None not in ratios else None
    if constant is not None and not all(np.isclose(float(ratio or 0), constant, rtol=1e-7) for ratio in ratios):
        constant = None
    return Comparison(equal=equal, ratio=constant)


@dataclass(frozen=True, slots=True)
class _World:
    """Values of every name at some points, and the key's values there."""

    values: dict[str, Values]
    expected: Values
    is_mild: bool


@lru_cache(maxsize=512)
def _worlds(key: str, variables: tuple[tuple[str, str], ...], where: tuple[str, ...]) -> list[_World]:
    """For each choice of dimensions the points where the key has a value: mild ones, and ones with small and large
    values, at which what differs only far out or near zero shows."""
    domains = {name: parse_domain(text) for name, text in variables}
    names = names_of(dict(variables))
    node = parse(key, names)
    conditions = [parse_condition(text, names) for text in where]
    return [_world(node, domains, conditions, sizes, is_mild) for sizes in _SIZES for is_mild in (True, False)]


def _world(
    node: Node, domains: dict[str, Domain], conditions: Sequence[Condition], sizes: tuple[int, ...], is_mild: bool
) -> _World:
    letters = sorted({letter for domain in domains.values() for letter in domain.shape})
    size_of = dict(zip(letters, sizes, strict=False))
    rng = np.random.Generator(np.random.PCG64(_SEED + is_mild))
    points = POINTS * (_OVERSAMPLING if conditions else 1)
    values = {name: domain.sample(rng, points, size_of, mild=is_mild) for name, domain in domains.items()}
    for letter in set(letters) - set(domains):
        values[letter] = np.full((1, 1, 1), float(size_of[letter]))
    with np.errstate(all="ignore"):
        expected = evaluate(node, values)
        holds = [condition.holds(values) for condition in conditions]
    if isinstance(expected, ScaledIdentity):
        raise ExpressionError("The key is a multiple of I, which has no size.")
    expected = np.broadcast_to(expected, (points, *expected.shape[1:]))
    usable = np.flatnonzero(np.logical_and.reduce([np.isfinite(expected).all(axis=(1, 2)), *holds]))[:POINTS]
    if len(usable) < _FEWEST_POINTS:
        raise ExpressionError("The key has a value at too few points of its domains.")
    kept = {name: value if len(value) == 1 else value[usable] for name, value in values.items()}
    return _World(kept, np.asarray(expected[usable]), is_mild)


def _array(value: Value, expected: Values) -> Values | None:
    """The value in the key's shape; a row where a column is expected, or a bare number, is another shape."""
    if isinstance(value, ScaledIdentity):
        square = expected.shape[1] == expected.shape[2] > 1
        return np.asarray(value.scale * np.eye(expected.shape[1])) if square else None
    return value if value.shape[1:] == expected.shape[1:] else None


def _agree(given: Values, world: _World) -> bool:
    """Equal up to rounding.

    At mild points all must be finite and equal. Elsewhere a right form may overflow or lose digits (the logarithm of a
    product of tiny exponentials): there only the points with a value count, at least one in four, and less exactly.
    """
    expected = world.expected
    given = np.broadcast_to(given, expected.shape)
    finite = np.isfinite(given).all(axis=(1, 2))
    if world.is_mild and not finite.all():
        return False
    if finite.mean() < _FEWEST_FINITE:
        return False
    given, expected = given[finite], expected[finite]
    scale = np.maximum(np.abs(given), np.abs(expected)).max(axis=(1, 2), keepdims=True)
    relative = _RELATIVE if world.is_mild else _RELATIVE_FAR_OUT
    return bool((np.abs(given - expected) <= relative * scale + 1e-13).all())


def _ratio(given: Values, expected: Values) -> float | None:
    """The factor between the two, where one factor fits all points."""
    with np.errstate(all="ignore"):
        quotients = (given / expected)[np.abs(expected) > 1e-12]
    if not quotients.size or not np.isfinite(quotients).all():
        return None
    first = float(quotients.flat[0])
    return first if first and np.allclose(quotients, first, rtol=1e-7, atol=0) else None
