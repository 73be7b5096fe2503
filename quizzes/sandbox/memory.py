"""Where in memory the entries of an array lie."""

from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
_MUCH = 2**20
"""Bytes of memory around a view that are not worth sending for it."""


def memory_of(array: Array) -> tuple[Array, int, tuple[int, ...]]:
    """The array that owns the memory (or a copy of what is scattered), where in it this one begins, its strides."""
    root: Array = array
    while isinstance(root.base, np.ndarray):
        root = root.base
    flags = root.flags
    scattered = not (flags.c_contiguous or flags.f_contiguous)
    if root is array and not scattered:
        return root, 0, root.strides
    if scattered or root.dtype.kind == "O" or root.nbytes > 4 * array.nbytes + _MUCH:
        root = np.array(array, order="C", subok=False)
        return root, 0, root.strides
    offset = array.__array_interface__["data"][0] - root.__array_interface__["data"][0]
    return root, (offset if array.size else 0), array.strides


def flat(memory: Array) -> Array:
    """The bytes of an array's memory, in the order in which they lie."""
    plain = np.asarray(memory)
    line: Array = plain.reshape(-1) if plain.flags.c_contiguous else plain.T.reshape(-1)
    return line.view(np.uint8) if line.size else np.empty(0, np.uint8)
