"""Messages with values between two processes that do not trust one another: JSON and raw buffers, no pickle.

While a call runs, both sides know its arguments by numbers. Each message brings the contents of what its sender
changed since the last one, so that a change in place on one side is one on the other, a result that is an
argument is the same object, and arrays that share memory go on sharing it.
"""

import json
import socket
import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from quizzes.sandbox import nodes
from quizzes.sandbox.nodes import ARRAY_KINDS, Node, NotSendable

MAX_MESSAGE = 256 * 2**20
MAX_INNER = 8
"""How many objects from calls within a call are watched for changes; each costs a comparison a message."""
_HEADER = struct.Struct(">II")
Array = np.ndarray[Any, np.dtype[Any]]


class Closed(Exception):
    """The other process is gone, or sent what is no message."""


@dataclass
class Frame:
    """What was first sent in one call, and in calls within it: numbers of objects and of the memory of arrays."""

    objects: list[int] = field(default_factory=list)
    buffers: list[int] = field(default_factory=list)
    inner_objects: list[int] = field(default_factory=list)
    inner_buffers: list[int] = field(default_factory=list)


class Wire:
    """One end of the connection.

    parity: 0 on one side and 1 on the other, so that both can give numbers. handles: writes and reads what is
    neither data nor shared, such as functions (`peer.py`).
    """

    def __init__(self, connection: socket.socket, parity: int, handles: "Handles") -> None:
        self._connection = connection
        self._next = parity
        self._handles = handles
        self._objects: dict[int, Any] = {}
        self._number: dict[int, int] = {}
        self._contents: dict[int, Node] = {}
        self._buffers: dict[int, Array] = {}
        self._buffer_number: dict[int, int] = {}
        self._bytes: dict[int, bytes] = {}
        self._frames: list[Frame] = []
        self._fresh: list[int] = []
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
        if lasting and self._frames:
            self._frames[-1].objects += frame.objects + frame.inner_objects
            self._frames[-1].buffers += frame.buffers + frame.inner_buffers
            return
        objects = sorted(frame.objects + frame.inner_objects)
        buffers = sorted(frame.buffers + frame.inner_buffers)
        if self._frames:
            outer = self._frames[-1]
            objects = sorted(objects + outer.inner_objects)
            buffers = sorted(buffers + outer.inner_buffers)
            outer.inner_objects, objects = objects[-MAX_INNER:], objects[:-MAX_INNER]
            outer.inner_buffers, buffers = buffers[-MAX_INNER:], buffers[:-MAX_INNER]
        for number in objects:
            self._number.pop(id(self._objects.pop(number)), None)
            self._contents.pop(number, None)
        for number in buffers:
            self._buffer_number.pop(id(self._buffers.pop(number)), None)
            self._bytes.pop(number, None)

    def send(self, kind: str, value: object, **facts: object) -> None:
        """Send a message. Raises NotSendable before anything is sent, and Closed."""
        self._fresh, self._depth = [], 0
        try:
            root = self._write(value)
        except RecursionError as error:
            raise NotSendable("the value is nested too deeply to be passed") from error
        objects = self._changed_objects()
        buffers = self._changed_buffers()
        message = {
            "kind": kind, "value": root, "objects": objects, "buffers": [[n, len(b)] for n, b in buffers], **facts,
        }  # fmt: skip
        text = json.dumps(message).encode()
        raw = b"".join(content for _, content in buffers)
        if len(text) + len(raw) > MAX_MESSAGE:
            raise NotSendable("the value is too large to be passed")
        try:
            self._connection.sendall(_HEADER.pack(len(text), len(raw)) + text + raw)
        except OSError as error:
            raise Closed from error

    def receive(self) -> tuple[str, Any, dict[str, Any]]:
        """The next message: its kind, value and facts. Raises Closed."""
        sizes = _HEADER.unpack(self._exactly(_HEADER.size))
        if sum(sizes) > MAX_MESSAGE:
            raise Closed
        text, raw = self._exactly(sizes[0]), self._exactly(sizes[1])
        try:
            message = json.loads(text)
            self._take_buffers(message["buffers"], raw)
            self._take_objects(message["objects"])
            return message["kind"], self._read(message["value"]), message
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, MemoryError) as error:
            raise Closed from error

    def _exactly(self, size: int) -> bytearray:
        data = bytearray(size)
        view, got = memoryview(data), 0
        while got < size:
            try:
                count = self._connection.recv_into(view[got:])
            except OSError as error:
                raise Closed from error
            if not count:
                raise Closed
            got += count
        return data

    # Writing

    def _write(self, value: object) -> Node:
        if nodes.is_plain(value):
            return value
        if nodes.is_changeable(value):
            return ["@", self._introduce(value)]
        self._depth += 1
        if self._depth > nodes.MAX_DEPTH:
            raise RecursionError
        node = nodes.write_fixed(value, self._write)
        self._depth -= 1
        return self._handles.write(value) if node is None else node

    def _introduce(self, value: Any) -> int:
        known = self._number.get(id(value))
        if known is not None:
            return known
        number = self._new_number()
        self._know(number, value)
        self._fresh.append(number)
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
        for number in list(self._objects):
            if number not in self._fresh and self._contents.get(number, [""])[0] != "array":
                contents = self._write_object(number)
                if contents != self._contents.get(number):
                    self._contents[number] = contents
                    changed.append([number, contents])
        while self._fresh:
            number = self._fresh.pop()
            self._contents[number] = contents = self._write_object(number)
            changed.append([number, contents])
        return changed

    def _write_object(self, number: int) -> Node:
        value = self._objects[number]
        if not isinstance(value, np.ndarray):
            return nodes.write_contents(value, self._write)
        if value.dtype.kind == "O":
            return nodes.write_contents(value, self._write)
        if value.dtype.kind not in ARRAY_KINDS:
            raise NotSendable(f"an array of numpy's type {value.dtype} cannot be passed")
        memory, offset, strides = _memory_of(value)
        known = self._buffer_number.get(id(memory))
        if known is None:
            known = self._new_number()
            self._know_buffer(known, memory)
        place = [known, offset, list(value.shape), list(strides), value.dtype.str, bool(value.flags.writeable)]
        return ["array", *place]

    def _know_buffer(self, number: int, memory: Array) -> None:
        self._buffers[number] = memory
        self._buffer_number[id(memory)] = number
        if self._frames:
            self._frames[-1].buffers.append(number)

    def _changed_buffers(self) -> list[tuple[int, bytes]]:
        changed = []
        for number, memory in self._buffers.items():
            content = _flat(memory).tobytes()
            if content != self._bytes.get(number):
                self._bytes[number] = content
                changed.append((number, content))
        return changed

    # Reading

    def _take_buffers(self, sizes: list[list[int]], raw: bytearray) -> None:
        start = 0
        for number, size in sizes:
            content = bytes(raw[start : start + size])
            start += size
            known = self._buffers.get(number)
            if known is None:
                self._know_buffer(number, np.frombuffer(bytearray(content), dtype=np.uint8))
            elif size == known.nbytes and known.flags.writeable:
                _flat(known)[:] = np.frombuffer(content, dtype=np.uint8)
            self._bytes[number] = content

    def _take_objects(self, objects: list[list[Any]]) -> None:
        for number, contents in objects:
            if number not in self._objects:
                value = self._array(contents) if contents[0] == "array" else nodes.empty_of(contents)
                self._know(number, value)
        for number, contents in objects:
            if contents[0] != "array":
                nodes.fill(self._objects[number], contents, self._read)
            self._contents[number] = contents

    def _array(self, contents: list[Any]) -> Array:
        _, buffer, offset, shape, strides, dtype, writeable = contents
        memory = self._buffers[buffer]
        array: Array = np.ndarray(
            tuple(shape), nodes.checked_dtype(dtype), _flat(memory), offset=offset, strides=tuple(strides)
        )
        if not writeable:
            array.flags.writeable = False
        return array

    def _read(self, node: Node) -> Any:
        if not isinstance(node, list):
            return node
        if node[0] == "@":
            return self._objects[node[1]]
        if node[0] == "handle":
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


def _memory_of(array: Array) -> tuple[Array, int, tuple[int, ...]]:
    """The array that owns the memory (or a copy of what is scattered), where in it this one begins, its strides."""
    root: Array = array
    while isinstance(root.base, np.ndarray):
        root = root.base
    contiguous = root.flags.c_contiguous or root.flags.f_contiguous
    if not contiguous or root.dtype.kind == "O" or root.nbytes > 4 * array.nbytes + 2**20:
        root = np.array(array, order="C", subok=False)
        return root, 0, root.strides
    offset = array.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    return root, (offset if array.size else 0), array.strides


def _flat(memory: Array) -> Array:
    """The bytes of an array's memory, in the order in which they lie."""
    line: Array = memory.reshape(-1) if memory.flags.c_contiguous else memory.T.reshape(-1)
    flat: Array = line.view(np.uint8) if line.size else np.empty(0, np.uint8)
    return flat
