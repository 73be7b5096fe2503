"""The process that holds the learner's code, and does what the tests ask of it."""

import linecache
import math
import os
import socket
import sys
import traceback
import types
from typing import Any

import numpy as np

from quizzes.sandbox.peer import Peer

FILE = "exercise.py"


def hold(connection: socket.socket, output: int) -> None:
    """Serve the tests until they are done. output: where what the code prints goes."""
    for standard in (1, 2):
        os.dup2(output, standard)
    os.close(output)
    # Written at once: what a killed process had printed is still shown.
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    peer = Peer(connection, "code", opens=lambda thing: True, explain=place_of)
    peer.write(load)
    peer.write(define)
    peer.serve()
    sys.stdout.flush()


def load(code: str) -> dict[str, Any]:
    """Run the learner's file; gives what it defines, without what it imports."""
    module = types.ModuleType("exercise")
    module.__file__ = FILE
    sys.modules["exercise"] = module
    linecache.cache[FILE] = (len(code), None, code.splitlines(keepends=True), FILE)
    exec(compile(code, FILE, "exec"), vars(module))  # noqa: S102 (what this confined process is for)
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("__") and not isinstance(value, types.ModuleType)
    }


def define(source: str, name: str) -> Any:
    """A function or class of the tests' that is to be called here without a message."""
    names: dict[str, Any] = {"np": np, "math": math, "near_code": lambda thing: thing, "__name__": "tests"}
    exec(compile(source, "<tests>", "exec"), names)  # noqa: S102 (the library's own)
    return names[name]


def place_of(error: BaseException) -> str:
    """Where in the learner's file the exception arose, with that line; empty where it arose elsewhere."""
    if isinstance(error, SyntaxError) and error.filename == FILE:
        return f"line {error.lineno}: {(error.text or '').strip()}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
    return f"line {frames[-1].lineno}: {frames[-1].line}" if frames else ""
