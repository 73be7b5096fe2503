"""The process that holds the tests: it calls the learner's code in the other process and compares."""

import inspect
import json
import linecache
import re
import socket
import sys
import types
import unittest
import warnings
from collections.abc import Iterator
from typing import Any

from quizzes.domain.exercises import checks
from quizzes.domain.exercises.misuse import in_words
from quizzes.sandbox.peer import NOTHING, Peer
from quizzes.sandbox.wire import Closed

MAX_TEXT = 2000
TESTS_FILE = "tests.py"
_OVER_A_VALUE = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)
_MISSING = re.compile(r"cannot import name '(\w+)'")


def examine(job: socket.socket, connection: socket.socket) -> None:
    """Read a job (`code`, `tests`) as one line of JSON, run it, and write a line of JSON for all that happens.

    `plan` has the tests in order, each with what it is about; `start` names one that begins; `test` one that ended,
    with `outcome` passed, failed or error and `message`; `problem` says why no test ran; `lost` that the code's
    process went away; `done` ends.
    """
    with job.makefile("rwb") as stream:

        def tell(**event: object) -> None:
            stream.write(json.dumps(event).encode() + b"\n")
            stream.flush()

        asked = json.loads(stream.readline())
        try:
            cases = _load(asked["code"], asked["tests"], connection)
            tell(plan=[[case._testMethodName, case.shortDescription() or ""] for case in cases])
            for case in cases:
                tell(start=case._testMethodName)
                outcome, message = _run(case)
                tell(test=case._testMethodName, outcome=outcome, message=message[:MAX_TEXT])
            tell(done=True)
        except Closed:
            tell(lost=True)
        except _NotLoaded as problem:
            tell(problem=str(problem)[:MAX_TEXT])


_peer: list[Peer] = []
"""The connection of this process's one run, for what its code returned last."""


class _NotLoaded(Exception):
    """The code cannot be tested."""


def _load(code: str, tests: str, connection: socket.socket) -> list[unittest.TestCase]:
    peer = Peer(connection, "tests", opens=lambda thing: type(thing).__module__ == "tests")
    _peer[:] = [peer]
    load = peer.read(["handle", "code", 0, ["__call__"], "load"])
    try:
        names = load(code)
    except Closed:
        raise
    except Exception as error:
        raise _NotLoaded(_told(error)) from error
    exercise = types.ModuleType("exercise")
    vars(exercise).update(names)
    module = types.ModuleType("tests")
    module.__file__ = TESTS_FILE
    linecache.cache[TESTS_FILE] = (len(tests), None, tests.splitlines(keepends=True), TESTS_FILE)
    define = peer.read(["handle", "code", 1, ["__call__"], "define"])
    vars(checks)["_carry"] = lambda thing: define(inspect.getsource(thing), thing.__name__)
    sys.modules.update(checks=checks, exercise=exercise, tests=module)
    try:
        exec(compile(tests, TESTS_FILE, "exec"), vars(module))  # noqa: S102 (the library's own tests)
    except ImportError as error:
        missing = _MISSING.search(str(error))
        raise _NotLoaded(f"Your code does not define `{missing[1] if missing else error}`.") from error
    return list(_cases(unittest.defaultTestLoader.loadTestsFromModule(module)))


def _cases(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _cases(test)
        else:
            yield test


class _Result(unittest.TestResult):
    """Keeps the exception itself, not its printed form."""

    outcome, message = "passed", ""

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802 (unittest's name)
        self.outcome, self.message = "failed", _reason(err[1])

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        if isinstance(err[1], Closed):
            raise err[1]
        # What the learner's code raised says where; what the test's own line raised is about the value that it got.
        is_theirs = bool(getattr(err[1], "place", "")) or not isinstance(err[1], _OVER_A_VALUE)
        self.outcome, self.message = ("error", _told(err[1])) if is_theirs else ("failed", _misused(err[1]))

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:  # noqa: N802
        if err is not None:
            (self.addFailure if issubclass(err[0], test.failureException) else self.addError)(test, err)


def _run(case: unittest.TestCase) -> tuple[str, str]:
    result = _Result()
    _peer[0].returned = NOTHING
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        case.run(result)
    return result.outcome, result.message


def _reason(error: BaseException) -> str:
    text = str(error)
    # A sentence begins with a capital, code does not.
    return text if re.match(r"\w*[_(\[.]", text) else text[:1].upper() + text[1:]


def _told(error: BaseException) -> str:
    """The exception of the learner's code as they need it: what, and where."""
    place = getattr(error, "place", "")
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"{text}\n{place}" if place else text


def _misused(error: BaseException) -> str:
    """What a test's own line met when it took apart what it got, and what that was."""
    text = in_words(error)
    try:
        returned = "" if _peer[0].returned is NOTHING else checks.describe(_peer[0].returned)
    except Exception:  # the learner's own `__repr__`
        returned = "something that cannot be shown"
    return f"{text}\nIt returned {returned}" if returned and "None" not in text else text
