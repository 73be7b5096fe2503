"""What a number that was given shows about how it was reached."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import e, isclose, isfinite, log

from quizzes.domain.numbers import Tolerance

_LOGARITHMIC = ("nats", "bits", "bits per byte")
_BYTES = ("bytes", "kB", "KiB", "MB", "MiB", "GB", "GiB", "TB", "TiB", "bits per byte")


@dataclass(frozen=True, slots=True)
class _Slip:
    """A factor, and what leads to it where the question is in one of the units; in no other can it be meant."""

    factor: float
    name: str
    cause: str = ""
    units: tuple[str, ...] = ()
    without_unit: str = ""

    def describe(self, unit: str) -> str:
        cause = self.cause if unit in self.units else "" if unit else self.without_unit
        return f"Off by {self.name}: {cause}." if cause else f"Off by {self.name}."


_NATS = ("nats and bits are mixed up", _LOGARITHMIC, "perhaps nats and bits are mixed up")
_DECIMAL = ("", (), "perhaps natural and decimal logarithm are mixed up")
_BITS = ("bits and bytes are mixed up", _BYTES)
_GIB = ("GB and GiB are mixed up", ("GB", "GiB", "MB", "MiB"))
_SLIPS = [
    _Slip(log(2), r"a factor of $\ln 2$", *_NATS),
    _Slip(1 / log(2), r"a factor of $1/\ln 2$", *_NATS),
    _Slip(log(10), r"a factor of $\ln 10$", *_DECIMAL),
    _Slip(1 / log(10), r"a factor of $1/\ln 10$", *_DECIMAL),
    _Slip(e, "a factor of $e$"),
    _Slip(1 / e, "a factor of $1/e$"),
    _Slip(2.0, "a factor of 2"),
    _Slip(0.5, "a factor of one half"),
    _Slip(4.0, "a factor of 4, perhaps a square too many or a factor of 2 twice"),
    _Slip(0.25, "a factor of one quarter"),
    _Slip(100.0, "a factor of 100"),
    _Slip(0.01, "a factor of one hundredth", "a percentage was asked for, not a share", ("%", "percent")),
    _Slip(8.0, "a factor of 8", *_BITS),
    _Slip(0.125, "a factor of one eighth", *_BITS),
    _Slip(1.024**3, "a factor of $1.024^3$", *_GIB),
    _Slip(1.024**-3, "a factor of $1.024^{-3}$", *_GIB),
]
_NEAR = 5


def number_feedback(
    number: float, answer: float, tolerance: Tolerance, mistakes: Iterable[tuple[float, str]], unit: str = ""
) -> str:
    """Markdown that says how the number relates to the answer; empty where no relation is seen.

    mistakes: values that typical errors lead to, each with its cause. unit: the question's; a cause that it rules
    out is not named, one that it leaves open is named as possible.
    """
    if tolerance.accepts(number, answer):
        exact = isclose(number, answer, rel_tol=1e-9, abs_tol=1e-15)
        return "" if exact or tolerance.exact else "Right within the tolerance."
    for value, cause in mistakes:
        if isfinite(value) and tolerance.accepts(number, value):
            return cause
    return _relation(number, answer, tolerance, unit)


def _relation(number: float, answer: float, tolerance: Tolerance, unit: str) -> str:
    if not answer or not number:
        return ""
    for undone, relation in _undone(number, answer, unit):
        if tolerance.accepts(undone, answer):
            return relation
    if abs(number - answer) <= _NEAR * tolerance.reach(answer) and number * answer > 0:
        return "Near, but outside the tolerance: keep more digits until the end."
    return ""


def _undone(number: float, answer: float, unit: str) -> Iterator[tuple[float, str]]:
    """What the number would be without one slip, with the slip."""
    yield -number, "The right magnitude, with the wrong sign."
    if 0 < answer <= 1 and not unit:
        yield number / 100, "Off by a factor of 100: perhaps a percentage was given where a share is asked for."
    for slip in _SLIPS:
        yield number / slip.factor, slip.describe(unit)
    for power in (*range(1, 10), *range(-9, 0)):
        yield number / 10.0**power, f"Off by a factor of $10^{{{power}}}$: look at the decimal point."
    yield 1 / number, "This is the reciprocal of the answer."
    if 0 < answer < 1 and 0 < number < 1:
        yield 1 - number, "This is 1 minus the answer: perhaps the complement was taken."
