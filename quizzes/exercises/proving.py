"""Runs the exercises of the library against their own tests, in the sandbox as learners' code is."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from concepts.library.faults import Fault
from quizzes.domain.exercises.files import second_approaches
from quizzes.exercises.running import sandbox
from quizzes.exercises.schema import ExerciseSheet
from quizzes.sandbox.client import Waiting

_WAIT = 120.0
MOST_CPU_MS = 2500
"""A solution that computes longer in the sandbox leaves too little of a run's time to slower code and servers."""


def prove(sheets: Iterable[ExerciseSheet]) -> Iterator[Fault]:
    """What is wrong: a solution that fails, a stub that passes, a wrong solution that is not caught."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for faults in pool.map(lambda sheet: list(_prove(sheet)), sheets):
            yield from faults


def _prove(sheet: ExerciseSheet) -> Iterator[Fault]:
    folder = sheet.folder
    yield from _prove_solution(sheet, sheet.solution)
    if second := second_approaches(sheet.solution):
        yield from _prove_solution(sheet, second)
    if _run(sheet.stub, sheet.tests)["passed"]:
        yield Fault(folder / "stub.py", 1, "passes the tests; they test nothing")
    for wrong in sheet.wrong:
        outcomes = {test["name"]: test["outcome"] for test in _run(wrong.code, sheet.tests)["tests"]}
        for name in wrong.caught_by:
            if outcomes.get(name) not in {"failed", "error"}:
                yield Fault(folder / "wrong" / f"{wrong.name}.py", 1, f"is not caught by {name}")


def _prove_solution(sheet: ExerciseSheet, code: str) -> Iterator[Fault]:
    result = _run(code, sheet.tests)
    if not result["passed"]:
        yield Fault(sheet.folder / "solution.py", 1, f"does not pass its tests: {_first_failure(result)}")
    elif result["cpu_ms"] > MOST_CPU_MS:
        took = f"{result['cpu_ms'] / 1000:.1f} s of computing, at most {MOST_CPU_MS / 1000:g}"
        yield Fault(sheet.folder / "tests.py", 1, f"they take {took}: call less often, or by results_of and near_code")


def _run(code: str, tests: str) -> dict[str, Any]:
    result = sandbox().run(id=uuid4().hex, code=code, tests=tests, wait=_WAIT)
    if isinstance(result, Waiting):
        raise TimeoutError("the sandbox did not answer")
    return result


def _first_failure(result: dict[str, Any]) -> str:
    failed = [test for test in result["tests"] if test["outcome"] != "passed"]
    return result["problem"] or f"{failed[0]['name']}: {failed[0]['message']}"
