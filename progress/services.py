"""What is done to a learner's progress."""

from datetime import datetime
from typing import Any

from django.db import transaction

from concepts.models import Concept, Status
from progress.models import ConceptStatus, Evidence, User


@transaction.atomic
def set_status(*, learner: User, concept: Concept, status: Status, now: datetime) -> ConceptStatus:
    """Record how far the learner says they are with the concept."""
    record, _ = ConceptStatus.objects.update_or_create(
        learner=learner, concept=concept, defaults={"status": status, "changed_at": now}
    )
    return record


@transaction.atomic
def set_statuses(*, learner: User, statuses: dict[str, Status], now: datetime) -> int:
    """Record statuses by the concepts' codes, as read from a tracker; returns how many were recorded."""
    concepts = Concept.objects.in_bulk(list(statuses), field_name="code")
    for code, concept in concepts.items():
        set_status(learner=learner, concept=concept, status=statuses[code], now=now)
    return len(concepts)


def record_evidence(  # noqa: PLR0913 (all by keyword, and each says a different thing)
    *,
    learner: User,
    concept: Concept,
    source: str,
    credit: float,
    guess_chance: float,
    happened_at: datetime,
    self_rated: bool = False,
) -> None:
    """Store what an answer shows about a concept; a source (such as `quiz:17:3`) counts once.

    credit: 0 to 1. guess_chance: the credit to expect of a blind guess, below 1. A credit that the learner gave
    (`self_rated`) may be changed by giving another; any other stays.
    """
    changes: dict[str, Any] = (
        {"update_conflicts": True, "update_fields": ["credit"], "unique_fields": ["learner", "source"]}
        if self_rated
        else {"ignore_conflicts": True}
    )
    Evidence.objects.bulk_create(
        [
            Evidence(
                learner=learner,
                concept=concept,
                source=source,
                credit=credit,
                guess_chance=guess_chance,
                self_rated=self_rated,
                happened_at=happened_at,
            )
        ],
        **changes,
    )


def withdraw_evidence(*, learner: User, source: str) -> None:
    """Take back what an answer showed, because the answer was undone; harmless where nothing was recorded."""
    Evidence.objects.filter(learner=learner, source=source).delete()
