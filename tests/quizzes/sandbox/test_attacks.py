"""Nothing gets out of the sandbox, nothing passes that is not right, and the next run is as if nothing had been."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from quizzes.sandbox.client import Sandbox, Waiting
from quizzes.sandbox.confine import missing
from quizzes.sandbox.report import MAX_OUTPUT
from tests.quizzes.sandbox import attacks
from tests.quizzes.sandbox.attacks import RIGHT, TESTS, attempt

# On a developer's machine that cannot confine code; where CI runs, its absence is a failure.
pytestmark = pytest.mark.skipif(bool(missing()) and "CI" not in os.environ, reason="this machine cannot confine code")

QUICK = 1.5


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    return Sandbox(Path(settings.DATA_DIR))


@pytest.fixture(scope="module")
def impatient() -> Sandbox:
    """Stops a run after a moment, so that endless ones are tested quickly."""
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    return Sandbox(Path(settings.DATA_DIR), seconds=QUICK)


@pytest.fixture(scope="module")
def brief() -> Sandbox:
    """For what would take all the time there is before it is stopped."""
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    return Sandbox(Path(settings.DATA_DIR), seconds=6, cpu_seconds=3)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text("the server's secret")
    path.chmod(0o666)
    return path


def run(sandbox: Sandbox, code: str, tests: str = TESTS) -> dict:
    result = sandbox.run(id=uuid4().hex, code=code, tests=tests, wait=60)
    assert not isinstance(result, Waiting)
    return result


def works(sandbox: Sandbox) -> bool:
    return run(sandbox, RIGHT)["passed"]


def attacks_of(*groups: dict[str, str]) -> list:
    return [pytest.param(code, id=name.replace(" ", "-")) for group in groups for name, code in group.items()]


def test_there_are_at_least_60_attacks():
    groups = (
        attacks.READ, attacks.WRITE, attacks.NETWORK, attacks.PROCESSES, attacks.SYSTEM_CALLS, attacks.INSPECT,
        attacks.CHEATS, attacks.BOMBS, attacks.FLOODS, attacks.ENDLESS,
    )  # fmt: skip
    assert sum(map(len, groups)) >= 60


@pytest.mark.parametrize(
    "body",
    attacks_of(attacks.READ, attacks.WRITE, attacks.NETWORK, attacks.PROCESSES, attacks.SYSTEM_CALLS, attacks.INSPECT),
)
@pytest.mark.parametrize("when", ["loading", "called"])
def test_what_is_none_of_its_business_is_refused(sandbox, secret, body, when):
    body = body.replace("{{}}", "{}").replace("{secret}", str(secret)).replace("{root}", str(settings.BASE_DIR))
    body = body.replace("{package}", pytest.__file__)
    code = attempt(body)
    if when == "called":
        lines = "\n".join(f"    {line}" for line in attempt(body, then="").splitlines())
        code = f"def double(x):\n{lines}\n    return 2 * x\n"
    result = run(sandbox, code)
    assert "BREACH" not in result["stdout"]
    assert result["passed"], result
    assert secret.read_text() == "the server's secret"
    assert works(sandbox)


@pytest.mark.parametrize("code", attacks_of(attacks.CHEATS))
def test_no_trick_passes(sandbox, impatient, code):
    result = run(impatient if "while True" in code else sandbox, code)
    assert not result["passed"]
    assert result["problem"] or any(test["message"] for test in result["tests"])
    assert works(sandbox)


@pytest.mark.parametrize("code", attacks_of(attacks.BOMBS))
def test_a_bomb_harms_only_itself(brief, code):
    result = run(brief, code)
    assert not result["passed"]
    assert result["problem"] or all(len(test["message"]) <= 2000 for test in result["tests"])
    assert works(brief)


@pytest.mark.parametrize("code", attacks_of(attacks.FLOODS))
def test_printed_text_is_cut(sandbox, code):
    result = run(sandbox, code)
    assert result["passed"]
    assert len(result["stdout"].encode()) <= 2 * MAX_OUTPUT
    assert result["stdout_cut"] == (len(result["stdout"]) >= MAX_OUTPUT)
    assert works(sandbox)


@pytest.mark.parametrize("code", attacks_of(attacks.ENDLESS))
def test_what_does_not_end_is_stopped_and_told(impatient, code):
    result = run(impatient, code)
    assert "did not end within 1.5 seconds" in result["problem"]
    assert QUICK * 1000 <= result["duration_ms"] < QUICK * 1000 + 3000
    assert works(impatient)


def test_all_of_pythons_own_library_can_be_imported(sandbox):
    names = "ast, asyncio, csv, datetime, doctest, email.mime.text, html.parser, json.tool, logging.config, queue, zlib"
    assert run(sandbox, f"import {names}\nimport numpy.testing, numpy.polynomial.hermite\n{RIGHT}")["passed"]


def test_a_loop_is_told_by_the_time_it_computed():
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    hurried = Sandbox(Path(settings.DATA_DIR), cpu_seconds=1)
    for extra in ("", "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"):
        result = run(hurried, extra + attacks.ENDLESS["a loop"])
        assert "did not end within 1 seconds of computing in test_array" in result["problem"]
        assert 500 <= result["cpu_ms"] < 5000
    slept = run(hurried, "import time\ntime.sleep(2)\n" + RIGHT)
    assert slept["passed"]


def test_an_error_inside_a_test_is_told_in_words(sandbox):
    tests = TESTS.replace("self.assert_close(double(2121.25)", "max(double([]))\n        self.assert_close(double(1)")
    result = run(sandbox, "def double(x):\n    return []\n", tests)
    message = {test["name"]: test["message"] for test in result["tests"]}["test_scalar"]
    assert "found no values" in message
    assert message.endswith("It returned []")


def test_a_run_sees_nothing_of_the_one_before(sandbox):
    run(sandbox, "import builtins, numpy as np\nbuiltins.left = 1\nnp.left = 1\nnp.random.seed(1)\n" + RIGHT)
    code = "import builtins, numpy as np\nprint(hasattr(builtins, 'left'), hasattr(np, 'left'))\n" + RIGHT
    assert run(sandbox, code)["stdout"] == "False False\n"


def test_no_process_is_left_when_a_run_is_over(impatient):
    before = children_of_brokers()
    for code in (RIGHT, attacks.ENDLESS["a loop"], attacks.CHEATS["ending the process"]):
        run(impatient, code)
    assert len(children_of_brokers()) <= len(before) + 2


def children_of_brokers() -> list[str]:
    """The processes that run something of the sandbox."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            command = Path("/proc", entry, "cmdline").read_bytes() if entry.isdigit() else b""
        except OSError:
            continue
        if b"quizzes.sandbox" in command:
            found.append(entry)
    return found
