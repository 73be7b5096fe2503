"""Texts that are hard on a renderer: nesting, backtracking, bombs; each a function from a length to a text."""

from collections.abc import Callable

Shape = Callable[[int], str]


def _repeated(piece: str) -> Shape:
    return lambda length: (piece * (length // len(piece) + 1))[:length]


_PIECES = (
    *("[", "![", "](", "[a](", "[[", "[[a", "[a][", "[a]: b\n", "[a](<", '![a](b "', "[a]: <", "[[a]]", "[^1]: a\n"),
    *("*", "_", "**a ", "_a*", "~~", "~", "***", "_ _", "*_*_", "a**b"),
    *("`", "``a`", "`a", "a`", "``` \n", "~~~\n", "[`", "*`"),
    *("<", "<a@", "<!--", "<?", "<![CDATA[", '<a b="', "&", "&#", "&#x0;", "&quot;", "http://a "),
    *("> ", ">", "> > ", "- ", "- - ", "* a\n  * ", "1. ", "1) a\n", "\t", "\n", " \n", "\r\n", "a\n-\n", "#", "="),
    *("|", "| ", "a|b\n-|-\n", "a|b\n-|-\n\n", "|-"),
    *("$", "$$", "$a", "$a$", "$x$ ", "$$\nx\n$$\n", r"$\$", "$`", "\\", "\\[", "{", "}"),
    *("\u0300", "\u202e", "\x00", "\u00e9", "👩‍👩‍👧"),
    *(r"$\frac$ ", r"$\def\a{\a}\a$ ", r"$\sqrt{\frac12}$ ", r"$\begin{matrix}" + "&" * 40 + r"\end{matrix}$ "),
)


def _alone(piece: str, before: str = "", after: str = "") -> Shape:
    """One formula of the length."""
    return lambda length: f"${before}{piece * ((length - len(before) - len(after) - 2) // len(piece))}{after}$"


def _nested(opening: str, closing: str = "}", inside: str = "x", around: tuple[str, str] = ("$", "$")) -> Shape:
    def shape(length: int) -> str:
        depth = (length - len(inside) - 2) // (len(opening) + len(closing))
        return around[0] + opening * depth + inside + closing * depth + around[1]

    return shape


def _growing(piece: str, between: str) -> Shape:
    """The piece once, twice, three times and so on."""
    return lambda length: between.join(piece * count for count in range(1, int((2 * length) ** 0.5)))[:length]


def _table(columns: int, row: str) -> Shape:
    head = "a|" * columns + "\n" + "-|" * columns + "\n"
    return lambda length: (head + row * length)[:length]


def _wide_table(length: int) -> str:
    return "a|" * (length // 4) + "\n" + "-|" * (length // 4)


def _tall_table(length: int) -> str:
    """As many columns as there are rows, all rows empty."""
    return _table(length // 8, "b\n")(length)


def _distinct_formulas(length: int) -> str:
    return " ".join(f"$x_{{{number}}}$" for number in range(length))[:length]


def _macro_bomb(length: int) -> str:
    """Ten times ten times ten letters."""
    macros = r"\def\a{" + "x" * 10 + "}"
    for name, of in ("ba", "cb", "dc"):
        macros += rf"\def\{name}" + "{" + rf"\{of}" * 10 + "}"
    return _alone(r"\d", macros)(length)


SHAPES: dict[str, Shape] = {
    **{f"{piece[:16]!r} again and again": _repeated(piece) for piece in _PIECES},
    "brackets in brackets": _nested("[", "]", around=("", "")),
    "links in links": _nested("[", "](b)", around=("", "")),
    "emphasis around a word": _nested("*", "*", around=("", "")),
    "quotes ever deeper": _growing(">", "\n"),
    "lists ever deeper": _growing("  ", "- a\n"),
    "ever more backticks": _growing("`", " "),
    "ever more dollars": _growing("$", " "),
    "a wide table": _wide_table,
    "a tall table": _table(2, "x\n"),
    "a wide and tall table": _table(100, "||\n"),
    "an empty square table": _tall_table,
    "different formulas": _distinct_formulas,
    "a bomb of macros": _macro_bomb,
    "a macro that doubles": _nested(r"\a{", around=(r"$\def\a#1{#1#1}", "$")),
    "a macro that doubles much": _alone("x", r"\def\a#1{#1#1}" + r"\a{" * 9, "}" * 9),
    "a macro made of itself": _alone(r"\edef\a{\a\a}", r"\def\a{x}", r"\a"),
    "braces": _nested("{"),
    "braces left open": _alone("{"),
    **{f"{name} in itself": _nested(rf"\{name}{{") for name in ("sqrt", "overline", "underbrace", "text", "mathbf")},
    "fractions in fractions": _nested(r"\frac{1}{"),
    "exponents of exponents": _nested("x^{"),
    "growing brackets": _nested(r"\left(", r"\right)"),
    "one of four styles": _nested(r"\mathchoice{x}{x}{x}{"),
    "cells": _alone("&", r"\begin{matrix}", r"\end{matrix}"),
    "rows": _alone(r"\\", r"\begin{matrix}", r"\end{matrix}"),
    **{
        f"{piece} in one formula": _alone(piece)
        for piece in ("x", "x+", "'", r"\color{red}", r"\cr", r"\xrightarrow{x}", r"\left\{\right\}", r"\sqrt", "^")
    },
}
