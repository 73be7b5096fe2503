"""The tree that a formula is read to, and the names it may use."""

from dataclasses import dataclass

MAX_LENGTH = 500
MAX_DEPTH = 40

FUNCTIONS = {
    **dict.fromkeys(["exp", "log", "log2", "log10", "sqrt", "abs", "sign", "sin", "cos", "tanh"], 1),
    **dict.fromkeys(["sigma", "relu", "step", "softplus", "softmax", "sum", "mean", "norm"], 1),
    **dict.fromkeys(["trace", "det", "inv", "diag", "transpose"], 1),
    **dict.fromkeys(["max", "min", "dot"], 2),
}
"""Known functions with how many arguments they take; `max` and `min` also take one vector."""

FUNCTION_ALIASES = {"ln": "log", "sigmoid": "sigma", "tr": "trace", "sgn": "sign"}
CONSTANTS = ("pi", "e")
IDENTITY = "I"


class ExpressionError(ValueError):
    """A text is no formula; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, a dimension, a constant or the identity."""

    name: str


@dataclass(frozen=True, slots=True)
class Negation:
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Operation:
    """`operator` is one of `+ - * / ^ @ ·`; `@` is the product of mathematics, written or by juxtaposition."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Transpose:
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple["Node", ...]


Node = Number | Name | Negation | Operation | Transpose | Call
