"""Numbers as learners write them, and how exact they must be."""

import re
from dataclasses import dataclass
from math import floor, isfinite, log10

from quizzes.domain.expressions import ExpressionError, evaluate_number

MAX_NUMBER_LENGTH = 100

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "⁄": "/"})
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
# Between digits: a plain, no-break or thin space, an apostrophe or an underscore groups thousands.
_GROUPED = re.compile(r"(?<![\d.,])(\d{1,3}(?:[ \u00a0\u2009\u202f'’_]\d{3})+)(?![\d])")
# Two numbers beside each other, or an exponent set apart: what would be a product in a formula.
_AMBIGUOUS = re.compile(r"[\d.]\s+[\d.]|\d\s+[eE](?![a-z])|\d[eE]\s+\d|\d[½¼¾]")
# `1e`, `0.5e` or `1e-`: an exponent begun; Euler's number is written apart, as in `0.5*e`.
_UNFINISHED = re.compile(r"\d\.?[eE](?!\w|\^|\*\*|[+-]\d)")
_TIMES = re.compile(r"(\d\.?)\s*[xX]\s*10\s*(\^|\*\*)")
"""A letter for the times sign, as in `1x10^-3`."""

_POWER_LOST = re.compile(r"\d\s*[xX*]\s*10\s*-\s*\d+$")
"""`1x10-3`, which says 7 where a thousandth is meant."""

_SYMBOLS = {"degrees": ("°",), "million": ("M",), "%": ("percent", "per cent"), "percent": ("%",)}
"""How else a unit is written."""

_FUNCTION = re.compile(r"[a-zA-Z]\w*\s*\(")
_NUMERAL = re.compile(r"\d[\d.,]*")
_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(,\d{3})+")
_DOT_GROUPS = re.compile(r"[1-9]\d{0,2}(\.\d{3}){2,}")


class NumberError(ValueError):
    """A text is no number; the message says what would be one."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far from the answer a number may lie and be right; exactly one of the four is set."""

    absolute: float | None = None
    relative: float | None = None
    significant_figures: int | None = None
    exact: bool = False

    def __post_init__(self) -> None:
        given = [self.absolute is not None, self.relative is not None, self.significant_figures is not None, self.exact]
        if sum(given) != 1:
            raise ValueError("give one of absolute, relative, significant_figures, exact: true")
        for size in (self.absolute, self.relative, self.significant_figures):
            if size is not None and not (isfinite(size) and size > 0):
                raise ValueError("a tolerance is above 0")

    def accepts(self, number: float, answer: float) -> bool:
        """Whether the number counts as the answer."""
        if not isfinite(number):
            return False
        rounding = 1e-9 * max(abs(answer), 1e-300)
        return abs(number - answer) <= self.reach(answer) + rounding

    def describe(self) -> str:
        """The tolerance in the words told to the learner before answering."""
        if self.exact:
            return "given exactly"
        if self.significant_figures is not None:
            return f"to {self.significant_figures} significant figures"
        if self.relative is not None:
            return f"within {100 * self.relative:g} % of the exact value"
        return f"within {self.absolute:g} of the exact value"

    def as_json(self) -> dict[str, float | int | bool]:
        """Only what is set, such as {"absolute": 0.01}."""
        sizes = {
            "absolute": self.absolute,
            "relative": self.relative,
            "significant_figures": self.significant_figures,
            "exact": self.exact or None,
        }
        return {name: size for name, size in sizes.items() if size is not None}

    def reach(self, answer: float) -> float:
        """How far from the answer a right number may lie."""
        if self.absolute is not None:
            return self.absolute
        if self.relative is not None:
            return self.relative * abs(answer)
        if self.significant_figures is not None and answer != 0:
            return 0.5 * 10.0 ** (floor(log10(abs(answer))) - self.significant_figures + 1)
        return 0.0


def parse_number(text: str, unit: str = "") -> float:
    """Read a number as people write it.

    Takes `0.5`, `.5`, `1e-3`, `1/2`, `50%`, `1,024`, `2^10`, `3 × 10⁻⁴`, a decimal comma where it cannot group
    thousands (`0,5`, `3,14`), arithmetic such as `ln(2)/2`, and the question's unit behind it.
    Raises NumberError with what is wrong.
    """
    if len(text) > MAX_NUMBER_LENGTH:
        raise NumberError(f"Write one number, in at most {MAX_NUMBER_LENGTH} characters.")
    plain = text.strip()
    for name in _spellings(unit):
        if plain.casefold().endswith(name.casefold()):
            plain = plain[: -len(name)].strip()
            break
    percent = plain.endswith("%")
    plain = plain.rstrip("%").strip() if percent else plain
    if not plain:
        raise NumberError("Write a number, such as 0.25, 1/4, 25% or 2.5e-1.")
    plain = _RAISED.sub(lambda raised: f"^({raised[0].translate(_SUPERSCRIPTS)})", plain.translate(_SIGNS))
    plain = _TIMES.sub(r"\1*10\2", plain)
    plain = _GROUPED.sub(lambda grouped: re.sub(r"\D", "", grouped[1]), plain)
    _check_unambiguous(plain)
    try:
        number = evaluate_number(_NUMERAL.sub(lambda numeral: _with_decimal_point(numeral[0]), plain))
    except ExpressionError as error:
        asked = f" The number is asked for in {unit}." if unit else ""
        raise NumberError(f"This is no number: {error} Write for example 0.25, 1/4, 25% or 2.5e-1.{asked}") from error
    if not isfinite(number):
        raise NumberError("This is no finite number.")
    return number / 100 if percent else number


def _spellings(unit: str) -> list[str]:
    """A unit as it may stand behind a number: `bits per byte`, and behind a 1 `bit per byte`."""
    if not unit:
        return []
    first, *rest = unit.split(" ")
    one = first[:-3] + "y" if first.endswith("ies") else first.removesuffix("s")
    return [unit, " ".join([one, *rest]), *_SYMBOLS.get(unit, ())]


def _check_unambiguous(plain: str) -> None:
    if _UNFINISHED.search(plain):
        raise NumberError(
            f"The exponent in {plain} is not finished; write for example 2.5e-1, and 0.5*e for half of e."
        )
    if _POWER_LOST.search(plain):
        raise NumberError(f"The power of ten in {plain} lacks its sign; write for example 2.5x10^-1 or 2.5e-1.")
    if _AMBIGUOUS.search(plain) or ("," in plain and _FUNCTION.search(plain)):
        raise NumberError(f"{plain} can be read in more than one way; write one number, such as 1.5 or 2.5e-1.")


def _with_decimal_point(numeral: str) -> str:
    """The numeral with a point for its decimals and without separators of thousands."""
    if "," not in numeral:
        if numeral.count(".") > 1 and not _DOT_GROUPS.fullmatch(numeral):
            raise NumberError(f"{numeral} can be read in more than one way; write it with a decimal point only.")
        return numeral.replace(".", "") if numeral.count(".") > 1 else numeral
    if "." in numeral:
        last = max(numeral.rfind(","), numeral.rfind("."))
        whole, decimals = numeral[:last], numeral[last + 1 :]
        if not _is_grouped(whole) or ("," in decimals or "." in decimals):
            raise NumberError(f"{numeral} can be read in more than one way; write it with a decimal point only.")
        return re.sub("[.,]", "", whole) + "." + decimals
    if _COMMA_GROUPS.fullmatch(numeral):
        return numeral.replace(",", "")
    if numeral.count(",") == 1:
        return numeral.replace(",", ".")
    raise NumberError(f"{numeral} can be read in more than one way; write it with a decimal point only.")


def _is_grouped(whole: str) -> bool:
    return whole.isdigit() or bool(re.fullmatch(r"\d{1,3}([.,]\d{3})+", whole))
