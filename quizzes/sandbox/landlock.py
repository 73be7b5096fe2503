"""Landlock, the kernel's way for a process to give up files, ports and signals for good.

Source: Linux kernel documentation, "Landlock: unprivileged access control"; the call numbers are the same on
every architecture.
"""

import ctypes
import os
from collections.abc import Iterable

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILES_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NETWORK = 0b11
_SCOPES = 0b11
_NETWORK_ABI, _SCOPE_ABI = 4, 6

_libc = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The version of Landlock that the kernel knows; below 1 where it has none."""
    return int(_libc.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION_FLAG))


def ruleset(readable: Iterable[str]) -> int:
    """A descriptor of rules that leave nothing but reading below `readable`, as far as the kernel can.

    No other file, no TCP, no signals to others. Raises OSError.
    """
    version = abi()
    files = _FILES_BY_ABI[max(known for known in _FILES_BY_ABI if known <= version)]
    rules = _Ruleset(files, _NETWORK if version >= _NETWORK_ABI else 0, _SCOPES if version >= _SCOPE_ABI else 0)
    size = 8 * (1 + (version >= _NETWORK_ABI) + (version >= _SCOPE_ABI))
    made = _check(_libc.syscall(_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), 0))
    for path in readable:
        try:
            parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        allowed = _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE
        rule = _PathRule(allowed, parent)
        _check(_libc.syscall(_ADD_RULE, made, _PATH_BENEATH, ctypes.byref(rule), 0))
        os.close(parent)
    return made


def restrict(made: int) -> None:
    """Give up for good what the rules do not leave. Needs `no_new_privs`. Raises OSError."""
    _check(_libc.syscall(_RESTRICT, made, 0))


def _check(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
