"""What is said of a learner's standing with a concept or with a group of concepts."""

from dataclasses import dataclass

from concepts.models import Status
from progress.domain.mastery import MASTERED_FROM

_CONTRADICTED_FROM = 2
"""As many answers it takes to contradict a status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastery:
    """A mastery from 0 to 1; it lies between low and high with 90 %."""

    mastery: float = 0.0
    low: float = 0.0
    high: float = 1.0

    @property
    def percent(self) -> int:
        return round(100 * self.mastery)

    @property
    def low_percent(self) -> int:
        return round(100 * self.low)

    @property
    def high_percent(self) -> int:
        return round(100 * self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Mastery):
    """A learner's standing with one concept; shares from 0 to 1.

    mastery: the probability of a right answer now, to an item of middle difficulty without guessing, as far as anything
    right was shown; it lies between low and high with 90 %. probability: the same, and what is to be expected where
    nothing was shown yet. recall: of what was known after the last answer or status, how much is still recalled.
    days_ago: the learner's days since the last answer, None without one. lends: what prerequisites add to mastery.
    """

    status: Status = Status.NOT_STARTED
    answers: int = 0
    right: int = 0
    probability: float = 0.0
    recall: float = 1.0
    days_ago: int | None = None
    lends: float = 0.0

    @property
    def recall_percent(self) -> int:
        return round(100 * self.recall)

    @property
    def started(self) -> bool:
        return self.status != Status.NOT_STARTED or self.answers > 0

    @property
    def mastered(self) -> bool:
        return self.mastery >= MASTERED_FROM

    @property
    def contradicted(self) -> bool:
        """Whether answers say otherwise than a status 'mastered'."""
        return self.status == Status.MASTERED and self.answers >= _CONTRADICTED_FROM and not self.mastered

    @property
    def because(self) -> str:
        """Why mastery is what it is, in words."""
        if not self.answers:
            said = {
                Status.MASTERED: "No answers yet; you marked it as mastered",
                Status.LEARNING: "No answers yet; you marked it as being learnt",
            }.get(self.status, "No answers yet")
            return f"{said}, and its prerequisites lend a little" if round(100 * self.lends) else said
        words = [f"{self.right} of {self.answers} right", f"last practised {_ago(self.days_ago or 0)}"]
        if self.days_ago:
            words.append(f"recall {self.recall_percent} %")
        return ", ".join(words)


def _ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStanding(Mastery):
    """A learner's standing with a group of concepts: how many there are, and their mastery weighted by priority."""

    concepts: int
    started: int
    mastered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekStanding(GroupStanding):
    """A learner's standing with a week of the tracker."""

    week: int

    @property
    def label(self) -> str:
        return str(self.week)
