"""The score to expect in a mock interview of each kind."""

from dataclasses import dataclass
from datetime import datetime

from mlprep.plan.rows import plan_of
from mlprep.readiness.practice import practice_of
from progress.domain.calendar import start_of_day
from progress.models import User
from progress.roll_ups import Expected, expected_share
from quizzes.domain.mocks.script import KINDS
from quizzes.mocks.queries import concepts_of_kind


@dataclass(frozen=True, slots=True)
class KindForecast:
    """A kind of interview: the score to expect today, on the day without further practice, and by the plan.

    None where there is no date ahead, or no plan; concepts: how many its scripts ask about.
    """

    kind: str
    name: str
    concepts: int
    today: Expected
    without_practice: Expected | None
    by_plan: Expected | None


def forecasts(learner: User, role: str, now: datetime) -> tuple[list[KindForecast], list[str]]:
    """A forecast of each kind that concepts are asked in, and the names of the kinds without."""
    on = None
    if learner.interview_date and learner.interview_date > learner.day_of(now):
        on = start_of_day(learner.interview_date, learner.zone, learner.day_begins_at)
    plan = plan_of(learner)
    practice = practice_of(plan, now) if plan and on else None
    found, without = [], []
    for kind, name in KINDS.items():
        concepts = list(concepts_of_kind(kind, role).only("pk", "priority"))
        if not concepts:
            without.append(name)
            continue
        found.append(
            KindForecast(
                kind,
                name,
                len(concepts),
                expected_share(learner, concepts, at=now),
                expected_share(learner, concepts, at=on) if on else None,
                expected_share(learner, concepts, at=on, practice=practice) if on and practice is not None else None,
            )
        )
    return found, without
