"""Generated questions answered a second time, out of their prompts alone and in another way than the generator's."""

import re
from collections.abc import Callable
from typing import Any

REFERENCES: dict[str, Callable[[str], float]] = {}
"""The answer to a prompt, by the generator's name."""

_NUMBER = r"-?\d+(?:\.\d+)?"
_NUMBERS = re.compile(_NUMBER)
_PLACES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "n": (rf"({_NUMBER})", float),
    "i": (r"(-?\d+)", int),
    "v": (r"\(((?:[^()])*?)\)", lambda text: numbers(text)),
    "l": (rf"({_NUMBER}(?:, {_NUMBER})* and {_NUMBER})", lambda text: numbers(text)),
    "m": (r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", lambda text: [numbers(row) for row in text.split(r"\\")]),
    "w": (r"([^“”$.]+?)", str),
}
_PLACE = re.compile(r"\\\{([nivlmw])\\\}|(?:\\ )?…(?:\\ )?")


def reference(name: str, *texts: str) -> Callable[[Callable[..., float]], Callable[..., float]]:
    """Register how a generator's question is answered, with what to read in its prompt.

    texts: pieces of the prompt, of which the first that is found counts. In them `{n}` is a number, `{i}` a whole
    one, `{v}` a vector, `{l}` a list (`2, 3 and 5`), `{m}` a matrix, `{w}` words, and `…` anything; the function
    gets what stands there.
    """
    patterns = [_pattern(text) for text in texts]

    def register(answer: Callable[..., float]) -> Callable[..., float]:
        def read(prompt: str) -> float:
            for pattern, readers in patterns:
                if match := pattern.search(prompt):
                    return answer(*(read(text) for read, text in zip(readers, match.groups(), strict=True)))
            raise ValueError(f"{name}: the prompt does not say what its reference reads: {prompt}")

        if name in REFERENCES:
            raise ValueError(f"there are two references for {name}")
        REFERENCES[name] = read
        return answer

    return register


def numbers(text: str) -> list[float]:
    """All numbers of a text."""
    return [float(number) for number in _NUMBERS.findall(text)]


def slope(f: Callable[[float], float], x: float, step: float = 1e-4) -> float:
    """The derivative by differences over five points, exact to the fourth order."""
    return (8 * (f(x + step) - f(x - step)) - (f(x + 2 * step) - f(x - 2 * step))) / (12 * step)


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """Where f goes from above to below 0, by halving the interval."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) > 0 else (low, middle)
    return (low + high) / 2


def _pattern(text: str) -> tuple[re.Pattern[str], list[Callable[[str], Any]]]:
    readers: list[Callable[[str], Any]] = []

    def place(found: re.Match[str]) -> str:
        if not found[1]:
            return ".*?"
        regex, reader = _PLACES[found[1]]
        readers.append(reader)
        return regex

    return re.compile(_PLACE.sub(place, re.escape(text)), re.DOTALL), readers
