"""A learner's own rating of an interview, and what it shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from concepts.models import Concept
from progress.services import record_evidence
from quizzes.domain.mocks.scoring import concept_scores, marks_share, own_score, whole_score
from quizzes.domain.mocks.script import CRITERIA
from quizzes.mocks.models import MockInterview, MockRating, Shown
from quizzes.mocks.services import tests_share


class StillRunning(Exception):
    """An interview is rated once it is closed."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """What a learner says. marks: 0 to 4 by criterion. follow_ups: yes, partly or no by number."""

    marks: Mapping[str, int]
    follow_ups: Mapping[int, str] = field(default_factory=dict)
    self_answers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@transaction.atomic
def rate_interview(*, interview: MockInterview, ratings: Ratings, now: datetime) -> MockRating:
    """Record the rating, and as evidence on each of the script's concepts; another one later takes its place.

    Follow-ups that were not asked are left aside. Raises StillRunning.
    """
    if interview.finished_at is None:
        raise StillRunning
    asked = set(interview.reveals.filter(what=Shown.FOLLOW_UP).values_list("number", flat=True))
    follow_ups = {number: answer for number, answer in sorted(ratings.follow_ups.items()) if number in asked}
    own = own_score([ratings.marks[name] for name in CRITERIA], list(follow_ups.values()))
    rating, _ = MockRating.objects.update_or_create(
        interview=interview,
        defaults={
            **{name: ratings.marks[name] for name in CRITERIA},
            **ratings.self_answers,
            "note": ratings.note,
            "follow_ups": {str(number): answer for number, answer in follow_ups.items()},
            "own_score": own,
            "score": whole_score(own, tests_share(interview)),
            "rated_at": now,
        },
    )
    concepts = list(interview.script.concepts.all())
    scores = scores_by_concept(interview, rating, concepts)
    for concept in concepts:
        record_evidence(
            learner=interview.learner,
            concept_id=concept.pk,
            source=f"mock:{interview.pk}:{concept.code}",
            credit=scores[concept.code],
            guess_chance=0.0,
            happened_at=interview.finished_at,
            self_rated=True,
        )
    return rating


def scores_by_concept(
    interview: MockInterview, rating: MockRating, concepts: Iterable[Concept], *, tests: float | None = None
) -> dict[str, float]:
    """How each of these concepts of the script went, by its code, 0 to 1; tests: of code, the share that passed."""
    main = whole_score(marks_share([getattr(rating, name) for name in CRITERIA]), tests)
    about = {number: item.get("concepts", ()) for number, item in enumerate(interview.content["follow_ups"], start=1)}
    follow_ups = {int(number): answer for number, answer in rating.follow_ups.items()}
    return concept_scores([concept.code for concept in concepts], main, follow_ups, about)
