"""How a value is written down for the other process: a tree of JSON in which every list begins with its kind.

Numbers, texts and None stand for themselves. What can be changed in place (lists, dictionaries, sets, arrays,
generators of random numbers) has a number and stands apart, so that two places can share it (`wire.py`).
Subclasses are written as what they derive from: a list that lies about its length arrives as a plain list.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import is_
from typing import Any, TypeAlias

import numpy as np

Node: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, or a list whose first entry names its kind."""
Write: TypeAlias = Callable[[Any], Node]
Read: TypeAlias = Callable[[Node], Any]

PLAIN = frozenset({type(None), bool, int, float, str})
"""What JSON has as it is, nan and infinity in Python's form of it."""
CHANGEABLE = frozenset({list, dict, set, np.ndarray})
ARRAY_KINDS = frozenset("?bBiufcSU")
MAX_DEPTH = 200
_NAMED_TYPES: dict[str, type] = {kind.__name__: kind for kind in (bool, int, float, complex, str, list, tuple, dict)}
_BIT_GENERATORS = {"PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"}
_IN_PLAIN_NUMBERS = {"PCG64", "PCG64DXSM"}
"""Generators whose state has no arrays."""


class _NoSeed(np.random.bit_generator.ISpawnableSeedSequence):
    """For a generator whose state is set at once: mixing a seed would take longer than all the rest."""

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> np.ndarray[Any, Any]:
        return np.ones(n_words, dtype)

    def spawn(self, n_children: int) -> list[Any]:
        return np.random.SeedSequence(0).spawn(n_children)


class NotSendable(TypeError):
    """The value cannot be passed between the tests and the code."""


def is_changeable(value: object) -> bool:
    """Whether the value has an identity worth keeping, because somebody may change it in place."""
    return isinstance(value, list | dict | set | np.ndarray | np.random.Generator)


def items_of(value: Any) -> tuple[Any, ...] | None:
    """What a list, dictionary or set is made of, to see later whether it still is; None where `holds` cannot tell."""
    if isinstance(value, list):
        return tuple(list.__iter__(value))
    if isinstance(value, dict):
        return (*dict.__iter__(value), *dict.values(value))
    return tuple(set.__iter__(value)) if isinstance(value, set) else None


def holds(value: Any, items: tuple[Any, ...]) -> bool:
    """Whether it is made of the very same things in the same order."""
    now = items_of(value)
    return now is not None and len(now) == len(items) and all(map(is_, now, items))


def write_fixed(value: object, write: Write) -> Node | None:
    """The node of a value that nobody can change; None where it is no such value."""
    if (quick := _QUICK_WRITERS.get(type(value))) is not None:
        return quick(value, write)
    for kind, writer in _WRITERS:
        if isinstance(value, kind):
            return writer(value, write)
    if value is NotImplemented:
        return ["not implemented"]
    return None


def read_fixed(node: list[Any], read: Read) -> Any:
    """The value of such a node. Raises ValueError for a kind that is none."""
    reader = _READERS.get(node[0])
    if reader is None:
        raise ValueError(f"unknown kind {node[0]!r}")
    return reader(node, read)


def write_contents(value: Any, write: Write) -> Node:
    """What a list, dictionary, set, array of objects or random generator holds."""
    if isinstance(value, list):
        return ["list", [write(item) for item in list.__iter__(value)]]
    if isinstance(value, dict):
        return ["dict", [[write(key), write(dict.__getitem__(value, key))] for key in dict.__iter__(value)]]
    if isinstance(value, set):
        return ["set", [write(item) for item in set.__iter__(value)]]
    if isinstance(value, np.random.Generator):
        return ["rng", _plain(value.bit_generator.state)]
    return ["objects", list(value.shape), [write(item) for item in np.asarray(value).reshape(-1)]]


def empty_of(contents: list[Any]) -> Any:
    """A new thing of the kind that `contents` describe, to be filled by `fill`."""
    kind = contents[0]
    if kind == "rng":
        name = contents[1]["bit_generator"]
        if name not in _BIT_GENERATORS:
            raise ValueError(f"unknown generator {name!r}")
        return np.random.Generator(getattr(np.random, name)(_NoSeed()))
    if kind == "objects":
        return np.empty(tuple(contents[1]), dtype=object)
    return {"list": list, "dict": dict, "set": set}[kind]()


def fill(value: Any, contents: list[Any], read: Read) -> None:
    """Make `value` hold what `contents` say, in place."""
    kind = contents[0]
    if kind == "list":
        value[:] = [read(item) for item in contents[1]]
    elif kind == "dict":
        items = [(read(key), read(item)) for key, item in contents[1]]
        value.clear()
        value.update(items)
    elif kind == "set":
        items = [read(item) for item in contents[1]]
        value.clear()
        value.update(items)
    elif kind == "rng":
        value.bit_generator.state = _restored(contents[1])
    else:
        flat = value.reshape(-1)
        for place, item in enumerate(contents[2]):
            flat[place] = read(item)


@lru_cache(256)
def checked_dtype(text: str) -> np.dtype[Any]:
    """The type of an array's entries. Raises ValueError for one that could hold more than numbers and text."""
    dtype = np.dtype(text)
    if dtype.kind not in ARRAY_KINDS:
        raise ValueError(f"unknown type of entries {text!r}")
    return dtype


def _items(values: Iterable[Any], write: Write) -> list[Node]:
    return [write(value) for value in values]


def _write_tuple(value: tuple[Any, ...], write: Write) -> Node:
    items = _items(tuple.__iter__(value), write)
    fields = getattr(type(value), "_fields", None)
    if fields:
        return ["named", type(value).__name__, list(fields), items]
    return ["tuple", items]


def _write_type(value: type, write: Write) -> Node | None:
    if value.__name__ in _NAMED_TYPES and _NAMED_TYPES[value.__name__] is value:
        return ["type", value.__name__]
    if issubclass(value, np.generic) and getattr(np, value.__name__, None) is value:
        return ["numpy type", value.__name__]
    return None


def _write_ufunc(value: np.ufunc, write: Write) -> Node | None:
    """By its name, so that calling `np.sin` is no message."""
    return ["ufunc", value.__name__] if getattr(np, value.__name__, None) is value else None


def _read_ufunc(node: list[Any], read: Read) -> Any:
    value = getattr(np, node[1])
    if not isinstance(value, np.ufunc):
        raise ValueError(f"{node[1]!r} is no function of numpy's")
    return value


def _write_scalar(value: np.generic, write: Write) -> Node:
    if value.dtype.kind not in ARRAY_KINDS:
        raise NotSendable(f"a value of numpy's type {value.dtype} cannot be passed")
    return ["scalar", value.dtype.str, value.tobytes().hex()]


def _read_scalar(node: list[Any], read: Read) -> Any:
    return np.frombuffer(bytes.fromhex(node[2]), dtype=checked_dtype(node[1]))[0]


def _read_named(node: list[Any], read: Read) -> Any:
    return namedtuple(node[1], node[2])(*map(read, node[3]))


def _read_numpy_type(node: list[Any], read: Read) -> Any:
    kind = getattr(np, node[1])
    if not (isinstance(kind, type) and issubclass(kind, np.generic)):
        raise ValueError(f"{node[1]!r} is no type of numpy's")
    return kind


_WRITERS: list[tuple[Any, Callable[[Any, Write], Node]]] = [
    (np.generic, _write_scalar),
    (np.ufunc, _write_ufunc),
    (bool, lambda value, write: bool(value)),
    (int, lambda value, write: int.__int__(value)),
    (float, lambda value, write: float.__float__(value)),
    (str, lambda value, write: str.__str__(value)),
    (complex, lambda value, write: ["complex", [write(value.real), write(value.imag)]]),
    (tuple, _write_tuple),
    (bytes, lambda value, write: ["bytes", value.hex()]),
    (frozenset, lambda value, write: ["frozenset", _items(value, write)]),
    (range, lambda value, write: ["range", [value.start, value.stop, value.step]]),
    (slice, lambda value, write: ["slice", _items((value.start, value.stop, value.step), write)]),
    (type(...), lambda value, write: ["ellipsis"]),
    (np.dtype, lambda value, write: ["dtype", checked_dtype(value.str).str]),
    (type, _write_type),
]
_QUICK_WRITERS: dict[type, Callable[[Any, Write], Node]] = {tuple: _write_tuple, np.float64: _write_scalar}
_READERS: dict[str, Callable[[list[Any], Read], Any]] = {
    "complex": lambda node, read: complex(read(node[1][0]), read(node[1][1])),
    "tuple": lambda node, read: tuple(map(read, node[1])),
    "named": _read_named,
    "bytes": lambda node, read: bytes.fromhex(node[1]),
    "frozenset": lambda node, read: frozenset(map(read, node[1])),
    "range": lambda node, read: range(*node[1]),
    "slice": lambda node, read: slice(*map(read, node[1])),
    "ellipsis": lambda node, read: ...,
    "not implemented": lambda node, read: NotImplemented,
    "scalar": _read_scalar,
    "dtype": lambda node, read: checked_dtype(node[1]),
    "type": lambda node, read: _NAMED_TYPES[node[1]],
    "numpy type": _read_numpy_type,
    "ufunc": _read_ufunc,
}


def _plain(state: Any) -> Any:
    """A bit generator's state with its arrays as lists."""
    if isinstance(state, dict):
        if state.get("bit_generator") in _IN_PLAIN_NUMBERS:
            return state
        return {key: _plain(value) for key, value in state.items()}
    return {"array": state.tolist()} if isinstance(state, np.ndarray) else state


def _restored(state: Any) -> Any:
    if isinstance(state, dict):
        if set(state) == {"array"}:
            return np.array(state["array"], dtype=np.uint64)
        return {key: _restored(value) for key, value in state.items()}
    return state
