"""What the unit tests of an exercise assert with: failures say in words what is wrong.

The same file goes into a topic's zip, where it stands beside `exercises.py`.
"""

import unittest
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Thing = TypeVar("Thing")


def results_of(function: Callable[..., Any], calls: Iterable[tuple[Any, ...]]) -> list[Any]:
    """What the learner's function returns for each of these arguments, called one after the other.

    On the server the code is in another process; this asks it once for all calls.
    """
    together = getattr(type(function), "__call_each__", None)
    if together is not None:
        return list(together(function, list(calls)))
    return [function(*values) for values in calls]


def near_code(thing: Thing) -> Thing:
    """Marks a function or class of the tests that the learner's code calls very often and that keeps no secret.

    On the server it is defined where that code is, and so may use nothing but `np`, `math` and itself.
    """
    return _carry(thing)


def _carry(thing: Thing) -> Thing:
    """Replaced on the server (`quizzes/sandbox/examiner.py`)."""
    return thing


def describe(value: object) -> str:
    """A value in a few words: a number as it is, an array by its shape and first entries."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, np.ndarray):
        shown = np.array2string(value, precision=6, threshold=12, edgeitems=3)
        return f"an array of shape {value.shape}:\n{shown}"
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


def numerical_gradient(f: Callable[[Array], Any], x: Array, step: float = 1e-5) -> Array:
    """Gradient of the scalar function f at x by central differences, in the shape of x."""
    point = np.array(x, dtype=np.float64)
    gradient = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        kept = point[index]
        point[index] = kept + step
        above = _as_number(f(point.copy()))
        point[index] = kept - step
        below = _as_number(f(point.copy()))
        point[index] = kept
        gradient[index] = (above - below) / (2 * step)
    return gradient


def _as_number(value: object) -> float:
    """The value as one number. Raises AssertionError, in words, where it is none."""
    given = _as_numbers(value)
    if given is None or given.size != 1 or given.dtype.kind == "c":
        raise AssertionError(f"the function should give a single number, but it gives {describe(value)}")
    return float(given.reshape(()))


def _as_numbers(value: object) -> Array | None:
    """The value as a numeric array; None where it is no number and no regular array of them."""
    if value is None or isinstance(value, str | dict):
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "biufc" else None


def _holds(now: Array, before: Array) -> bool:
    return now.shape == before.shape and np.array_equal(now, before, equal_nan=True)


def _is_equal(actual: object, expected: object) -> bool:
    """Equal as by ==, entry by entry, so that arrays among the entries are compared as wholes."""
    if isinstance(actual, np.ndarray) or isinstance(expected, np.ndarray):
        return isinstance(actual, np.ndarray) and isinstance(expected, np.ndarray) and np.array_equal(actual, expected)
    if isinstance(expected, list | tuple) and type(actual) is type(expected):
        entries = list(actual)
        return len(entries) == len(expected) and all(map(_is_equal, entries, expected))
    if isinstance(expected, dict) and isinstance(actual, dict):
        return actual.keys() == expected.keys() and all(_is_equal(actual[key], expected[key]) for key in expected)
    return bool(actual == expected)


class ExerciseTestCase(unittest.TestCase):
    """A test case whose assertions name shapes, the first wrong entry and the largest error."""

    longMessage = False

    def assert_close(
        self,
        actual: object,
        expected: object,
        *,
        atol: float = 1e-9,
        rtol: float = 1e-9,
        what: str = "the result",
    ) -> None:
        """|actual - expected| <= atol + rtol * |expected| everywhere, and the shapes agree.

        A plain number is taken for an array of shape (); nan equals nan.
        """
        wanted = _as_numbers(expected)
        given = _as_numbers(actual)
        if wanted is None:
            self.fail(
                f"{what} is compared with another value of yours, which is no regular array: {describe(expected)}"
            )
        if given is None:
            self.fail(f"{what} should be {describe(expected)}, but it is {describe(actual)}")
        self.assert_shape(given, wanted.shape, what=what)
        near = np.isclose(given, wanted, atol=atol, rtol=rtol, equal_nan=True)
        if near.all():
            return
        first = tuple(int(i) for i in np.argwhere(~near)[0])
        at = f" at index {first}" if first else ""
        with np.errstate(all="ignore"):
            errors = np.abs(given.astype(np.complex128) - wanted)
        finite = errors[np.isfinite(errors)]
        largest = f"; the largest error is {finite.max():.3g}" if finite.size else ""
        wrong = int((~near).sum())
        count = f" ({wrong} of {near.size} entries are off)" if near.size > 1 else ""
        self.fail(
            f"{what} is {given[first]!s}{at}, expected {wanted[first]!s}{count}{largest}; "
            f"allowed are {atol:g} absolute plus {rtol:g} relative"
        )

    def assert_shape(self, actual: object, shape: tuple[int, ...], *, what: str = "the result") -> None:
        """The value is an array of this shape."""
        given = _as_numbers(actual)
        if given is None:
            self.fail(f"{what} should be an array of shape {shape}, but it is {describe(actual)}")
        if given.shape != tuple(shape):
            self.fail(f"{what} has shape {given.shape}, expected shape {tuple(shape)}")

    def assert_same(self, actual: object, expected: object, *, what: str = "the result") -> None:
        """Exactly equal, for integers, strings, booleans, lists and dictionaries of them."""
        numbers, wanted = _as_numbers(actual), _as_numbers(expected)
        if wanted is not None and numbers is not None:
            self.assert_shape(numbers, wanted.shape, what=what)
            different = np.atleast_1d(numbers != wanted)
            if not different.any():
                return
            if numbers.ndim:
                first = tuple(int(i) for i in np.argwhere(different)[0])
                self.fail(
                    f"{what} is {numbers[first]!s} at index {first}, expected {wanted[first]!s} "
                    f"({int(different.sum())} of {different.size} entries differ)"
                )
        elif type(actual) is type(expected) and _is_equal(actual, expected):
            return
        self.fail(f"{what} is {describe(actual)}, expected {describe(expected)}")

    def assert_finite(self, actual: object, *, what: str = "the result") -> None:
        """Holds no nan and no infinity."""
        given = _as_numbers(actual)
        if given is None:
            self.fail(f"{what} should hold numbers, but it is {describe(actual)}")
        bad = ~np.isfinite(given)
        if bad.any():
            first = tuple(int(i) for i in np.argwhere(bad)[0])
            at = f" at index {first}" if first else ""
            self.fail(f"{what} is {given[first]!s}{at}: did something overflow, or 0 divide 0?")

    def assert_unchanged(self, now: object, before: object, *, what: str = "the input") -> None:
        """The input still holds what it held before the call."""
        held, had = _as_numbers(now), _as_numbers(before)
        is_same = _is_equal(now, before) if held is None or had is None else _holds(held, had)
        if not is_same:
            self.fail(f"{what} was changed in place; work on a copy")

    def assert_gradient(
        self,
        f: Callable[[Array], Any],
        x: Array,
        gradient: object,
        *,
        step: float = 1e-5,
        tolerance: float = 1e-6,
        what: str = "the gradient",
    ) -> None:
        """The gradient agrees with central differences of f at x.

        tolerance is relative to the larger of 1 and the largest entry.
        """
        expected = numerical_gradient(f, x, step)
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        self.assert_close(
            gradient,
            expected,
            atol=tolerance * scale,
            rtol=0.0,
            what=f"{what} (checked against central differences)",
        )

    def assert_raises(self, kind: type[BaseException], call: Callable[..., Any], *values: Any, why: str) -> None:
        """call(*values) raises the named exception; `why` tells the learner what is wrong there."""
        try:
            result = call(*values)
        except kind:
            return
        self.fail(f"{why}: expected {kind.__name__}, but the call returned {describe(result)}")
