"""Runs the NumPy snippets of the library's questions, so that no output or check is typed by hand.

The library is part of the program: its snippets are trusted as its code is. They run in a process of their own
all the same, so that a faulty one neither hangs nor changes the program.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_SECONDS = 60
_RUNNER = """
import contextlib, io, json, sys, warnings
import numpy as np
warnings.simplefilter("ignore")
results = []
for code in json.load(sys.stdin):
    printed, names = io.StringIO(), {"np": np, "__name__": "snippet"}
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "snippet", "exec"), names)
        result = names.get("result")
        number = None if result is None else float(result)
        results.append({"output": printed.getvalue().strip(), "number": number, "problem": ""})
    except Exception as error:
        results.append({"output": "", "number": None, "problem": f"{type(error).__name__}: {error}"})
json.dump(results, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a snippet printed, the number it left as `result`, and why it failed where it did."""

    output: str
    number: float | None
    problem: str


def compute(snippets: Sequence[str]) -> list[Computed]:
    """Run each snippet with `np` at hand. Raises RuntimeError where they do not end in time."""
    if not snippets:
        return []
    command = [sys.executable, "-I", "-c", _RUNNER]
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter on the library's own code)
            command, input=json.dumps(list(snippets)), capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise RuntimeError(f"the snippets of the questions did not run to their end: {error}") from error
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return [Computed(**result) for result in results]
