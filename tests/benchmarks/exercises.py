"""From the press of Run to the result, beside starting Python with numpy: `make bench` prints medians and ratios.

What is measured is the sandbox as the web process calls it: send the code, fork, run the tests, get the result. The
tests' own time is taken from the same tests run in this process.
"""

import io
import statistics
import subprocess
import sys
import tempfile
import time
import types
import unittest
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from quizzes.domain.exercises import checks
from quizzes.sandbox.client import Sandbox, Waiting

RUNS = 40
SLOWEST_OF = Path("fixtures/topics")
FOLDER = Path("fixtures/topics/16-attention/exercises/scaled_dot_product_attention")


def median_ms(call: Callable[[], object], times: int = RUNS) -> float:
    """The median of so many calls, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


def in_this_process(code: str, tests: str) -> Callable[[], object]:
    """The same tests without a sandbox."""
    exercise = types.ModuleType("exercise")
    exec(code, vars(exercise))
    sys.modules.update(checks=checks, exercise=exercise)
    module = types.ModuleType("tests")
    exec(tests, vars(module))
    suite = unittest.defaultTestLoader.loadTestsFromModule
    return lambda: unittest.TextTestRunner(stream=io.StringIO()).run(suite(module))


def cpu_ms(sandbox: Sandbox, folder: Path) -> int:
    """What the two processes of a run of the exercise's solution compute, in milliseconds."""
    code, tests = ((folder / name).read_text() for name in ("solution.py", "tests.py"))
    result = sandbox.run(id=uuid4().hex, code=code, tests=tests, wait=120)
    if isinstance(result, Waiting) or not result["passed"]:
        raise RuntimeError(f"the solution of {folder.name} does not pass")
    return int(result["cpu_ms"])


def main() -> None:
    code, tests = ((FOLDER / name).read_text() for name in ("solution.py", "tests.py"))
    with tempfile.TemporaryDirectory() as home:
        sandbox = Sandbox(Path(home))

        def press() -> None:
            result = sandbox.run(id=uuid4().hex, code=code, tests=tests, wait=60)
            if isinstance(result, Waiting) or not result["passed"]:
                raise RuntimeError("the solution does not pass")

        press()
        pressed = median_ms(press)
        own = median_ms(in_this_process(code, tests))
        numpy = median_ms(lambda: subprocess.run([sys.executable, "-c", "import numpy"], check=True), times=10)
        slowest = sorted((cpu_ms(sandbox, folder), folder.name) for folder in SLOWEST_OF.glob("*/exercises/*"))
    print("Exercises: press to result")
    print(f"  a run of {FOLDER.name}: {pressed:.1f} ms, of which its tests take {own:.1f} ms")
    print(f"  beyond the tests: {pressed - own:.1f} ms (aim: under 60)")
    cpu, name = slowest[-1]
    print(f"  the slowest solution, {name}, computes {cpu} ms in the sandbox (aim: under 1,000)")
    print(f"  the one in the middle: {slowest[len(slowest) // 2][0]} ms")
    print(f"  python -c 'import numpy' in the same minute: {numpy:.1f} ms, {numpy / pressed:.1f} times a run")


if __name__ == "__main__":
    main()
