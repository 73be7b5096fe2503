"""Two processes that call one another: each asks, and answers what it is asked while it waits."""

import builtins
import ctypes
import socket
import types
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from quizzes.sandbox.nodes import Node, NotSendable
from quizzes.sandbox.remote import IS_OPERATOR, Remote, operators_of, remote_class
from quizzes.sandbox.wire import Closed, Handles, Wire

_ERRORS: dict[str, type[Exception]] = {
    name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Exception)
} | {"LinAlgError": np.linalg.LinAlgError, "AxisError": np.exceptions.AxisError}
NOTHING = object()
_GIVES = frozenset({"__call__", "each"})
_GLOBAL_GENERATOR: Any = vars(np.random)["get_bit_generator"]()
_GLOBAL_STATE = (ctypes.c_uint32 * 625).from_address(_GLOBAL_GENERATOR.ctypes.state_address)
"""The 624 numbers of the Mersenne Twister and the place among them."""
_WARNINGS: dict[str, type[Warning]] = {n: kind for n, kind in _ERRORS.items() if issubclass(kind, Warning)}


class Peer(Handles):
    """One of the two processes.

    side: 'tests' or 'code'. explain: says where in the learner's code an exception arose. opens: whether the other
    side may look at and change attributes of a thing of ours; the tests open only the things that they define.
    returned: what a function of the other side gave last, NOTHING where none was called.
    """

    def __init__(
        self,
        connection: socket.socket,
        side: str,
        *,
        opens: Callable[[object], bool],
        explain: Callable[[BaseException], str] = lambda error: "",
    ) -> None:
        self._side = side
        self._wire = Wire(connection, 0 if side == "tests" else 1, self)
        self._opens = opens
        self._explain = explain
        self._own: list[Any] = []
        self._own_number: dict[int, int] = {}
        self._remotes: dict[int, Remote] = {}
        self._told: dict[str, Any] = {}
        self.returned: Any = NOTHING
        self._heard: dict[str, Any] = {"errors": np.geterr(), "warn": []}

    # Things that stay where they are

    def write(self, value: object) -> Node:
        if isinstance(value, Remote):
            return vars(value)["_node"]
        if isinstance(value, types.ModuleType | types.FrameType | types.CodeType | types.TracebackType):
            raise NotSendable(f"a {type(value).__name__} cannot be passed between the tests and your code")
        number = self._own_number.get(id(value))
        if number is None:
            number = len(self._own)
            self._own.append(value)
            self._own_number[id(value)] = number
        name = getattr(value, "__name__", type(value).__name__)
        return ["handle", self._side, number, operators_of(value), str(name)]

    def read(self, node: list[Any]) -> Any:
        _, side, number, operators, _name = node
        if side == self._side:
            return self._own[number]
        if number not in self._remotes:
            self._remotes[number] = remote_class(tuple(operators))(self, node)
        return self._remotes[number]

    # Asking

    def ask(self, what: str, number: int, *values: object, **named: object) -> Any:
        """Ask the other process to do something with a thing of its own; its exceptions are raised here."""
        self._wire.push()
        try:
            asked = (what, number, values, tuple(named.items()))
            self._wire.send("ask", asked, self._news())
            while True:
                self._wire.push()
                kind, value, facts = self._wire.receive()
                if kind == "ask":
                    self._answer(value, facts)
                    continue
                self._wire.join()
                _take_over(facts)
                if kind == "raised":
                    raise _exception(value)
                if what in _GIVES:
                    self.returned = value
                return value
        finally:
            self._wire.pop(lasting=what == "get")

    def _news(self) -> dict[str, Any]:
        """How floating-point errors and warnings are to be taken, where the other side does not know it yet."""
        settings = {"errors": np.geterr(), "warn": _warnings_as_errors(tuple(warnings.filters))}
        if settings == self._told:
            return {}
        self._told = settings
        return settings

    # Answering

    def serve(self) -> None:
        """Answer until the other process is gone."""
        try:
            while True:
                self._wire.push()
                kind, value, facts = self._wire.receive()
                if kind == "ask":
                    self._answer(value, facts)
        except Closed:
            return

    def _answer(self, value: Any, facts: dict[str, Any]) -> None:
        """Do what was asked, in the frame in which it came."""
        if not (isinstance(value, tuple) and len(value) == 4):
            raise Closed
        try:
            self._reply(value, facts)
        finally:
            self._wire.pop(lasting=value[0] == "get")

    def _reply(self, value: Any, facts: dict[str, Any]) -> None:
        heard: list[warnings.WarningMessage] = []
        left: dict[str, Any] = {}
        drawn = _global_random()
        try:
            what, number, values, named = value
            self._heard |= facts
            errors = self._heard["errors"]
            with warnings.catch_warnings(record=True) as heard, np.errstate(**errors):
                warnings.resetwarnings()
                warnings.simplefilter("always")
                for name in self._heard["warn"]:
                    warnings.simplefilter("error", _WARNINGS.get(name, Warning))
                result = self._do(what, self._own[number], values, dict(named))
                if (after := np.geterr()) != errors:
                    left["errors"] = after
            if _global_random() != drawn:
                left["drew"] = True
            self._send_result("returned", result, heard, **left)
        except Closed:
            raise
        except BaseException as error:  # whatever the code raises is told to the tests
            self._send_result("raised", (type(error).__name__, str(error)[:2000], self._explain(error)), heard)

    def _send_result(self, kind: str, value: object, heard: list[warnings.WarningMessage], **left: object) -> None:
        warned = [[item.category.__name__, str(item.message)[:500]] for item in heard[:20]]
        self._wire.send(kind, value, {"warned": warned, **left} if warned else left)

    def _do(self, what: str, thing: Any, values: tuple[Any, ...], named: dict[str, Any]) -> Any:
        if what == "__call__":
            return thing(*values, **named)
        if what == "each":
            return [thing(*call) for call in values[0]]
        if what in IS_OPERATOR:
            method = getattr(type(thing), what)
            return method(thing, *values)
        if what == "instance":
            return isinstance(values[0], thing)
        name = values[0]
        if not self._opens(thing) or name.startswith("__"):
            raise AttributeError(f"'{type(thing).__name__}' object has no attribute '{name}'")
        if what == "set":
            setattr(thing, name, values[1])
            return None
        return getattr(thing, name)


def _take_over(facts: dict[str, Any]) -> None:
    """Let what the other process did to its whole self happen here too, where the tests look for it."""
    for name, text in facts.get("warned", []):
        warnings.warn(str(text), _WARNINGS.get(name, UserWarning), stacklevel=4)
    if "errors" in facts:
        np.seterr(**facts["errors"])
    if facts.get("drew"):
        np.random.random()


def _global_random() -> bytes:
    """The state of numpy's global generator, to see whether somebody draws from it or seeds it.

    Read from memory, because `np.random.get_state()` takes longer than a call of a function of the learner's.
    """
    return bytes(_GLOBAL_STATE)


@lru_cache(8)
def _warnings_as_errors(filters: tuple[Any, ...]) -> list[str]:
    """The kinds of warning that are errors here, so that they are errors over there."""
    return [name for name, kind in _WARNINGS.items() if _action_for(kind, filters) == "error"]


def _action_for(kind: type[Warning], filters: tuple[Any, ...]) -> str:
    """What the first filter that fits a kind of warning, whatever its text, does with it."""
    for action, message, filtered, module, _ in filters:
        if message is None and module is None and isinstance(filtered, type) and issubclass(kind, filtered):
            return str(action)
    return "default"


def _exception(value: tuple[str, str, str]) -> BaseException:
    name, text, place = value
    kind = _ERRORS.get(name)
    try:
        error = kind(text) if kind else RuntimeError(f"{name}: {text}")
    except TypeError:
        error = RuntimeError(f"{name}: {text}")
    error.place = place  # type: ignore[attr-defined]
    return error
