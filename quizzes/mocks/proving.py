"""Runs the code of scripts in the sandbox: the solution passes, what is given fails."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid4

from concepts.library.faults import Fault
from quizzes.domain.mocks.script import Code
from quizzes.exercises.running import sandbox
from quizzes.mocks.schema import ScriptSheet
from quizzes.sandbox.client import Waiting

_WAIT = 120.0


def prove(sheets: Iterable[ScriptSheet]) -> Iterator[Fault]:
    """What is wrong: a solution that fails, or a given code that passes."""
    for sheet in sheets:
        code = sheet.script.code
        if code is None:
            continue
        solved, given = _run(code.solution, code), _run(code.given, code)
        if not solved["passed"]:
            yield sheet.source.fault(f"code.solution does not pass: {_first_failure(solved)}", "code", "solution")
        if given["passed"]:
            yield sheet.source.fault("code.given passes the tests already; nothing is left to do", "code", "given")


def _run(code: str, script: Code) -> dict[str, Any]:
    result = sandbox().run(id=uuid4().hex, code=code, tests=script.tests, wait=_WAIT)
    if isinstance(result, Waiting):
        raise TimeoutError("the sandbox did not answer")
    return result


def _first_failure(result: dict[str, Any]) -> str:
    failed = [test for test in result["tests"] if test["outcome"] != "passed"]
    return str(result["problem"] or f"{failed[0]['name']}: {failed[0]['message']}")
