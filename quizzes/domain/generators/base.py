"""What a generator is, and how a question is drawn from it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import isfinite

import numpy as np

from quizzes.domain.numbers import Tolerance

MAX_DRAWS = 500


LOOSEST = 0.1
"""A tolerance that takes an answer this far off, as a share of it, tells nothing."""


_NUMBER = re.compile(r"(?<![\d.])-?\d+(?:\.\d+)?")


class Redraw(Exception):
    """A generator gives these parameters back: they would make the question trivial or ugly."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A value that a typical error leads to, and the error."""

    value: float
    cause: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A question with its numbers filled in; texts are Markdown with maths."""

    prompt: str
    answer: float
    tolerance: Tolerance
    mistakes: tuple[Mistake, ...]
    solution: str
    unit: str = ""


Drawing = Callable[[np.random.Generator], Draw]


@dataclass(frozen=True, slots=True)
class Generator:
    """A numeric question that is drawn anew each time. `version` goes up when a seed gives another question."""

    name: str
    concept: str
    difficulty: int
    title: str
    version: int
    drawing: Drawing
    tags: tuple[str, ...] = ()

    def draw(self, seed: int) -> Draw:
        """The question of this seed: the same one for ever, by numpy's PCG64.

        Parameters are drawn again where the generator says so, where the answer is not finite or is 0 or 1, where
        the tolerance is wide beside the answer, and where a typical mistake would be taken as right or for another
        mistake. Raises RuntimeError after MAX_DRAWS vain draws.
        """
        rng = np.random.Generator(np.random.PCG64(seed))
        for _ in range(MAX_DRAWS):
            try:
                draw = self.drawing(rng)
            except Redraw:
                continue
            if _tells_apart(draw):
                return draw
        raise RuntimeError(f"the generator {self.name} finds no question in {MAX_DRAWS} draws from seed {seed}")


_generators: dict[str, Generator] = {}


def generator(  # noqa: PLR0913 (all by keyword)
    name: str, *, concept: str, difficulty: int, title: str, version: int = 1, tags: tuple[str, ...] = ()
) -> Callable[[Drawing], Drawing]:
    """Register a drawing function under a name."""

    def register(drawing: Drawing) -> Drawing:
        if name in _generators:
            raise ValueError(f"there are two generators called {name}")
        _generators[name] = Generator(name, concept, difficulty, title, version, drawing, tags)
        return drawing

    return register


def unstated(draw: Draw) -> Draw:
    """The question itself. Raises Redraw where one of the numbers that its prompt states would be taken as right."""
    if any(draw.tolerance.accepts(float(number), draw.answer) for number in _NUMBER.findall(draw.prompt)):
        raise Redraw("the answer stands in the prompt")
    return draw


def registered() -> Mapping[str, Generator]:
    """All generators by name."""
    return _generators


def _tells_apart(draw: Draw) -> bool:
    """Whether right, nearly right and each typical mistake are values of their own, and the answer is no 0 or 1."""
    if not isfinite(draw.answer) or draw.answer in (0, 1):
        return False
    if draw.tolerance.accepts(draw.answer * (1 + LOOSEST), draw.answer) and not draw.tolerance.relative:
        return False
    values = [mistake.value for mistake in draw.mistakes if isfinite(mistake.value)]
    return not any(draw.tolerance.accepts(value, draw.answer) for value in values) and not any(
        draw.tolerance.accepts(first, second) for first, second in combinations(values, 2)
    )
