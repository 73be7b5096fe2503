"""Formulas read to a tree: precedence climbing over a short token list, with a bounded depth."""

from collections.abc import Collection

from quizzes.domain.expressions.tokens import Token, tokenise
from quizzes.domain.expressions.tree import (
    CONSTANTS,
    FUNCTION_ALIASES,
    FUNCTIONS,
    IDENTITY,
    MAX_DEPTH,
    Call,
    ExpressionError,
    Name,
    Negation,
    Node,
    Number,
    Operation,
    Transpose,
)

_SUM, _PRODUCT, _SIGN, _POWER = 1, 2, 3, 4
_LEVELS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "@": _PRODUCT, "·": _PRODUCT}
_EXTREMES = ("max", "min")


def parse(text: str, names: Collection[str] = ()) -> Node:
    """Read a formula over the variables `names`.

    Takes `+ - * / ^ **`, parentheses, calls of the known functions, `@` or juxtaposition for products (`2x`,
    `x^T W`), `^T` or `'` for transposes, and Greek letters by name or sign. A name that is both a variable and a
    function is the variable. Raises ExpressionError, which says what is wrong and where.
    """
    tokens = tokenise(text, transposes="T" not in names)
    if tokens[0].kind == "end":
        raise ExpressionError("Write a formula.")
    reader = _Reader(tokens, frozenset(names))
    node = reader.expression(_SUM, 0)
    token = reader.next()
    if token.kind != "end":
        raise ExpressionError(f"`{token.text}` at character {token.place} has no matching opening parenthesis.")
    return node


class _Reader:
    """Where the reading stands."""

    def __init__(self, tokens: list[Token], names: frozenset[str]) -> None:
        self._tokens = tokens
        self._names = names
        self._at = 0

    def next(self) -> Token:
        return self._tokens[self._at]

    def take(self) -> Token:
        token = self.next()
        self._at += 1
        return token

    def expression(self, level: int, depth: int) -> Node:
        """Everything that binds at least as tightly as `level`."""
        if depth > MAX_DEPTH:
            raise ExpressionError(f"The formula is nested more than {MAX_DEPTH} deep; write it flatter.")
        node = self._signed(level, depth)
        # Each product of a sum deepens the tree by one on the left, so its length counts as depth does.
        for length in range(len(self._tokens)):
            operator = self._operator()
            if operator is None or _LEVELS[operator] < level:
                return node
            if length > 4 * MAX_DEPTH:
                break
            if self.next().text == operator:
                self.take()
            node = Operation(operator, node, self.expression(_LEVELS[operator] + 1, depth + 1))
        raise ExpressionError("The formula has too many terms; write it shorter.")

    def _operator(self) -> str | None:
        token = self.next()
        if token.kind == "symbol" and token.text in _LEVELS:
            return token.text
        starts_factor = token.kind in {"number", "name"} or token.text == "("
        return "@" if starts_factor else None

    def _signed(self, level: int, depth: int) -> Node:
        token = self.next()
        if token.kind == "symbol" and token.text in "+-" and token.text:
            if depth > MAX_DEPTH:
                raise ExpressionError(f"The formula is nested more than {MAX_DEPTH} deep; write it flatter.")
            self.take()
            # A sign before a product covers all of it; behind an operator it covers one factor.
            operand = self.expression(_PRODUCT if level <= _PRODUCT else _POWER, depth + 1)
            return Negation(operand) if token.text == "-" else operand
        return self._power(depth)

    def _power(self, depth: int) -> Node:
        node = self._factor(depth)
        for _ in range(MAX_DEPTH):
            token = self.next()
            if token.kind == "transpose":
                self.take()
                node = Transpose(node)
            elif token.kind == "power":
                self.take()
                node = Operation("^", node, self._exponent(depth + 1))
            else:
                return node
        raise ExpressionError("The formula has too many exponents in a row; write it shorter.")

    def _exponent(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ExpressionError(f"The formula is nested more than {MAX_DEPTH} deep; write it flatter.")
        token = self.next()
        if token.kind == "symbol" and token.text in {"+", "-"}:
            self.take()
            operand = self._exponent(depth + 1)
            return Negation(operand) if token.text == "-" else operand
        node = self._factor(depth)
        if self.next().kind == "power":
            self.take()
            return Operation("^", node, self._exponent(depth + 1))
        return node

    def _factor(self, depth: int) -> Node:
        token = self.take()
        if token.kind == "number":
            return Number(float(token.text), token.text)
        if token.kind == "name":
            return self._named(token, depth)
        if token.text == "(":
            node = self.expression(_SUM, depth + 1)
            self._close(token)
            return node
        if token.kind == "end":
            raise ExpressionError("The formula ends too early: something is missing at its end.")
        raise ExpressionError(f"Something is missing before `{token.text}` at character {token.place}.")

    def _named(self, token: Token, depth: int) -> Node:
        name = token.text
        if name in self._names:
            return Name(name)
        function = FUNCTION_ALIASES.get(name, name)
        if function in FUNCTIONS:
            return self._call(token, function, depth)
        if name in CONSTANTS or name == IDENTITY:
            return Name(name)
        raise ExpressionError(self._unknown(token))

    def _call(self, token: Token, function: str, depth: int) -> Node:
        if self.next().text != "(":
            raise ExpressionError(f"Write what {token.text} is taken of in parentheses: {token.text}(…).")
        opening = self.take()
        arguments = [self.expression(_SUM, depth + 1)]
        while self.next().text == ",":
            self.take()
            arguments.append(self.expression(_SUM, depth + 1))
        self._close(opening)
        wanted = FUNCTIONS[function]
        if len(arguments) != wanted and not (function in _EXTREMES and len(arguments) == 1):
            plural = "" if wanted == 1 else "s"
            raise ExpressionError(f"{token.text} takes {wanted} argument{plural}, {len(arguments)} are given.")
        return Call(function, tuple(arguments))

    def _close(self, opening: Token) -> None:
        token = self.take()
        if token.text != ")":
            where = f"the parenthesis opened at character {opening.place}"
            raise ExpressionError(
                f"Close {where}." if token.kind == "end" else f"Close {where} before `{token.text}` ({token.place})."
            )

    def _unknown(self, token: Token) -> str:
        problem = f"`{token.text[:30]}` at character {token.place} is not known here."
        for split in range(1, len(token.text)):
            if token.text[:split] in self._names and token.text[split:] in self._names:
                return f"{problem} For a product write `{token.text[:split]} * {token.text[split:]}`."
        known = ", ".join(sorted(self._names))
        return f"{problem} The names are {known}." if known else f"{problem} Only numbers can stand here."
