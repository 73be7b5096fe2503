"""Anki's own backend (package `anki`, AGPL, for tests alone): what it makes of a log, a card and a clock."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import numpy as np

from quizzes.domain.cards import CardState, State
from quizzes.domain.fsrs import Rating

STEPS = {State.LEARNING: 2, State.RELEARNING: 1}
_KINDS = {State.NEW: (0, 0), State.LEARNING: (1, 1), State.REVIEW: (2, 2), State.RELEARNING: (3, 1)}
_LOG_KINDS = {"new": 0, "learning": 0, "review": 1, "relearning": 2}


@dataclass(frozen=True)
class Button:
    """What a rating would do: days until the next review, or seconds of a step; and the memory."""

    days: int | None
    seconds: int | None
    stability: float
    difficulty: float


class Oracle:
    """A collection of Anki's with FSRS, at first with the default weights."""

    def __init__(self, folder: Path) -> None:
        from anki.collection import Collection

        self.collection = Collection(str(folder / "oracle.anki2"))
        self.collection.set_config("fsrs", True)

    def close(self) -> None:
        self.collection.close()

    def card(self, log: list[tuple[datetime, int, str]] = ()) -> int:
        """A card whose answers were these: when, with which rating, from which state."""
        note = self.collection.new_note(self.collection.models.by_name("Basic"))
        note["Front"], note["Back"] = uuid4().hex, "b"
        self.collection.add_note(note, 1)
        card = note.cards()[0].id
        for number, (moment, rating, state) in enumerate(log):
            stamp = int(moment.timestamp() * 1000) + card % 997 + number
            row = (stamp, card, -1, rating, 10, 5, 2500, 4000, _LOG_KINDS[state])
            self.collection.db.execute("insert or replace into revlog values (?,?,?,?,?,?,?,?,?)", *row)
        self.collection.db.execute("update cards set type=2, queue=2, due=9, ivl=9, reps=9 where id=?", card)
        return card

    def set_weights(self, weights: np.ndarray) -> None:
        """Reckon with these weights from now on."""
        settings = self.collection.decks.get_config(1)
        settings["fsrsParams6"] = [float(weight) for weight in weights]
        self.collection.decks.update_config(settings)

    def cards(self, ratings: np.ndarray, moments: np.ndarray) -> list[int]:
        """A card a row: its ratings and the moments (seconds since 1970) of them, in order."""
        first = self.card()
        numbers = [first + 1 + row for row in range(len(ratings))]
        taken: set[int] = set()
        log = []
        for row, card in enumerate(numbers):
            for place, (rating, moment) in enumerate(zip(ratings[row], moments[row], strict=True)):
                stamp = int(moment * 1000)
                while stamp in taken:
                    stamp += 1
                taken.add(stamp)
                log.append((stamp, card, -1, int(rating), 10, 5, 2500, 4000, int(place > 0)))
        note = self.collection.get_card(first).nid
        rows = [(card, note, 1, 1, 0, 0, 2, 2, 9, 9, 0, 9, 0, 0, 0, 0, 0, "") for card in numbers]
        self.collection.db.executemany("insert into cards values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
        self.collection.db.executemany("insert into revlog values (?,?,?,?,?,?,?,?,?)", log)
        return numbers

    def memory(self, card: int) -> tuple[float, float]:
        """Stability and difficulty, reckoned from the card's log."""
        state = self.collection.compute_memory_state(card)
        return state.stability, state.difficulty

    def buttons(self, card: int, state: CardState, answered_at: datetime) -> dict[Rating, Button]:
        """What each button does now to the card in this state, answered last at that moment."""
        kind, queue = _KINDS[state.state]
        data = {"s": state.stability, "d": state.difficulty, "lrt": int(answered_at.timestamp())}
        left = STEPS.get(state.state, 0) - state.step if state.state in STEPS else 0
        self.collection.db.execute(
            "update cards set type=?, queue=?, due=?, ivl=?, reps=?, lapses=?, left=?, data=? where id=?",
            kind, queue, 0, state.interval, state.reps, state.lapses, left, json.dumps(data), card,
        )  # fmt: skip
        states = self.collection._backend.get_scheduling_states(card)
        return {rating: _button(getattr(states, rating.name.lower()).normal) for rating in Rating}


def _button(state) -> Button:
    if state.WhichOneof("kind") == "review":
        memory = state.review.memory_state
        return Button(state.review.scheduled_days, None, memory.stability, memory.difficulty)
    step = state.relearning.learning if state.WhichOneof("kind") == "relearning" else state.learning
    return Button(None, step.scheduled_secs, step.memory_state.stability, step.memory_state.difficulty)


_ANOTHER_CLOCK = """
import json, sys, tempfile, time
from pathlib import Path
from tests.quizzes.flashcards.anki_oracle import Oracle

asked = json.load(sys.stdin)
answer = {"now": time.time(), "days": {}, "stabilities": {}}
with tempfile.TemporaryDirectory() as folder:
    for rollover in asked["rollovers"]:
        oracle = Oracle(Path(folder))
        oracle.collection.set_config("rollover", rollover)
        oracle.collection.set_config("creationOffset", asked["minutes_west"])
        oracle.collection.db.execute("update col set crt = ?", asked["created"])
        oracle.close()
        oracle = Oracle(Path(folder))
        timing = oracle.collection._backend.sched_timing_today()
        answer["days"][rollover] = [timing.days_elapsed, timing.next_day_at]
        stabilities = answer["stabilities"][rollover] = []
        card = oracle.card() if asked["answered"] else None
        for moment in asked["answered"]:
            data = json.dumps({"s": 10.0, "d": 5.0, "lrt": int(moment)})
            oracle.collection.db.execute("update cards set ivl=10, data=? where id=?", data, card)
            good = oracle.collection._backend.get_scheduling_states(card).good
            stabilities.append(good.normal.review.memory_state.stability)
        oracle.close()
json.dump(answer, sys.stdout)
"""


def under_another_clock(zone: str, **asked) -> dict:
    """Anki's answers in a process of its own whose local time is that of `zone` (as in the variable TZ).

    asked: rollovers; created (a moment) and minutes_west, of the collection; answered (moments): a card of stability
    10 and difficulty 5, answered then, is rated Good now.
    """
    environment = os.environ | {"TZ": zone}
    # In test mode Anki puts its clock back in the small hours.
    environment.pop("ANKI_TEST_MODE", None)
    command = [sys.executable, "-c", _ANOTHER_CLOCK]
    ran = subprocess.run(command, input=json.dumps(asked), env=environment, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)
