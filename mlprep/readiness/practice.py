"""When the plan has each concept practised."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from concepts.models import Concept, Topic
from progress.domain.calendar import start_of_day
from progress.models import PlanTask, StudyPlan
from progress.standing import Practice
from quizzes.models import Exercise

_ON_TOPIC = {"quiz", "review"}
"""Tasks that practise all concepts of their topic. Reading alone is no answer, and shows nothing."""


def practice_of(plan: StudyPlan, now: datetime) -> Practice:
    """The moments, in order, at which open tasks to come practise each concept, by its primary key."""
    today = plan.learner.day_of(now)
    tasks = list(plan.tasks.open().filter(day__gte=today).order_by("day", "position"))
    moments: dict[int, list[datetime]] = defaultdict(list)
    for task, concepts in _practised(tasks):
        moment = max(now, start_of_day(task.day, plan.learner.zone, plan.learner.day_begins_at))
        for concept in concepts:
            if moments[concept][-1:] != [moment]:
                moments[concept].append(moment)
    return moments


def _practised(tasks: Iterable[PlanTask]) -> Iterable[tuple[PlanTask, set[int]]]:
    """Tasks with the concepts that they practise."""
    of_topic: dict[str, set[int]] = defaultdict(set)
    for topic, concept in Topic.concepts.through.objects.values_list("topic__slug", "concept_id"):
        of_topic[topic].add(concept)
    of_exercise: dict[str, set[int]] = defaultdict(set)
    links = Exercise.concepts.through.objects.values_list("exercise__topic__slug", "exercise__slug", "concept_id")
    for topic, slug, concept in links:
        of_exercise[f"{topic}/{slug}"].add(concept)
    by_code = dict(Concept.objects.values_list("code", "pk"))
    for task in tasks:
        kind, _, rest = task.key.partition(":")
        if kind in _ON_TOPIC:
            yield task, of_topic[task.topic]
        elif kind == "exercise":
            yield task, of_exercise[rest]
        elif kind == "concept" and rest in by_code:
            yield task, {by_code[rest]}
