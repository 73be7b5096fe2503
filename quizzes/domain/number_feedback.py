"""What a number that was given shows about how it was reached."""

from collections.abc import Iterable, Iterator
from math import e, isclose, isfinite, log

from quizzes.domain.numbers import Tolerance

_FACTORS = [
    (log(2), r"a factor of $\ln 2$: nats and bits are mixed up"),
    (1 / log(2), r"a factor of $1/\ln 2$: nats and bits are mixed up"),
    (log(10), r"a factor of $\ln 10$: natural and decimal logarithm are mixed up"),
    (1 / log(10), r"a factor of $1/\ln 10$: natural and decimal logarithm are mixed up"),
    (e, "a factor of $e$"),
    (1 / e, "a factor of $1/e$"),
    (2.0, "a factor of 2"),
    (0.5, "a factor of one half"),
    (4.0, "a factor of 4: a square too many, or a factor of 2 twice"),
    (0.25, "a factor of one quarter"),
    (100.0, "a factor of 100: a share was asked for, not a percentage"),
    (0.01, "a factor of one hundredth: a percentage was asked for, not a share"),
    (8.0, "a factor of 8: bits and bytes are mixed up"),
    (0.125, "a factor of one eighth: bits and bytes are mixed up"),
    (1.024**3, "a factor of $1.024^3$: GB and GiB are mixed up"),
    (1.024**-3, "a factor of $1.024^{-3}$: GB and GiB are mixed up"),
]
_NEAR = 5


def number_feedback(number: float, answer: float, tolerance: Tolerance, mistakes: Iterable[tuple[float, str]]) -> str:
    """Markdown that says how the number relates to the answer; empty where no relation is seen.

    mistakes: values that typical errors lead to, each with its cause.
    """
    if tolerance.accepts(number, answer):
        exact = isclose(number, answer, rel_tol=1e-9, abs_tol=1e-15)
        return "" if exact or tolerance.exact else "Right within the tolerance."
    for value, cause in mistakes:
        if isfinite(value) and tolerance.accepts(number, value):
            return cause
    return _relation(number, answer, tolerance)


def _relation(number: float, answer: float, tolerance: Tolerance) -> str:
    if not answer or not number:
        return ""
    for undone, relation in _undone(number, answer):
        if tolerance.accepts(undone, answer):
            return relation
    if abs(number - answer) <= _NEAR * tolerance.reach(answer) and number * answer > 0:
        return "Near, but outside the tolerance: keep more digits until the end."
    return ""


def _undone(number: float, answer: float) -> Iterator[tuple[float, str]]:
    """What the number would be without one slip, with the slip."""
    yield -number, "The right magnitude, with the wrong sign."
    for factor, name in _FACTORS:
        yield number / factor, f"Off by {name}."
    for power in (*range(1, 10), *range(-9, 0)):
        yield number / 10.0**power, f"Off by a factor of $10^{{{power}}}$: look at the decimal point."
    yield 1 / number, "This is the reciprocal of the answer."
    if 0 < answer < 1 and 0 < number < 1:
        yield 1 - number, "This is 1 minus the answer: the complement was taken."
