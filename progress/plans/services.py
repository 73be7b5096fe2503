"""Asking for something to be looked at again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from concepts.models import Concept, Topic
from progress.accounts.models import User
from progress.plans.models import ReviewRequest


@transaction.atomic
def request_reviews(  # noqa: PLR0913 (all by keyword)
    *,
    learner: User,
    source: str,
    reason: str,
    now: datetime,
    concepts: Iterable[Concept] = (),
    topics: Iterable[Topic] = (),
) -> None:
    """Ask for these to be looked at again; the plan lays them on days to come.

    source: what asks, such as `mock:17`; it asks once for a concept or topic, however often it is called.
    reason: why, in words for the learner, such as `Left open in the mock interview on attention`.
    """
    asked = ReviewRequest.objects.of(learner).filter(source=source)
    known = set(asked.values_list("concept_id", "topic_id"))
    wanted = [(concept.pk, None) for concept in concepts] + [(None, topic.pk) for topic in topics]
    ReviewRequest.objects.bulk_create(
        [
            ReviewRequest(
                learner=learner,
                concept_id=concept,
                topic_id=topic,
                source=source,
                reason=reason[:200],
                requested_at=now,
            )
            for concept, topic in dict.fromkeys(wanted)
            if (concept, topic) not in known
        ],
        ignore_conflicts=True,
    )


def end_reviews(*, learner: User, ids: Iterable[int], now: datetime) -> int:
    """Mark requests as done; returns how many were open until now."""
    return ReviewRequest.objects.of(learner).open().filter(pk__in=list(ids)).update(done_at=now)


def reopen_reviews(*, learner: User, ids: Iterable[int]) -> int:
    """Take back that requests are done; returns how many were."""
    return ReviewRequest.objects.of(learner).filter(pk__in=list(ids)).exclude(done_at=None).update(done_at=None)
