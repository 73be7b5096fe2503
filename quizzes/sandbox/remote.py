"""What stands in one process for a function or an object of the other."""

from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

OPERATORS = tuple(
    f"__{name}__"
    for name in (
        "call len getitem setitem contains iter next add radd sub rsub mul rmul truediv rtruediv floordiv pow rpow "
        "neg abs matmul rmatmul float int bool lt le gt ge eq ne enter exit repr str"
    ).split()
)
IS_OPERATOR = frozenset(OPERATORS)
_UNCHANGEABLE = 1 << 8
"""CPython's flag of types that nobody can give another operator, such as `function`."""
_INHERITED = {name: getattr(object, name, None) for name in OPERATORS}


class Asker(Protocol):
    """Sends what is asked of the other process and gives its answer."""

    def ask(self, what: str, number: int, *values: object, **named: object) -> Any: ...


class Remote:
    """A function or an object of the other process: calls, attributes and operators go there."""

    def __init__(self, asker: Asker, node: list[Any]) -> None:
        vars(self).update(_asker=asker, _node=node)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._asker.ask("get", self._node[2], name)

    def __setattr__(self, name: str, value: object) -> None:
        self._asker.ask("set", self._node[2], name, value)

    def __call_each__(self, calls: list[tuple[object, ...]]) -> Any:
        """What a function of the other process returns for each of these arguments, in one message."""
        return self._asker.ask("each", self._node[2], calls)

    def __instancecheck__(self, thing: object) -> bool:
        return bool(self._asker.ask("instance", self._node[2], thing))

    def __repr__(self) -> str:
        return f"<{self._node[4]}>"


def operators_of(value: object) -> list[str]:
    """The operators that the value's type defines itself."""
    kind: Any = type(value)
    if kind.__flags__ & _UNCHANGEABLE:
        return _operators_of_type(kind)
    return [name for name in OPERATORS if getattr(kind, name, None) is not _INHERITED[name]]


@cache
def _operators_of_type(kind: Any) -> list[str]:
    return [name for name in OPERATORS if getattr(kind, name, None) is not _INHERITED[name]]


@cache
def remote_class(operators: tuple[str, ...]) -> type[Remote]:
    """The kind of Remote that knows just these operators, so that `len()` of what has none fails as it should."""
    methods: dict[str, Any] = {name: _forward(name) for name in operators if name in IS_OPERATOR}
    if "__eq__" in methods:
        methods["__hash__"] = object.__hash__
    return type("Remote", (Remote,), methods)


def _forward(name: str) -> Callable[..., Any]:
    def method(self: Remote, *values: object, **named: object) -> Any:
        return self._asker.ask(name, self._node[2], *values, **named)

    return method
