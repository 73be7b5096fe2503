"""What a question's prompt says of its variables together, such as `t <= w`."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizzes.domain.expressions.domains import Values
from quizzes.domain.expressions.evaluate import ScaledIdentity, evaluate
from quizzes.domain.expressions.parser import parse
from quizzes.domain.expressions.tree import ExpressionError, Node

_COMPARISONS = {"<=": np.less_equal, ">=": np.greater_equal, "<": np.less, ">": np.greater}
_SIGN = re.compile("<=|>=|<|>")


@dataclass(frozen=True, slots=True)
class Condition:
    """Two formulas of one number each, and how they compare."""

    left: Node
    sign: str
    right: Node

    def holds(self, values: Mapping[str, Values]) -> NDArray[np.bool_]:
        """At which points it holds, shape (points,). Raises ExpressionError where a side is no number."""
        left, right = evaluate(self.left, values), evaluate(self.right, values)
        if isinstance(left, ScaledIdentity) or isinstance(right, ScaledIdentity):
            raise ExpressionError("A condition compares numbers.")
        holds = _COMPARISONS[self.sign](left, right)
        if holds.shape[1:] != (1, 1):
            raise ExpressionError("A condition compares numbers, not vectors or matrices.")
        return np.asarray(holds[:, 0, 0])


def parse_condition(text: str, names: Collection[str]) -> Condition:
    """Read a condition over these names. Raises ExpressionError with what would be one."""
    sides = _SIGN.split(text)
    if len(sides) != 2:
        raise ExpressionError(f"`{text}` is no condition; write two formulas with one of <=, >=, <, > between them.")
    sign = _SIGN.findall(text)[0]
    return Condition(parse(sides[0], names), sign, parse(sides[1], names))
