"""The value of a formula at many points at once, by numpy.

Every value has the shape (points, rows, columns): a scalar is 1 × 1, a vector one column. The identity matrix has
no size of its own, so it is carried as a multiple of itself until it meets a square matrix.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizzes.domain.expressions.domains import Values
from quizzes.domain.expressions.parser import parse
from quizzes.domain.expressions.tree import (
    IDENTITY,
    Call,
    ExpressionError,
    Name,
    Negation,
    Node,
    Number,
    Operation,
    Transpose,
)

_CONSTANTS = {"pi": np.pi, "e": np.e}


@dataclass(frozen=True, slots=True)
class ScaledIdentity:
    """`scale` times the identity matrix of whatever size is needed; scale has shape (points, 1, 1)."""

    scale: Values


Value = Values | ScaledIdentity


def evaluate(node: Node, values: Mapping[str, Values]) -> Value:  # noqa: PLR0911 (one a kind of node)
    """The formula's value where its names have these values. Raises ExpressionError where shapes do not fit."""
    match node:
        case Number(value=number):
            return np.full((1, 1, 1), number)
        case Name(name=name):
            return _named(name, values)
        case Negation(operand=operand):
            return _multiply(np.full((1, 1, 1), -1.0), evaluate(operand, values))
        case Transpose(operand=operand):
            return _transpose(evaluate(operand, values))
        case Operation(operator="^", left=left, right=right):
            return _power(evaluate(left, values), evaluate(right, values), right)
        case Operation(operator=operator, left=left, right=right):
            return _BINARY[operator](evaluate(left, values), evaluate(right, values))
        case Call(function=function, arguments=arguments):
            return _call(function, [evaluate(argument, values) for argument in arguments])


def evaluate_number(text: str) -> float:
    """The value of an arithmetic expression without names, such as `ln(2)/2`. Raises ExpressionError."""
    with np.errstate(all="ignore"):
        value = evaluate(parse(text), {})
    if isinstance(value, ScaledIdentity):
        raise ExpressionError("I stands for a matrix; write a number.")
    return float(value[0, 0, 0])


def _named(name: str, values: Mapping[str, Values]) -> Value:
    if name in values:
        return values[name]
    if name == IDENTITY:
        return ScaledIdentity(np.ones((1, 1, 1)))
    return np.full((1, 1, 1), _CONSTANTS[name])


def _is_scalar(value: Value) -> bool:
    return not isinstance(value, ScaledIdentity) and value.shape[1:] == (1, 1)


def _described(value: Value) -> str:
    if isinstance(value, ScaledIdentity):
        return "the identity"
    rows, columns = value.shape[1:]
    if (rows, columns) == (1, 1):
        return "a number"
    return "a row" if rows == 1 else "a column" if columns == 1 else f"a {rows} × {columns} matrix"


def _misfit(operator: str, left: Value, right: Value) -> ExpressionError:
    hint = ""
    if not isinstance(left, ScaledIdentity) and not isinstance(right, ScaledIdentity):
        both_columns = left.shape[2] == right.shape[2] == 1
        if operator == "@" and both_columns:
            hint = " Write x^T y for the dot product, x * y for the product entry by entry."
    return ExpressionError(f"The shapes do not fit: {_described(left)} {operator} {_described(right)}.{hint}")


def _add(left: Value, right: Value, sign: float = 1.0) -> Value:
    if isinstance(left, ScaledIdentity) and isinstance(right, ScaledIdentity):
        return ScaledIdentity(left.scale + sign * right.scale)
    if isinstance(left, ScaledIdentity):
        right = _plain(right)
        return _with_identity(sign * right, left.scale, left, right)
    if isinstance(right, ScaledIdentity):
        return _with_identity(left, sign * right.scale, left, right)
    if left.shape[1:] != right.shape[1:] and not (_is_scalar(left) or _is_scalar(right)):
        raise _misfit("+" if sign > 0 else "-", left, right)
    return np.asarray(left + sign * right)


def _subtract(left: Value, right: Value) -> Value:
    return _add(left, right, -1.0)


def _with_identity(matrix: Values, scale: Values, left: Value, right: Value) -> Values:
    if matrix.shape[1] != matrix.shape[2]:
        raise _misfit("+", left, right)
    return np.asarray(matrix + scale * np.eye(matrix.shape[1]))


def _multiply(left: Value, right: Value) -> Value:
    """`*`: scaling, entry by entry between equal shapes, and otherwise the matrix product."""
    if isinstance(left, ScaledIdentity) or isinstance(right, ScaledIdentity):
        return _times_identity(left, right)
    if _is_scalar(left) or _is_scalar(right) or left.shape[1:] == right.shape[1:]:
        return np.asarray(left * right)
    return _product(left, right)


def _product(left: Value, right: Value) -> Value:
    """`@` and juxtaposition: the product of mathematics."""
    if isinstance(left, ScaledIdentity) or isinstance(right, ScaledIdentity):
        return _times_identity(left, right)
    if _is_scalar(left) or _is_scalar(right):
        return np.asarray(left * right)
    if left.shape[2] != right.shape[1]:
        raise _misfit("@", left, right)
    return np.asarray(left @ right)


def _dotted(left: Value, right: Value) -> Value:
    """`·`: the dot product of two columns, else as `*`."""
    if isinstance(left, ScaledIdentity) or isinstance(right, ScaledIdentity):
        return _times_identity(left, right)
    if left.shape[1:] == right.shape[1:] and left.shape[2] == 1:
        return np.asarray((left * right).sum(axis=1, keepdims=True))
    return _multiply(left, right)


def _times_identity(left: Value, right: Value) -> Value:
    if isinstance(left, ScaledIdentity) and isinstance(right, ScaledIdentity):
        return ScaledIdentity(left.scale * right.scale)
    identity, other = (left, right) if isinstance(left, ScaledIdentity) else (right, left)
    assert isinstance(identity, ScaledIdentity)
    other = _plain(other)
    return ScaledIdentity(identity.scale * other) if _is_scalar(other) else np.asarray(identity.scale * other)


def _divide(left: Value, right: Value) -> Value:
    if isinstance(right, ScaledIdentity):
        raise ExpressionError("Division by a matrix is not defined; multiply by its inverse.")
    if isinstance(left, ScaledIdentity):
        if not _is_scalar(right):
            raise _misfit("/", left, right)
        return ScaledIdentity(left.scale / right)
    if min(right.shape[1:]) > 1:
        raise ExpressionError("Division by a matrix is not defined; multiply by its inverse.")
    if not _is_scalar(right) and (left.shape[1:] != right.shape[1:] and not _is_scalar(left)):
        raise _misfit("/", left, right)
    return np.asarray(left / right)


def _power(base: Value, exponent: Value, node: Node) -> Value:
    """Entry by entry; of a square matrix the power of mathematics, by a whole number."""
    if isinstance(exponent, ScaledIdentity) or not (_is_scalar(exponent) or _is_scalar(base)):
        raise ExpressionError("An exponent is a number.")
    if isinstance(base, ScaledIdentity):
        return ScaledIdentity(base.scale**exponent)
    if min(base.shape[1:]) > 1:
        return _matrix_power(base, node)
    if base.shape[2] > 1 or base.shape[1] > 1:
        return np.asarray(base**exponent)
    return np.asarray(np.power(base, exponent))


def _matrix_power(base: Values, node: Node) -> Values:
    sign, number = (-1, node.operand) if isinstance(node, Negation) else (1, node)
    whole = isinstance(number, Number) and number.value in {1.0, 2.0, 3.0, 4.0}
    if base.shape[1] != base.shape[2] or not whole:
        raise ExpressionError("A matrix has powers only if it is square, by a whole number from -4 to 4.")
    assert isinstance(number, Number)
    return np.asarray(np.linalg.matrix_power(_inverse(base) if sign < 0 else base, int(number.value)))


def _transpose(value: Value) -> Value:
    return value if isinstance(value, ScaledIdentity) else np.asarray(value.transpose(0, 2, 1))


def _plain(value: Value) -> Values:
    if isinstance(value, ScaledIdentity):
        raise ExpressionError("I can only be scaled, added to a square matrix, or multiplied with one.")
    return value


def _vector(values: Values, function: str) -> Values:
    if min(values.shape[1:]) > 1:
        raise ExpressionError(f"{function} is taken of a vector here, and a matrix is given.")
    return values


def _square(values: Values, function: str) -> Values:
    if values.shape[1] != values.shape[2]:
        raise ExpressionError(f"{function} is taken of a square matrix.")
    return values


def _inverse(values: Values) -> Values:
    square = _square(values, "The inverse")
    try:
        return np.asarray(np.linalg.inv(square))
    except np.linalg.LinAlgError:
        return np.full_like(square, np.nan)


def _softmax(values: Values) -> Values:
    shifted = np.exp(values - values.max(axis=(1, 2), keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=(1, 2), keepdims=True))


def _diagonal(values: Values) -> Values:
    if min(values.shape[1:]) > 1:
        return np.asarray(np.diagonal(_square(values, "diag"), axis1=1, axis2=2)[:, :, None])
    column = values.reshape(len(values), -1, 1)
    return np.asarray(column * np.eye(column.shape[1]))


def _sigmoid(values: Values) -> Values:
    return np.asarray(np.exp(-np.logaddexp(0.0, -values)))


_FUNCTIONS: dict[str, Callable[[Values], Any]] = {
    "exp": np.exp,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "sigma": _sigmoid,
    "relu": lambda values: np.maximum(values, 0.0),
    "step": lambda values: (values > 0).astype(float),
    "softplus": lambda values: np.logaddexp(0.0, values),
    "softmax": lambda values: _softmax(_vector(values, "softmax")),
    "sum": lambda values: values.sum(axis=(1, 2), keepdims=True),
    "mean": lambda values: values.mean(axis=(1, 2), keepdims=True),
    "norm": lambda values: np.sqrt((values**2).sum(axis=(1, 2), keepdims=True)),
    "trace": lambda values: np.trace(_square(values, "trace"), axis1=1, axis2=2).reshape(-1, 1, 1),
    "det": lambda values: np.linalg.det(_square(values, "det")).reshape(-1, 1, 1),
    "inv": _inverse,
    "diag": _diagonal,
    "transpose": lambda values: values.transpose(0, 2, 1),
}


def _call(function: str, arguments: list[Value]) -> Value:
    if function in {"inv", "transpose"} and isinstance(arguments[0], ScaledIdentity):
        identity = arguments[0]
        return ScaledIdentity(1.0 / identity.scale) if function == "inv" else identity
    plain = [_plain(argument) for argument in arguments]
    if function in {"max", "min"}:
        return _extreme(np.maximum if function == "max" else np.minimum, plain)
    if function == "dot":
        left, right = (_vector(argument, "dot").reshape(len(argument), -1, 1) for argument in plain)
        if left.shape[1] != right.shape[1]:
            raise ExpressionError("dot takes two vectors of one length.")
        return np.asarray((left * right).sum(axis=1, keepdims=True))
    return np.asarray(_FUNCTIONS[function](plain[0]))


def _extreme(ufunc: np.ufunc, arguments: list[Values]) -> NDArray[np.float64]:
    if len(arguments) == 1:
        return np.asarray(ufunc.reduce(arguments[0], axis=(1, 2), keepdims=True))
    left, right = arguments
    if left.shape[1:] != right.shape[1:] and not (_is_scalar(left) or _is_scalar(right)):
        raise _misfit("and", left, right)
    return np.asarray(ufunc(left, right))


_BINARY: dict[str, Callable[[Value, Value], Value]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "@": _product,
    "·": _dotted,
}
