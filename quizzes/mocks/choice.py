"""Which script a learner sits next: the wishes, and what they studied when."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db.models import Max

from progress.models import Evidence, PartRead, User
from quizzes.domain.mocks.choosing import Candidate, choose
from quizzes.mocks.models import MockInterview, MockScript


class NoScript(Exception):
    """No script fits the wishes."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a learner wants to be asked; an empty kind or role means any. minutes: at most."""

    kind: str = ""
    role: str = ""
    minutes: int = 30


def choose_script(*, learner: User, wishes: Wishes, now: datetime, rng: Random) -> MockScript:
    """The script to sit: first on what was studied a week or more ago, and not one sat of late. Raises NoScript."""
    fitting = MockScript.objects.current().of_kind(wishes.kind).for_role(wishes.role).within(wishes.minutes)
    chosen = choose(_candidates(learner, list(fitting.prefetch_related("topics", "concepts")), now), rng)
    if chosen is None:
        raise NoScript
    return MockScript.objects.select_related("current").get(pk=chosen)


def last_sat(learner: User) -> dict[int, datetime]:
    """When the learner last sat each script, by its key."""
    sat = MockInterview.objects.of(learner).order_by().values_list("version__script")
    return dict(sat.annotate(last=Max("started_at")))


def _candidates(learner: User, scripts: list[MockScript], now: datetime) -> list[Candidate]:
    read = dict(PartRead.objects.of(learner).order_by().values_list("topic").annotate(last=Max("read_at")))
    practised = dict(Evidence.objects.of(learner).order_by().values_list("concept").annotate(last=Max("happened_at")))
    sat = last_sat(learner)

    def days(moment: datetime | None) -> float | None:
        return (now - moment).total_seconds() / 86_400 if moment else None

    def candidate(script: MockScript) -> Candidate:
        topics, concepts = script.topics.all(), script.concepts.all()
        dates = [read[topic.pk] for topic in topics if topic.pk in read]
        dates += [practised[concept.pk] for concept in concepts if concept.pk in practised]
        is_general = not topics and not concepts
        return Candidate(script.pk, days(max(dates, default=None)), days(sat.get(script.pk)), is_general)

    return [candidate(script) for script in scripts]
