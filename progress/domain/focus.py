"""The time of a focus timer, reckoned from its marks: it needs nobody to watch it run."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Marks:
    """When a timer was started, for how many seconds it is planned, and its pauses.

    paused_at: since when it pauses, None while it runs. paused: seconds of the pauses that are over.
    """

    started_at: datetime
    planned: float
    paused_at: datetime | None = None
    paused: float = 0.0

    def elapsed(self, now: datetime) -> float:
        """Seconds at work until now, the planned ones at most, so that a forgotten timer counts no longer."""
        until = min(now, self.paused_at) if self.paused_at else now
        return min(self.planned, max(0.0, (until - self.started_at).total_seconds() - self.paused))

    def left(self, now: datetime) -> float:
        """Seconds still to go."""
        return self.planned - self.elapsed(now)

    def is_over(self, now: datetime) -> bool:
        return self.left(now) <= 0

    def ends_at(self, now: datetime) -> datetime:
        """When it will be over, or was; while it pauses, when it would be if it went on now."""
        pause = max(0.0, (now - self.paused_at).total_seconds()) if self.paused_at else 0.0
        return self.started_at + timedelta(seconds=self.planned + self.paused + pause)
