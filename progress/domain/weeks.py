"""Which week a weekly review looks back on, and which review waits."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

SUNDAY = 6
"""Weekdays are numbered as Python does: Monday is 0."""


@dataclass(frozen=True, slots=True)
class ReviewWeek:
    """A review by the Monday of the calendar week in which it is held; it looks back on the seven days up to `last`."""

    monday: date
    last: date

    @classmethod
    def of(cls, monday: date, weekday: int) -> Self:
        """The review of the week that begins on `monday`, held on `weekday` (0 Monday to 6 Sunday)."""
        return cls(monday, monday + timedelta(days=weekday))

    @classmethod
    def holding(cls, day: date, weekday: int) -> Self:
        """The review of the calendar week that `day` is in."""
        return cls.of(day - timedelta(days=day.weekday()), weekday)

    @classmethod
    def latest_due(cls, today: date, weekday: int) -> Self:
        """The last review whose day has come."""
        day = today - timedelta(days=(today.weekday() - weekday) % 7)
        return cls.holding(day, weekday)

    @property
    def first(self) -> date:
        return self.last - timedelta(days=6)

    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(7)]


FEW_RIGHT = 0.6
"""A concept of which less than this share was right in the week needs work, given enough answers, or none of two."""
ENOUGH_ANSWERS = 3
LOW_CONFIDENCE = 2


def why_more_work(
    *, answers: int = 0, right: int = 0, review_needed: bool = False, confidence: int | None = None
) -> str:
    """Why something needs work by the week's evidence and the learner's own note, in words; empty where it does not.

    answers, right: of the week. confidence: 1 to 5, as the note has it, or None.
    """
    if (answers >= ENOUGH_ANSWERS and right < FEW_RIGHT * answers) or (answers > 1 and not right):
        return f"{right} of {answers} right this week"
    if review_needed:
        return "your note says: review needed"
    if confidence is not None and confidence <= LOW_CONFIDENCE:
        return f"your note says: confidence {confidence} of 5"
    return ""
