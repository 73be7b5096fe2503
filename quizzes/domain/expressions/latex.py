"""A formula typeset: the tree back to LaTeX, so that learners see what was understood."""

import re

from quizzes.domain.expressions.tree import Call, Name, Negation, Node, Number, Operation, Transpose

_GREEK = re.compile(
    r"(alpha|beta|gamma|delta|epsilon|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|psi|omega|Sigma|Delta|Theta)"
)
_ACCENTS = {"hat": "hat", "bar": "bar", "tilde": "tilde"}
_FUNCTIONS = {
    "exp": r"\exp",
    "log": r"\log",
    "log2": r"\log_2",
    "log10": r"\log_{10}",
    "sin": r"\sin",
    "cos": r"\cos",
    "tanh": r"\tanh",
    "sigma": r"\sigma",
    "max": r"\max",
    "min": r"\min",
    "det": r"\det",
}
_ATOM, _POWER, _PRODUCT, _SUM = 4, 3, 2, 1


def to_latex(node: Node) -> str:
    """LaTeX of the formula, with the parentheses that its meaning needs."""
    return _typeset(node)[0]


def name_to_latex(name: str) -> str:
    r"""`y_hat` → `\hat{y}`, `beta_1` → `\beta_{1}`, `w` → `w`."""
    head, *rest = name.split("_")
    latex = rf"\{head}" if _GREEK.fullmatch(head) else head if len(head) == 1 else _with_digits(head)
    for part in [part for part in rest if part in _ACCENTS]:
        latex = rf"\{_ACCENTS[part]}{{{latex}}}"
    subscript = [part for part in rest if part not in _ACCENTS]
    if not subscript:
        return latex
    shown = ",".join(
        rf"\{part}" if _GREEK.fullmatch(part) else part if len(part) == 1 or part.isdigit() else rf"\text{{{part}}}"
        for part in subscript
    )
    return f"{latex}_{{{shown}}}"


def _with_digits(head: str) -> str:
    match = re.fullmatch(r"([A-Za-z]+)(\d+)", head)
    if match:
        return f"{name_to_latex(match[1])}_{{{match[2]}}}"
    return rf"\mathrm{{{head}}}"


def _typeset(node: Node) -> tuple[str, int]:  # noqa: C901, PLR0911 (one a kind of node)
    """LaTeX and how tightly it binds."""
    match node:
        case Number(text=text):
            return _number(text), _ATOM
        case Name(name=name):
            return name_to_latex(name), _ATOM
        case Negation(operand=operand):
            return f"-{_in(operand, _PRODUCT)}", _SUM
        case Transpose(operand=operand):
            return f"{_in(operand, _ATOM)}^{{\\top}}", _POWER
        case Operation(operator="^", left=left, right=right):
            return f"{_in(left, _ATOM)}^{{{_typeset(right)[0]}}}", _POWER
        case Operation(operator="/", left=left, right=right):
            return rf"\frac{{{_typeset(left)[0]}}}{{{_typeset(right)[0]}}}", _POWER
        case Operation(operator=("*" | "@" | "·") as operator, left=left, right=right):
            return _product(operator, left, right), _PRODUCT
        case Operation(operator=operator, left=left, right=right):
            return (
                f"{_in(left, _SUM)} {operator} {_in(right, _PRODUCT if operator == '-' else _SUM, signed=True)}",
                _SUM,
            )
        case Call(function=function, arguments=arguments):
            return _call(function, arguments)


def _in(node: Node, level: int, *, signed: bool = False) -> str:
    latex, binds = _typeset(node)
    needs = binds < level or (signed and isinstance(node, Negation))
    return rf"\left({latex}\right)" if needs else latex


def _product(operator: str, left: Node, right: Node) -> str:
    first, second = _in(left, _PRODUCT), _in(right, _PRODUCT)
    ends_in_digit = first[-1].isdigit() and second[0].isdigit()
    return rf"{first} \cdot {second}" if operator != "@" or ends_in_digit else rf"{first}\, {second}"


def _number(text: str) -> str:
    mantissa, _, exponent = text.lower().partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _call(function: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
    inner = ", ".join(_typeset(argument)[0] for argument in arguments)
    wrapped = {
        "sqrt": rf"\sqrt{{{inner}}}",
        "abs": rf"\left|{inner}\right|",
        "norm": rf"\left\|{inner}\right\|",
    }
    if function in wrapped:
        return wrapped[function], _ATOM
    if function == "inv":
        return f"{_in(arguments[0], _ATOM)}^{{-1}}", _POWER
    if function == "transpose":
        return f"{_in(arguments[0], _ATOM)}^{{\\top}}", _POWER
    if function == "dot":
        return rf"{_in(arguments[0], _PRODUCT)} \cdot {_in(arguments[1], _PRODUCT)}", _PRODUCT
    name = _FUNCTIONS.get(function, rf"\operatorname{{{function}}}")
    return rf"{name}\left({inner}\right)", _ATOM
