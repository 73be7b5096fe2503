"""What a run showed, put together from what its processes told."""

import json
import signal
import time
from dataclasses import dataclass, field
from typing import Any

MAX_OUTPUT = 64 * 1024
MAX_EVENTS = 4 * 2**20
MAX_ABOUT = 500
_ENDED_BY = {
    signal.SIGSEGV: "it crashed (a segmentation fault, as from recursion without end)",
    signal.SIGABRT: "it crashed (abort)",
    signal.SIGKILL: "it was stopped",
}


@dataclass
class Report:
    """A run in progress or at its end."""

    started: float = field(default_factory=time.monotonic)
    about: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    running: str = ""
    problem: str = ""
    done: bool = False
    lost: bool = False
    timed_out: bool = False
    output: bytearray = field(default_factory=bytearray)
    output_cut: bool = False
    endings: dict[str, int] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    _told: int = 0
    _rest: bytes = b""

    def hear(self, data: bytes) -> None:
        """Take what the tests' process wrote; what is no event of ours is left out."""
        self._told += len(data)
        if self._told > MAX_EVENTS:
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError):
                continue

    def print(self, data: bytes) -> None:
        """Take what the code printed, up to a limit."""
        room = MAX_OUTPUT - len(self.output)
        self.output += data[:room]
        self.output_cut |= len(data) > room

    def result(self, seconds: float, cpu_seconds: float) -> dict[str, Any]:
        """The whole run as JSON. seconds: the time it was given; cpu_seconds: what each process could compute."""
        problem = self.problem or self._why(seconds, cpu_seconds)
        tests = [self._outcome(name, problem) | {"about": about} for name, about in self.about.items()]
        return {
            "passed": self.done and bool(tests) and all(test["outcome"] == "passed" for test in tests),
            "tests": tests,
            "stdout": self.output.decode("utf-8", "replace"),
            "stdout_cut": self.output_cut,
            "problem": problem,
            "duration_ms": round(1000 * (time.monotonic() - self.started)),
            "cpu_ms": round(1000 * sum(self.cpu.values())),
        }

    def _take(self, event: dict[str, Any]) -> None:
        if "plan" in event:
            self.about = {str(name): str(about)[:MAX_ABOUT] for name, about in event["plan"]}
        elif "start" in event:
            self.running = str(event["start"])
        elif "test" in event:
            self.outcomes[event["test"]] = {"outcome": event["outcome"], "message": event["message"]}
            self.running = ""
        elif "problem" in event:
            self.problem = str(event["problem"])
            self.done = True
        else:
            self.done |= bool(event.get("done"))
            self.lost |= bool(event.get("lost"))

    def _why(self, seconds: float, cpu_seconds: float) -> str:
        """Why the run did not come to its end; empty where it did."""
        if self.done:
            return ""
        where = f" in {self.running}" if self.running else ""
        if any(used >= cpu_seconds for used in self.cpu.values()) or -signal.SIGXCPU in self.endings.values():
            ended = f"Your code did not end within {cpu_seconds:g} seconds of computing{where} and was stopped."
            return f"{ended} Is there a loop without end?"
        if self.timed_out:
            ended = f"Your code did not end within {seconds:g} seconds{where} and was stopped."
            return f"{ended} Is there a loop without end, or does it wait for something?"
        ending = self.endings.get("code", 0)
        how = _ENDED_BY.get(signal.Signals(-ending)) if ending < 0 else None
        if self.lost and ending == 0:
            how = "it closed its connection to the tests, or ended itself"
        return f"The process that ran your code is gone: {how or f'it ended with status {ending}'}."

    def _outcome(self, name: str, problem: str) -> dict[str, str]:
        if name in self.outcomes:
            return {"name": name, **self.outcomes[name]}
        if name == self.running:
            return {"name": name, "outcome": "error", "message": problem}
        return {"name": name, "outcome": "not run", "message": ""}
