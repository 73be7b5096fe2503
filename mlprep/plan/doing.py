"""Tasks are ticked by doing them: what a learner did, and whether a task is done by it.

Nothing is stored here. A page shows what the records say now; laying the plan anew keeps it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from concepts.models import Topic
from mlprep.plan.seams import mocks_sat, weekly_reviews_written
from progress.models import ConceptStatus, Evidence, PartRead, PlanTask, ReviewRequest, StudyPlan, User
from quizzes.models import CardEvent, ExerciseWork

ANSWERS_TO_TICK = 3
"""So many quiz answers on a topic's concepts are a quiz on it, or a review of it."""


@dataclass(frozen=True)
class Doings:
    """What a learner did. Answers are pairs of a concept's code and a learner's day."""

    today: date
    parts_read: Mapping[str, set[str]] = field(default_factory=dict)
    solved: Collection[str] = frozenset()
    quiz_answers: Sequence[tuple[str, date]] = ()
    practised: Collection[str] = frozenset()
    card_days: Collection[date] = frozenset()
    cards_left: int = 0
    mocks: int = 0
    weekly_reviews: Collection[date] = frozenset()
    requests_done: Collection[int] = frozenset()
    codes_of_topic: Mapping[str, Collection[str]] = field(default_factory=dict)

    def has_done(self, task: PlanTask) -> bool:
        """Whether a task was done by doing it."""
        check = _CHECKS.get(task.key.partition(":")[0])
        return check is not None and check(self, task)

    def answers_on(self, topic: str, since: date) -> int:
        """Quiz answers on a topic's concepts since a day."""
        codes = self.codes_of_topic.get(topic, ())
        return sum(code in codes and day >= since for code, day in self.quiz_answers)


def doings_of(plan: StudyPlan, now: datetime, *, cards_left: int) -> Doings:
    """What the plan's learner did that may tick its tasks, in seven queries. cards_left: due cards of today."""
    learner = plan.learner
    since = learner.day_of(plan.made_at)
    answers = Evidence.objects.of(learner).filter(happened_at__gte=plan.made_at)
    rows = list(answers.values_list("concept__code", "happened_at", "source"))
    statuses = ConceptStatus.objects.of(learner).filter(changed_at__gte=plan.made_at)
    events = CardEvent.objects.of(learner).answers().filter(day__gte=since)
    requests = ReviewRequest.objects.of(learner).exclude(done_at=None)
    return Doings(
        today=learner.day_of(now),
        parts_read=parts_read_by_topic(learner),
        solved=solved_exercises(learner),
        quiz_answers=[(code, learner.day_of(moment)) for code, moment, source in rows if source.startswith("quiz:")],
        practised={code for code, *_ in rows} | set(statuses.values_list("concept__code", flat=True)),
        card_days=set(events.order_by().values_list("day", flat=True).distinct()),
        cards_left=cards_left,
        mocks=len(mocks_sat(learner, plan.made_at)),
        weekly_reviews=weekly_reviews_written(learner, since),
        requests_done=set(requests.values_list("pk", flat=True)),
        codes_of_topic=_codes_of_topics(),
    )


def parts_read_by_topic(learner: User) -> dict[str, set[str]]:
    """The slugs of the parts that the learner has read, by their topic's."""
    read: dict[str, set[str]] = {}
    for topic, part in PartRead.objects.of(learner).values_list("topic__slug", "part"):
        read.setdefault(topic, set()).add(part)
    return read


def solved_exercises(learner: User) -> set[str]:
    """The solved exercises as `topic/function`."""
    works = ExerciseWork.objects.of(learner).exclude(solved_at=None)
    return {f"{topic}/{slug}" for topic, slug in works.values_list("exercise__topic__slug", "exercise__slug")}


def done_by_doing(tasks: Iterable[PlanTask], doings: Doings) -> set[int]:
    """Those of the tasks, by their keys, that are open and were done by doing them."""
    return {task.pk for task in tasks if task.done_at is None and doings.has_done(task)}


def _codes_of_topics() -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for topic, code in Topic.concepts.through.objects.values_list("topic__slug", "concept__code"):
        codes.setdefault(topic, set()).add(code)
    return codes


def _has_read(doings: Doings, task: PlanTask) -> bool:
    return bool(task.pieces) and set(task.pieces) <= doings.parts_read.get(task.topic, set())


def _has_solved(doings: Doings, task: PlanTask) -> bool:
    return task.key.partition(":")[2] in doings.solved


def _has_practised(doings: Doings, task: PlanTask) -> bool:
    return task.key.partition(":")[2] in doings.practised


def _has_taken_quiz(doings: Doings, task: PlanTask) -> bool:
    return doings.answers_on(task.topic, date.min) >= ANSWERS_TO_TICK


def _has_reviewed(doings: Doings, task: PlanTask) -> bool:
    return doings.answers_on(task.topic, task.day) >= ANSWERS_TO_TICK


def _has_emptied_cards(doings: Doings, task: PlanTask) -> bool:
    if task.day == doings.today:
        return not doings.cards_left
    return task.day in doings.card_days


def _has_looked_again(doings: Doings, task: PlanTask) -> bool:
    return int(task.key.split(":")[1]) in doings.requests_done


def _has_sat(doings: Doings, task: PlanTask) -> bool:
    return int(task.key.split(":")[1]) <= doings.mocks


def _has_written(doings: Doings, task: PlanTask) -> bool:
    return any(task.day <= day <= doings.today for day in doings.weekly_reviews)


_CHECKS = {
    "read": _has_read,
    "concept": _has_practised,
    "exercise": _has_solved,
    "quiz": _has_taken_quiz,
    "review": _has_reviewed,
    "cards": _has_emptied_cards,
    "request": _has_looked_again,
    "mock": _has_sat,
    "weekly": _has_written,
}
