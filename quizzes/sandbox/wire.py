"""Messages with values between two processes that do not trust one another: JSON and raw buffers, no pickle.

While a call runs, both sides know its arguments by numbers. Each message brings the contents of what its sender
changed since the last one, so that a change in place on one side is one on the other, a result that is an
argument is the same object, and arrays that share memory go on sharing it.

A message is `[kind, value, objects, buffers, facts]` as JSON, then the buffers one after the other.
"""

import socket
import struct
from dataclasses import dataclass
from json import JSONDecoder, JSONEncoder
from typing import Any, NoReturn

import numpy as np

from quizzes.sandbox import nodes
from quizzes.sandbox.memory import Array, flat, memory_of
from quizzes.sandbox.nodes import ARRAY_KINDS, Node, NotSendable

MAX_MESSAGE = 256 * 2**20
MAX_INNER = 8
"""How many objects from calls within a call are watched for changes; each costs a comparison a message."""
_HEADER = struct.Struct(">II")
_READ_AHEAD = 2**16
_write_json = JSONEncoder(check_circular=False, separators=(",", ":")).encode
_read_json = JSONDecoder().raw_decode


class Closed(Exception):
    """The other process is gone, or sent what is no message."""


class Frame:
    """What was first sent in one call, and in calls within it: numbers of objects and of the memory of arrays."""

    __slots__ = ("buffers", "inner_buffers", "inner_objects", "objects")

    def __init__(self) -> None:
        self.objects: list[int] = []
        self.buffers: list[int] = []
        self.inner_objects: list[int] = []
        self.inner_buffers: list[int] = []


@dataclass(slots=True)
class Watched:
    """Something that is no array and that either side may change in place.

    contents: what the other side holds. items: what it was made of then, None where that must be looked at anew.
    within: the numbers of what it holds.
    """

    value: Any
    contents: Node
    items: tuple[Any, ...] | None
    within: frozenset[int]


@dataclass(slots=True)
class Buffer:
    """The memory of an array, its bytes in a line, and what the other side holds of them."""

    number: int
    memory: Array
    line: Array
    content: bytes | None


class Wire:
    """One end of the connection.

    parity: 0 on one side and 1 on the other, so that both can give numbers. handles: writes and reads what is
    neither data nor shared, such as functions (`peer.py`).
    """

    def __init__(self, connection: socket.socket, parity: int, handles: "Handles") -> None:
        self._connection = connection
        self._ahead = b""
        self._next = parity
        self._handles = handles
        self._objects: dict[int, Any] = {}
        self._number: dict[int, int] = {}
        self._watched: dict[int, Watched] = {}
        self._buffers: dict[int, Buffer] = {}
        self._buffer_number: dict[int, int] = {}
        self._frames: list[Frame] = []
        self._fresh: list[int] = []
        self._rewritten: list[tuple[Watched, Node]] = []
        self._met: set[int] = set()
        self._depth = 0

    def push(self) -> None:
        """A call begins: what is sent from here on is known by number until it ends."""
        self._frames.append(Frame())

    def join(self) -> None:
        """What came with the last message belongs to the call around it: it was its answer."""
        frame = self._frames.pop()
        self._frames[-1].objects += frame.objects
        self._frames[-1].buffers += frame.buffers

    def pop(self, *, lasting: bool = False) -> None:
        """The innermost call has ended: its numbers are forgotten.

        Where it was made within another, the latest stay until that ends, because what a function gave may be
        changed in place later; where it only read an attribute (lasting) all do, for `model.params["W"] -= step`.
        Both sides keep the same.
        """
        frame = self._frames.pop()
        objects = frame.objects + frame.inner_objects
        buffers = frame.buffers + frame.inner_buffers
        if self._frames:
            outer = self._frames[-1]
            if lasting:
                outer.objects += objects
                outer.buffers += buffers
                return
            outer.inner_objects, objects = _latest(objects, outer.inner_objects)
            outer.inner_buffers, buffers = _latest(buffers, outer.inner_buffers)
        if objects:
            self._forget(objects)
        self._forget_buffers(buffers)

    def _forget_buffers(self, numbers: list[int]) -> None:
        for number in numbers:
            self._buffer_number.pop(id(self._buffers.pop(number).memory), None)

    def _forget(self, numbers: list[int]) -> None:
        for number in numbers:
            self._number.pop(id(self._objects.pop(number)), None)
            self._watched.pop(number, None)
        for watched in self._watched.values():
            # What it holds has no number any more, so it must be written anew to be watched.
            if watched.within and not watched.within.isdisjoint(numbers):
                watched.items = None

    def send(self, kind: str, value: object, facts: dict[str, Any]) -> None:
        """Send a message. Raises NotSendable before anything is sent, and Closed."""
        self._fresh, self._rewritten, self._depth = [], [], 0
        frame = self._frames[-1]
        marks = len(frame.objects), len(frame.buffers)
        try:
            root = self._write(value)
            objects = self._changed_objects()
            buffers = self._changed_buffers()
            sizes = [[buffer.number, len(content)] for buffer, content in buffers]
            text = _write_json([kind, root, objects, sizes, facts]).encode()
            raw = b"".join([content for _, content in buffers])
            if len(text) + len(raw) > MAX_MESSAGE:
                raise NotSendable("the value is too large to be passed")
        except RecursionError as error:
            self._undo(frame, *marks)
            raise NotSendable("the value is nested too deeply to be passed") from error
        except BaseException:
            self._undo(frame, *marks)
            raise
        for buffer, content in buffers:
            buffer.content = content
        try:
            self._connection.sendall(_HEADER.pack(len(text), len(raw)) + text + raw)
        except OSError as error:
            raise Closed from error

    def _undo(self, frame: Frame, objects: int, buffers: int) -> None:
        """Forget what a message that cannot be sent would have told."""
        for watched, contents in self._rewritten:
            watched.contents, watched.items = contents, None
        self._forget(frame.objects[objects:])
        self._forget_buffers(frame.buffers[buffers:])
        del frame.objects[objects:], frame.buffers[buffers:]

    def receive(self) -> tuple[str, Any, dict[str, Any]]:
        """The next message: its kind, value and facts. Raises Closed."""
        sizes = _HEADER.unpack(self._exactly(_HEADER.size))
        if sum(sizes) > MAX_MESSAGE:
            raise Closed
        text, raw = self._exactly(sizes[0]), self._exactly(sizes[1])
        try:
            message, _ = _read_json(str(text, "utf-8"))
            kind, root, objects, buffers, facts = message
            if buffers:
                self._take_buffers(buffers, raw)
            if objects:
                self._take_objects(objects)
            if not isinstance(facts, dict):
                _refuse("facts")
            return kind, self._read(root), facts
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, MemoryError) as error:
            raise Closed from error

    def _exactly(self, size: int) -> bytes | bytearray:
        """So many bytes. One call of the system brings a short message as a whole."""
        ahead = self._ahead
        try:
            while len(ahead) < size <= _READ_AHEAD:
                data = self._connection.recv(_READ_AHEAD)
                if not data:
                    raise Closed
                ahead += data
            if len(ahead) >= size:
                self._ahead = ahead[size:]
                return ahead[:size]
            self._ahead = b""
            return self._rest_of(ahead, size)
        except OSError as error:
            raise Closed from error

    def _rest_of(self, begun: bytes, size: int) -> bytearray:
        data = bytearray(size)
        data[: len(begun)] = begun
        view, got = memoryview(data), len(begun)
        while got < size:
            count = self._connection.recv_into(view[got:])
            if not count:
                raise Closed
            got += count
        return data

    # Writing

    def _write(self, value: Any) -> Node:
        kind = type(value)
        if kind in nodes.PLAIN:
            return value
        if kind in nodes.CHANGEABLE or nodes.is_changeable(value):
            return ["@", self._introduce(value)]
        self._depth += 1
        if self._depth > nodes.MAX_DEPTH:
            raise RecursionError
        node = nodes.write_fixed(value, self._write)
        self._depth -= 1
        return self._handles.write(value) if node is None else node

    def _introduce(self, value: Any) -> int:
        number = self._number.get(id(value))
        if number is None:
            number = self._new_number()
            self._know(number, value)
            self._fresh.append(number)
        self._met.add(number)
        return number

    def _new_number(self) -> int:
        self._next += 2
        return self._next

    def _know(self, number: int, value: Any) -> None:
        self._objects[number] = value
        self._number[id(value)] = number
        if self._frames:
            self._frames[-1].objects.append(number)

    def _changed_objects(self) -> list[list[Any]]:
        """New objects, and known ones that hold something else now; writing one may bring new ones."""
        changed = []
        for number, watched in self._watched.items():
            if watched.items is not None and nodes.holds(watched.value, watched.items):
                continue
            before, self._met = watched.contents, set()
            self._rewritten.append((watched, before))
            watched.contents = nodes.write_contents(watched.value, self._write)
            watched.items, watched.within = nodes.items_of(watched.value), frozenset(self._met)
            if watched.contents != before:
                changed.append([number, watched.contents])
        while self._fresh:
            number = self._fresh.pop()
            changed.append([number, self._first_contents(number, self._objects[number])])
        return changed

    def _first_contents(self, number: int, value: Any) -> Node:
        if isinstance(value, np.ndarray) and value.dtype.kind != "O":
            return self._write_array(value)
        self._met = set()
        contents = nodes.write_contents(value, self._write)
        self._watched[number] = Watched(value, contents, nodes.items_of(value), frozenset(self._met))
        return contents

    def _write_array(self, value: Array) -> Node:
        if value.dtype.kind not in ARRAY_KINDS:
            raise NotSendable(f"an array of numpy's type {value.dtype} cannot be passed")
        memory, offset, strides = memory_of(value)
        known = self._buffer_number.get(id(memory))
        if known is None:
            known = self._new_number()
            self._know_buffer(known, memory)
        return ["array", known, offset, value.shape, strides, value.dtype.str, value.flags.writeable]

    def _know_buffer(self, number: int, memory: Array, content: bytes | None = None) -> None:
        self._buffers[number] = Buffer(number, memory, flat(memory), content)
        self._buffer_number[id(memory)] = number
        if self._frames:
            self._frames[-1].buffers.append(number)

    def _changed_buffers(self) -> list[tuple[Buffer, bytes]]:
        changed = []
        for buffer in self._buffers.values():
            content = buffer.line.tobytes()
            if content != buffer.content:
                changed.append((buffer, content))
        return changed

    # Reading

    def _take_buffers(self, sizes: list[list[int]], raw: bytes | bytearray) -> None:
        start, view = 0, memoryview(raw)
        for number, size in sizes:
            content = view[start : start + size].tobytes()
            start += size
            known = self._buffers.get(number)
            if known is None:
                self._know_buffer(number, np.frombuffer(bytearray(content), dtype=np.uint8), content)
                continue
            if size == known.line.nbytes and known.memory.flags.writeable:
                known.line[:] = np.frombuffer(content, dtype=np.uint8)
            known.content = content

    def _take_objects(self, objects: list[list[Any]]) -> None:
        for number, contents in objects:
            if number not in self._objects:
                value = self._array(contents) if contents[0] == "array" else nodes.empty_of(contents)
                self._know(number, value)
        for number, contents in objects:
            if contents[0] != "array":
                self._met = set()
                value = self._objects[number]
                if isinstance(value, np.ndarray) and value.dtype.kind != "O":
                    _refuse("contents of an array")
                nodes.fill(value, contents, self._read)
                self._watched[number] = Watched(value, contents, nodes.items_of(value), frozenset(self._met))

    def _array(self, contents: list[Any]) -> Array:
        _, buffer, offset, shape, strides, dtype, writeable = contents
        line = self._buffers[buffer].line
        array: Array = np.ndarray(tuple(shape), nodes.checked_dtype(dtype), line, offset=offset, strides=tuple(strides))
        if not writeable:
            array.flags.writeable = False
        return array

    def _read(self, node: Node) -> Any:
        if type(node) is not list:
            return node
        kind = node[0]
        if kind == "@":
            self._met.add(node[1])
            return self._objects[node[1]]
        if kind == "handle":
            return self._handles.read(node)
        return nodes.read_fixed(node, self._read)


class Handles:
    """What stands for things that stay in their own process."""

    def write(self, value: object) -> Node:
        """The node that stands for the value. Raises NotSendable."""
        raise NotImplementedError

    def read(self, node: list[Any]) -> Any:
        """What stands here for the thing over there, or the own thing that comes back. Raises ValueError."""
        raise NotImplementedError


def _latest(numbers: list[int], kept: list[int]) -> tuple[list[int], list[int]]:
    """The latest few of all, which stay, and the others."""
    if not numbers:
        return kept, numbers
    both = sorted(numbers + kept)
    return both[-MAX_INNER:], both[:-MAX_INNER]


def _refuse(what: str) -> NoReturn:
    raise ValueError(f"no {what}")
