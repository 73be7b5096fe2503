"""Where a learner stands with each concept: status, answers, mastery now or at a later moment, and why in words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TypedDict

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from concepts.models import Concept, Status
from concepts.queries import ConceptQuerySet
from progress.domain.calendar import days_between
from progress.domain.mastery import (
    CLAIMS,
    PRIORITY_WEIGHT,
    group_mastery,
    interval,
    lent_by_prerequisites,
    mastery_of,
    probability,
)
from progress.domain.traces import MODEL, PLAIN, Answers, Claim, Trace
from progress.facts import Standing, WeekStanding
from progress.memories import trace_of
from progress.models import ConceptMemory, ConceptStatus, User

Practice = Mapping[int, Sequence[tuple[datetime, Answers | Claim | None]]]
"""When concepts, by their primary keys, will be practised, in order, and how: by an answer of that credit, by what
counts as a claim, such as reading, or (None) by an answer as good as is to be expected then."""
_DAY = timedelta(days=1)
_PREREQUISITES = Concept.prerequisites.through


def standing_of(
    learner: User | AnonymousUser,
    concepts: Sequence[Concept],
    *,
    at: datetime | None = None,
    practice: Practice = MappingProxyType({}),
) -> dict[int, Standing]:
    """The learner's standing with each of `concepts`, by the concept's primary key, in three queries.

    at: a moment to come, aware; the standing is that to be expected then, now if left out. practice: when each concept
    will be practised until then, in order; without it, not at all.
    """
    ids = [concept.pk for concept in concepts]
    if not isinstance(learner, User) or not ids:
        return {pk: Standing() for pk in ids}
    at = at or timezone.now()
    statuses = dict(ConceptStatus.objects.of(learner).filter(concept__in=ids).values_list("concept_id", "status"))
    needs = list(_PREREQUISITES.objects.filter(from_concept__in=ids).values_list("from_concept_id", "to_concept_id"))
    wanted = {*ids, *(before for _, before in needs)}
    memories = {m.concept_id: m for m in ConceptMemory.objects.of(learner).filter(concept__in=wanted)}
    return _standings(learner, ids, statuses, needs, memories, at, practice)


def _standings(  # noqa: PLR0913, PLR0917 (all that is known of a learner)
    learner: User,
    ids: Sequence[int],
    statuses: Mapping[int, str],
    needs: Iterable[tuple[int, int]],
    memories: Mapping[int, ConceptMemory],
    at: datetime,
    practice: Practice,
) -> dict[int, Standing]:
    everything = [*ids, *(memories.keys() - set(ids))]
    place = {pk: number for number, pk in enumerate(everything)}
    last, now = _traces([_practised(memories.get(pk), practice.get(pk, ())) for pk in everything], at)
    lent = _lent(now, [(place[after], place[before]) for after, before in needs if before in place], len(everything))
    shown = np.array([pk in practice or _has_shown(memories.get(pk), statuses.get(pk)) for pk in everything])
    mastery = mastery_of(now, lent, shown)
    known = probability(now, lent)
    low, high = interval(now, lent)
    recall = known / probability(last, lent)
    lends = known - probability(now)
    standings = {}
    for number, pk in enumerate(ids):
        memory = memories.get(pk)
        standings[pk] = Standing(
            status=Status(statuses.get(pk, Status.NOT_STARTED)),
            mastery=float(mastery[number]),
            answers=memory.answers if memory else 0,
            right=memory.right if memory else 0,
            low=min(float(low[number]), float(mastery[number])) if shown[number] else 0.0,
            high=max(float(high[number]), float(mastery[number])),
            probability=float(known[number]),
            recall=min(1.0, float(recall[number])),
            days_ago=_days_ago(learner, memory, at),
            lends=float(lends[number]),
        )
    return standings


def _days_ago(learner: User, memory: ConceptMemory | None, at: datetime) -> int | None:
    if memory is None or memory.answered_at is None:
        return None
    return days_between(learner.day_of(memory.answered_at), learner.day_of(at))


def _has_shown(memory: ConceptMemory | None, status: str | None) -> bool:
    return status in CLAIMS or (memory is not None and memory.shown > 0)


def _practised(
    memory: ConceptMemory | None, steps: Sequence[tuple[datetime, Answers | Claim | None]]
) -> tuple[Trace, datetime | None]:
    """The trace after the last answer or status, or after the practice to come, and when that was or will be."""
    trace, since = (MODEL.start(), None) if memory is None else (trace_of(memory), memory.practised_at)
    for moment, what in steps:
        days = _days(since, moment)
        if what is None:
            trace = MODEL.practised(trace, days, PLAIN)
        elif isinstance(what, Claim):
            trace = MODEL.claimed(trace, days, what, PLAIN)
        else:
            trace = MODEL.after(trace, days, what, PLAIN)
        since = moment
    return trace, since


def _traces(left: Sequence[tuple[Trace, datetime | None]], at: datetime) -> tuple[Trace, Trace]:
    """The traces as practice left them, and as they are at that moment."""
    numbers = np.array(
        [(trace.strength, trace.variance, trace.stability, trace.start, _days(since, at)) for trace, since in left]
    ).T
    last = Trace(*numbers[:4])
    return last, MODEL.later(last, numbers[4])


def _days(since: datetime | None, at: datetime) -> float:
    return max(0.0, (at - since) / _DAY) if since else 0.0


def _lent(now: Trace, needs: Sequence[tuple[int, int]], count: int) -> np.ndarray:
    """What the prerequisites of each of `count` concepts lend, in logits; needs: pairs of places, what needs what."""
    after, before = np.array(needs, dtype=np.intp).reshape(-1, 2).T
    known = (1.0 - now.start)[before]
    above = known * (now.strength[before] - MODEL.start_strength)
    sums = (np.bincount(after, values, minlength=count) for values in (above, known))
    return np.asarray(lent_by_prerequisites(*sums))


def with_status(concepts: ConceptQuerySet, learner: User | AnonymousUser, statuses: Collection[str]) -> ConceptQuerySet:
    """Those of `concepts` to which the learner gave one of `statuses`; no record means not started."""
    records = ConceptStatus.objects.of(learner) if isinstance(learner, User) else ConceptStatus.objects.none()
    if Status.NOT_STARTED in statuses:
        others = records.exclude(status__in=statuses)
        return concepts.exclude(pk__in=others.values("concept"))
    return concepts.filter(pk__in=records.filter(status__in=statuses).values("concept"))


def standing_by_week(learner: User | AnonymousUser, *, at: datetime | None = None) -> list[WeekStanding]:
    """The learner's standing with every week of the tracker, in order."""
    concepts = list(Concept.objects.order_by("week").only("pk", "week", "priority"))
    return weeks_of(concepts, standing_of(learner, concepts, at=at))


def weeks_of(concepts: Iterable[Concept], standings: Mapping[int, Standing]) -> list[WeekStanding]:
    """The standing with each week that has one of the concepts."""
    groups: dict[int, list[Concept]] = defaultdict(list)
    for concept in concepts:
        groups[concept.week].append(concept)
    return [WeekStanding(week=week, **group_facts(group, standings)) for week, group in sorted(groups.items())]


class GroupFacts(TypedDict):
    """The fields of a GroupStanding."""

    concepts: int
    started: int
    mastered: int
    mastery: float
    low: float
    high: float


def group_facts(concepts: Sequence[Concept], standings: Mapping[int, Standing]) -> GroupFacts:
    """How many of the concepts there are, are started, are mastered; and their mastery with its interval."""
    each = [standings[concept.pk] for concept in concepts]
    whole = group_mastery(
        [standing.mastery for standing in each],
        [standing.low for standing in each],
        [standing.high for standing in each],
        [PRIORITY_WEIGHT[concept.priority] for concept in concepts],
    )
    return {
        "concepts": len(each),
        "started": sum(standing.started for standing in each),
        "mastered": sum(standing.mastered for standing in each),
        "mastery": whole.mastery,
        "low": whole.low,
        "high": whole.high,
    }


__all__ = ["Standing", "WeekStanding", "group_facts", "standing_by_week", "standing_of", "weeks_of", "with_status"]
