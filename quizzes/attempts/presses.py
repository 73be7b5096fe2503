"""Presses of the buttons that start a quiz, so that a double click starts one."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from progress.models import User
from quizzes.attempts.models import Attempt


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button that starts a quiz: the name it is kept by, and the quiz that it has started already."""

    name: str | None = None
    attempt: Attempt | None = None

    @classmethod
    def of(cls, learner: User, key: str, wishes: object, now: datetime) -> Self:
        """The press of a page's key with these wishes; a page without a key starts a quiz with each press.

        A page that comes back from the browser's history brings its old key: with other wishes, or once its quiz
        is over, it is another press.
        """
        if not key:
            return cls()
        name = hashlib.sha256(json.dumps([key, wishes]).encode()).hexdigest()
        while former := Attempt.objects.of(learner).filter(key=name).first():
            if former.finished_at is None and (former.deadline is None or now < former.deadline):
                return cls(name, former)
            name = hashlib.sha256(f"{name} {former.pk}".encode()).hexdigest()
        return cls(name)
