"""`make bench`: 200 learners at once on the real mix of pages, and a day of 10,000 learners in a minute.

A server as people run it, on SQLite or, where DATABASE_URL names one, on PostgreSQL; learners on connections of their
own over loopback. First each asks for the next page as soon as the last one has come, so that
throughput is what the machine gives when it is full (the learners' own program takes its share of it); figures are
ratios to as many learners on a bare view. Then 200 connections ask as often as 10,000 learners would in a day, hour by
hour with the pages a second that the hour has, the day's 24 hours in as many slices of a minute. LOAD_LEARNERS (200)
and LOAD_SECONDS (60) change the size.
"""

import json
import os
import random
import re
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from tests.faults.databases import VENDOR, new_database
from tests.faults.installation import Installation

LEARNERS = int(os.environ.get("LOAD_LEARNERS", "200"))
SECONDS = float(os.environ.get("LOAD_SECONDS", "60"))
DAY_LEARNERS, PAGES_EACH = 10_000, 60
"""A day's learners, and how many pages each asks for: twenty minutes with one every 20 s."""
HOURS = (1, 1, 0.5, 0.5, 0.5, 1, 2, 4, 5, 5, 5, 5, 6, 5, 5, 5, 5, 6, 8, 10, 10, 8, 5, 2)
"""How the pages spread over the day's hours; the evening is busiest."""
PAGES_AN_ACT = 1.45
_STEP = 0.25
_CSRF = "c" * 32
_HIDDEN = re.compile(r'name="(card|version|promise|key)" value="([^"]*)"')


class Visitor(threading.Thread):
    """One learner, on one connection, until told to stop. Keeps how long each page took and what went wrong."""

    def __init__(
        self, site: Installation, one: dict[str, object], acts: list[str], seed: int, rate: Callable[[], float] | None
    ) -> None:
        super().__init__(daemon=True)
        self.one, self.acts, self.rate = one, acts, rate
        self.rng = random.Random(seed)
        self.stopping = threading.Event()
        self.seconds: list[float] = []
        self.errors: Counter[str] = Counter()
        self.connection = HTTPConnection("127.0.0.1", site.port, timeout=90)

    def run(self) -> None:
        while not self.stopping.wait(_STEP if self.rate else 0.0):
            if self.rate and self.rng.random() > self.rate() * _STEP:
                continue
            act = self.rng.choice(self.acts)
            try:
                ACTS[act](self)
            except (OSError, HTTPException) as error:
                self.errors[f"{act}: {type(error).__name__}"] += 1
                self.connection.close()

    def ask(self, path: str, form: dict[str, str] | None = None) -> str:
        """Get a page, or send a form."""
        headers = {"Cookie": f"session={self.one['session']}; csrf={_CSRF}"}
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": _CSRF})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        for last in (False, True):
            try:
                self.connection.request("GET" if body is None else "POST", path, body, headers)
                response = self.connection.getresponse()
                break
            except (HTTPException, OSError):
                # The server closes a connection that was idle for 2 s.
                self.connection.close()
                if last:
                    raise
        text = response.read().decode()
        self.seconds.append(time.perf_counter() - started)
        if response.status >= 400:
            self.errors[f"{path}: {response.status}"] += 1
        return text

    def review(self) -> None:
        """Look at the next card, and rate it."""
        hidden = dict(_HIDDEN.findall(self.ask("/flashcards/review/")))
        if "promise" in hidden:
            self.ask("/flashcards/review/", {**hidden, "rating": self.rng.choice(("again", "good", "good", "easy"))})

    def answer(self) -> None:
        """Look at a question of the quiz, and answer it."""
        number = self.rng.randint(1, 10)
        self.ask(f"/quizzes/{self.one['quiz']}/?question={number}")
        self.ask(f"/quizzes/{self.one['quiz']}/answers/{number}/", {"answer": "a"})


def page(path: str) -> Callable[[Visitor], object]:
    return lambda visitor: visitor.ask(path)


ACTS: dict[str, Callable[[Visitor], object]] = {
    "bare": page("/bare/"),
    "review": Visitor.review,
    "quiz": Visitor.answer,
    "today": page("/"),
    "concept": page("/concepts/ML-002/"),
    "concepts": page("/concepts/"),
    "search": page("/concepts/?search=gradient"),
    "topic": page("/topics/attention/"),
    "exercise": page("/exercises/attention/causal_mask/"),
    "plan": page("/plan/"),
    "progress": page("/progress/"),
    "notes": page("/notes/"),
}
MIX = {
    "review": 30, "quiz": 15, "today": 15, "concept": 12, "concepts": 6, "search": 2, "topic": 8, "exercise": 4,
    "plan": 3, "progress": 3, "notes": 2,
}  # fmt: skip
"""Of a hundred acts."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a crowd's visit."""

    pages_a_second: float
    seconds: list[float]
    errors: Counter[str]

    def quantile(self, share: float) -> float:
        return statistics.quantiles(self.seconds, n=100)[round(share * 100) - 1]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder))


def measure(folder: Path) -> None:
    database = new_database(folder)
    site = Installation(folder, database, {}, {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.load_settings"})
    mix = [act for act, share in MIX.items() for _ in range(share)]
    try:
        site.run("manage.py", "migrate", "--verbosity=0")
        cast = json.loads(site.run("-m", "tests.benchmarks.load_cast", str(LEARNERS)))
        site.start()
        bare = crowd(site, cast, ["bare"], max(5.0, SECONDS / 6))
        crowd(site, cast, mix, SECONDS / 3)
        memory = [resident(site)]
        mixed = crowd(site, cast, mix, SECONDS)
        memory.append(resident(site))
        day = crowd(site, cast, mix, SECONDS, PAGES_EACH * DAY_LEARNERS / 86_400)
        memory.append(resident(site))
    finally:
        site.kill()
        database.drop()
    heads = f"{'pages/s':>9}{'p50':>10}{'p95':>10}{'of bare':>10}{'p95':>8}{'errors':>8}"
    print(f"\n{f'{VENDOR}, {LEARNERS} learners':<28}{heads}")
    for label, visit in (("bare view", bare), ("the mix, without a pause", mixed), ("a day of 10,000 learners", day)):
        ratios = (
            f"{visit.pages_a_second / bare.pages_a_second:>9.2f}x{visit.quantile(0.95) / bare.quantile(0.95):>7.1f}x"
        )
        times = "".join(f"{visit.quantile(share) * 1000:>7.0f} ms" for share in (0.5, 0.95))
        print(f"{label:<28}{visit.pages_a_second:>9.1f}{times}{ratios}{sum(visit.errors.values()):>8}")
        for error, seen in visit.errors.most_common(5):
            print(f"    {seen} × {error}")
    print("memory before the mix, after it, after the day: " + ", ".join(f"{size:.0f} MB" for size in memory))
    cores = os.cpu_count() or 1
    busiest = PAGES_EACH * max(HOURS) / sum(HOURS) / 3600
    print(f"A core carries {mixed.pages_a_second / cores / busiest:,.0f} learners a day in their busiest hour.")


def crowd(
    site: Installation, cast: list[dict[str, object]], acts: list[str], seconds: float, mean_rate: float | None = None
) -> Visit:
    """All visit at once: without a pause, or over a day with so many pages a second in the mean, hour by hour."""
    started = time.perf_counter()

    def rate() -> float:
        """Acts a second of one visitor."""
        hour = int((time.perf_counter() - started) / seconds * len(HOURS)) % len(HOURS)
        return (mean_rate or 0.0) / PAGES_AN_ACT * HOURS[hour] / sum(HOURS) * len(HOURS) / len(cast)

    visitors = [Visitor(site, one, acts, number, rate if mean_rate else None) for number, one in enumerate(cast)]
    for visitor in visitors:
        visitor.start()
    time.sleep(seconds)
    for visitor in visitors:
        visitor.stopping.set()
    for visitor in visitors:
        visitor.join()
    elapsed = time.perf_counter() - started
    times = [taken for visitor in visitors for taken in visitor.seconds]
    return Visit(len(times) / elapsed, times, sum((visitor.errors for visitor in visitors), Counter()))


def resident(site: Installation) -> float:
    """Megabytes that the server's processes hold in memory."""
    assert site.process is not None
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
            if os.getpgid(int(status.parent.name)) == site.process.pid:
                total += int(re.search(r"VmRSS:\s+(\d+)", text)[1])  # type: ignore[index]
        except (OSError, TypeError):
            continue
    return total / 1024


if __name__ == "__main__":
    main()
