"""Numbers in the texts of generated questions."""

from collections.abc import Iterable
from math import floor, isfinite, log10


def num(value: float, digits: int = 4) -> str:
    """The shortest decimal at so many significant figures; whole numbers in full, small ones as $a\\cdot10^{b}$."""
    value = float(value)
    if not isfinite(value):
        raise ValueError(f"{value} cannot be shown")
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    exponent = floor(log10(abs(value)))
    if exponent < -4:
        return f"{value / 10.0**exponent:.{digits}g}\\cdot10^{{{exponent}}}"
    decimals = max(0, digits - 1 - exponent)
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"


def listed(values: Iterable[float | str]) -> str:
    """The values in a sentence: `2, 3 and 5`."""
    texts = [value if isinstance(value, str) else num(value) for value in values]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def counted(number: float, thing: str) -> str:
    """A number of things: `1 time`, `2 times`, `0.5 bits`."""
    return f"{num(number)} {thing}" if number == 1 else f"{num(number)} {thing}s"


def power(base: str, exponent: int) -> str:
    """A power in LaTeX, for use inside $…$, without an exponent of 1: `u`, `u^{2}`."""
    return base if exponent == 1 else f"{base}^{{{exponent}}}"


def vector(values: Iterable[float], digits: int = 4) -> str:
    """A row in LaTeX, for use inside $…$: `(1, 2, 3)`."""
    return "(" + ",\\ ".join(num(value, digits) for value in values) + ")"


def matrix(rows: Iterable[Iterable[float]], digits: int = 4) -> str:
    """A matrix in LaTeX, for use inside $…$."""
    body = r" \\ ".join(" & ".join(num(value, digits) for value in row) for row in rows)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"


def signed(value: float, digits: int = 4) -> str:
    """A number to stand in a product or behind a sign: negative ones in parentheses."""
    text = num(value, digits)
    return f"({text})" if text.startswith("-") else text


def summed(terms: Iterable[str]) -> str:
    """Terms joined by plus signs, a negative one by its own minus."""
    joined = " + ".join(terms)
    return joined.replace("+ -", "- ")


def term(coefficient: int, factor: str) -> str:
    """A coefficient before its factor, without a 1: `x^2`, `-x^2`, `3x^2`."""
    shown = {1: "", -1: "-"}.get(coefficient, str(coefficient))
    return shown + factor
