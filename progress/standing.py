"""Where a learner stands: status, answers and mastery of each concept, and the roll-up a week."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from django.contrib.auth.models import AnonymousUser

from concepts.models import Concept, Status
from concepts.queries import ConceptQuerySet
from progress.domain.mastery import (
    MASTERED_FROM,
    PRIORITY_WEIGHT,
    STATUS_SHOWS,
    concept_mastery,
    corrected_for_guessing,
    group_mastery,
)
from progress.models import ConceptStatus, Evidence, User

RIGHT_FROM = 0.999
"""An answer with at least this credit counts as right."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner's standing with one concept; mastery from 0 to 1."""

    status: Status = Status.NOT_STARTED
    mastery: float = 0.0
    answers: int = 0
    right: int = 0

    @property
    def percent(self) -> int:
        return round(100 * self.mastery)

    @property
    def started(self) -> bool:
        return self.status != Status.NOT_STARTED or self.answers > 0

    @property
    def mastered(self) -> bool:
        return self.mastery >= MASTERED_FROM


@dataclass(frozen=True, slots=True)
class WeekStanding:
    """A learner's standing with a week of the tracker; mastery from 0 to 1, weighted by priority."""

    week: int
    concepts: int
    started: int
    mastered: int
    mastery: float

    @property
    def percent(self) -> int:
        return round(100 * self.mastery)


def standing_of(learner: User | AnonymousUser, concepts: Sequence[Concept]) -> dict[int, Standing]:
    """The learner's standing with each of `concepts`, by the concept's primary key, in two queries."""
    ids = [concept.pk for concept in concepts]
    if not isinstance(learner, User) or not ids:
        return {pk: Standing() for pk in ids}
    statuses = dict(ConceptStatus.objects.of(learner).filter(concept__in=ids).values_list("concept_id", "status"))
    answers = np.array(
        Evidence.objects.of(learner)
        .filter(concept__in=ids)
        .order_by("concept_id", "-happened_at", "-pk")
        .values_list("concept_id", "credit", "guess_chance"),
        dtype=float,
    ).reshape(-1, 3)
    place = {pk: index for index, pk in enumerate(ids)}
    index = np.array([place[int(pk)] for pk in answers[:, 0]], dtype=np.intp)
    mastery = concept_mastery(
        [STATUS_SHOWS[statuses.get(pk, Status.NOT_STARTED)] for pk in ids],
        index,
        corrected_for_guessing(answers[:, 1], answers[:, 2]),
    )
    counts = np.bincount(index, minlength=len(ids))
    rights = np.bincount(index, answers[:, 1] >= RIGHT_FROM, minlength=len(ids))
    return {
        pk: Standing(Status(statuses.get(pk, Status.NOT_STARTED)), float(mastery[n]), int(counts[n]), int(rights[n]))
        for n, pk in enumerate(ids)
    }


def with_status(concepts: ConceptQuerySet, learner: User | AnonymousUser, statuses: Collection[str]) -> ConceptQuerySet:
    """Those of `concepts` to which the learner gave one of `statuses`; no record means not started."""
    records = ConceptStatus.objects.of(learner) if isinstance(learner, User) else ConceptStatus.objects.none()
    if Status.NOT_STARTED in statuses:
        others = records.exclude(status__in=statuses)
        return concepts.exclude(pk__in=others.values("concept"))
    return concepts.filter(pk__in=records.filter(status__in=statuses).values("concept"))


def standing_by_week(learner: User | AnonymousUser) -> list[WeekStanding]:
    """The learner's standing with every week of the tracker, in order."""
    concepts = list(Concept.objects.order_by("week").only("pk", "week", "priority"))
    standings = standing_of(learner, concepts)
    return [_roll_up(week, group, standings) for week, group in groupby(concepts, key=lambda concept: concept.week)]


def _roll_up(week: int, group: Iterable[Concept], standings: dict[int, Standing]) -> WeekStanding:
    concepts = list(group)
    each = [standings[concept.pk] for concept in concepts]
    return WeekStanding(
        week=week,
        concepts=len(each),
        started=sum(standing.started for standing in each),
        mastered=sum(standing.mastered for standing in each),
        mastery=group_mastery(
            [standing.mastery for standing in each], [PRIORITY_WEIGHT[concept.priority] for concept in concepts]
        ),
    )
