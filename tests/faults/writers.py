"""Learners who write at the same time, and who know what the server has acknowledged."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count, cycle
from typing import Any

from tests.faults.installation import Answer, Installation

_number = count(1)


def long_text(number: int) -> str:
    """A text that says which one it is in every part, so that half of one is noticed."""
    return f"text-{number:08} " * 40


@dataclass
class Ledger:
    """What was sent, what was acknowledged, and what else was answered."""

    comments: dict[str, str] = field(default_factory=dict)
    answers: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    acknowledged_comments: set[str] = field(default_factory=set)
    acknowledged_reviews: set[str] = field(default_factory=set)
    acknowledged_answers: dict[tuple[int, int], str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    lost_connections: int = 0
    total: int = 0
    last_success: float = 0.0


class Writer(threading.Thread):
    """One learner who answers, reviews and comments without a pause, and sends again what was not acknowledged."""

    def __init__(self, site: Installation, learner: dict[str, Any], ledger: Ledger) -> None:
        super().__init__(daemon=True)
        self.site, self.learner, self.ledger = site, learner, ledger
        self.stopping = threading.Event()

    def run(self) -> None:
        for act in cycle([self._answer, self._review, self._comment]):
            if self.stopping.is_set():
                return
            act(next(_number))

    def _send(self, method: str, path: str, body: dict[str, Any], acknowledge: Callable[[], None]) -> None:
        """Send until it is acknowledged or the test is over, as the pages do."""
        while True:
            try:
                answer = self.site.call(method, path, body, self.learner["token"], timeout=60)
            except (OSError, HTTPException):
                self.ledger.lost_connections += 1
            else:
                if 200 <= answer.status < 300:
                    acknowledge()
                    self.ledger.total += 1
                    self.ledger.last_success = time.monotonic()
                    return
                self.ledger.statuses[answer.status] += 1
                if not _is_calm(answer):
                    self.ledger.bad.append(f"{method} {path}: {answer.status} {answer.text[:200]}")
            if self.stopping.wait(0.1):
                return

    def _answer(self, number: int) -> None:
        place = (self.learner["quiz"], number % 4 + 1)
        text = long_text(number).strip()
        self.ledger.answers.setdefault(place, []).append(text)
        self._send(
            "PUT",
            f"/api/v1/quizzes/{place[0]}/answers/{place[1]}/",
            {"answer": text},
            lambda: self.ledger.acknowledged_answers.__setitem__(place, text),
        )

    def _review(self, number: int) -> None:
        cards = self.learner["cards"]
        key = f"review-{number}"
        self._send(
            "POST",
            f"/api/v1/flashcards/{cards[number % len(cards)]}/reviews/",
            {"rating": ("again", "hard", "good", "easy")[number % 4], "idempotency_key": key},
            lambda: self.ledger.acknowledged_reviews.add(key),
        )

    def _comment(self, number: int) -> None:
        key, text = f"comment-{number}", long_text(number).strip()
        self.ledger.comments[key] = text
        self._send(
            "POST",
            f"/api/v1/concepts/{self.site.cast['concept']}/comments/",
            {"body": text, "idempotency_key": key},
            lambda: self.ledger.acknowledged_comments.add(key),
        )


def _is_calm(answer: Answer) -> bool:
    """Whether a refusal says when to come back."""
    return answer.status == 503 and "Retry-After" in answer.headers and "detail" in answer.json


@contextmanager
def writing(site: Installation, ledger: Ledger, *, writers: int = 50) -> Iterator[list[Writer]]:
    """So many learners write while the block runs."""
    threads = [Writer(site, learner, ledger) for learner in site.cast["learners"][:writers]]
    for thread in threads:
        thread.start()
    try:
        yield threads
    finally:
        for thread in threads:
            thread.stopping.set()
        for thread in threads:
            thread.join()


def losses(site: Installation, ledger: Ledger) -> list[str]:
    """What was acknowledged and is not there, what is there twice, and what is there in part."""
    rows = site.database.rows
    faults = []
    comments: dict[str, list[str]] = {}
    for key, body in rows("SELECT key, body FROM progress_comment WHERE key IS NOT NULL"):
        if key in ledger.comments:
            comments.setdefault(key, []).append(body)
    faults += [f"comment {key} is lost" for key in ledger.acknowledged_comments - comments.keys()]
    faults += [
        f"comment {key} is torn or doubled" for key, found in comments.items() if found != [ledger.comments[key]]
    ]
    reviews = Counter(key for (key,) in rows("SELECT key FROM quizzes_cardevent"))
    faults += [f"review {key} is lost" for key in ledger.acknowledged_reviews - reviews.keys()]
    faults += [f"review {key} counts {number} times" for key, number in reviews.items() if number > 1]
    stored = {
        (quiz, number): answer
        for quiz, number, answer in rows("SELECT attempt_id, number, answer FROM quizzes_attemptquestion")
        if (quiz, number) in ledger.answers
    }
    for place, last in ledger.acknowledged_answers.items():
        sent = ledger.answers[place]
        # What was sent after the last acknowledged one may be stored too; nothing older and nothing else may.
        if _text(stored[place]) not in sent[sent.index(last) :]:
            faults.append(f"the answer to {place} is lost or torn")
    torn_cards = rows(
        "SELECT card.id FROM quizzes_learnercard card LEFT JOIN quizzes_cardevent event ON event.card_id = card.id "
        "GROUP BY card.id, card.version HAVING card.version <> COUNT(event.id)"
    )
    faults += [f"card {pk} and its log do not agree" for (pk,) in torn_cards]
    without_evidence = rows(
        "SELECT event.id FROM quizzes_cardevent event LEFT JOIN progress_evidence shown "
        "ON shown.source = 'card:' || event.id WHERE shown.id IS NULL"
    )
    faults += [f"review {pk} shows nothing" for (pk,) in without_evidence]
    if site.database.url.startswith("sqlite"):
        faults += [f"integrity: {line}" for (line,) in rows("PRAGMA integrity_check") if line != "ok"]
        faults += [f"reference: {line}" for line in rows("PRAGMA foreign_key_check")]
    return faults


def _text(answer: Any) -> str:
    """The text of a stored answer; PostgreSQL gives JSON read, SQLite as text."""
    import json

    value = json.loads(answer) if isinstance(answer, str) else answer
    return str(value["text"]) if value else ""
