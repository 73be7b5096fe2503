"""When the plan has each concept practised, and how."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Count

from concepts.models import Concept, Topic
from progress.domain.calendar import start_of_day
from progress.domain.mastery import READING, SELF_RATED_WEIGHT
from progress.domain.traces import Answers, Claim
from progress.models import PlanTask, StudyPlan
from progress.standing import Practice
from quizzes.flashcards.interview import seconds_an_answer
from quizzes.flashcards.models import LearnerCard
from quizzes.flashcards.preferences import settings_of
from quizzes.models import Exercise

_PRACTISE = {"quiz", "review", "read", "exercise", "concept"}
"""Beginnings of the keys of tasks that practise concepts, most of them all those of their topic."""
_ANSWERS_A_SHOWING = 2.0
"""A new card takes three answers, one that is known takes one."""

Step = tuple[int, Answers | Claim | None]
"""A concept, by its primary key, and how it is practised."""


def practice_of(plan: StudyPlan, now: datetime) -> Practice:
    """The moments, in order, at which open tasks to come practise each concept, by its primary key, and how.

    A quiz, an exercise or a review is an answer as good as is to be expected then. A text counts as reading, once.
    Cards are spread over the learner's own ones and recalled as often as their schedule aims at.
    """
    today = plan.learner.day_of(now)
    tasks = list(plan.tasks.open().filter(day__gte=today).order_by("day", "position"))
    steps: dict[int, list[tuple[datetime, Answers | Claim | None]]] = defaultdict(list)
    seen: set[tuple[int, datetime, bool]] = set()
    for task, (concept, how) in _practised(plan, tasks):
        moment = max(now, start_of_day(task.day, plan.learner.zone, plan.learner.day_begins_at))
        # One answer a day is as much as a day shows; a text may be read on the same day.
        if (name := (concept, moment, how is READING)) not in seen:
            seen.add(name)
            steps[concept].append((moment, how))
    return steps


def _practised(plan: StudyPlan, tasks: list[PlanTask]) -> Iterator[tuple[PlanTask, Step]]:
    """Tasks with the concepts that they practise, in the order of the tasks."""
    concepts, cards, texts = _concepts_by_key(tasks), _Cards(plan), _last_portions(tasks)
    for task in tasks:
        how: Answers | Claim | None = None
        practised: Sequence[int] = concepts[task.key]
        if task.kind == "cards":
            practised, how = cards.shown_in(task.minutes), cards.answer
        elif task.key.startswith("read:"):
            practised, how = practised if texts[task.topic] == task.pk else [], READING
        yield from ((task, (concept, how)) for concept in practised)


def _concepts_by_key(tasks: Iterable[PlanTask]) -> Mapping[str, Sequence[int]]:
    """The concepts that tasks are on, by the tasks' keys; none for what practises nothing."""
    of_topic: dict[str, set[int]] = defaultdict(set)
    for topic, concept in Topic.concepts.through.objects.values_list("topic__slug", "concept_id"):
        of_topic[topic].add(concept)
    of_exercise: dict[str, set[int]] = defaultdict(set)
    links = Exercise.concepts.through.objects.values_list("exercise__topic__slug", "exercise__slug", "concept_id")
    for topic, slug, concept in links:
        of_exercise[f"{topic}/{slug}"].add(concept)
    of_code = {code: {pk} for code, pk in Concept.objects.values_list("code", "pk")}
    found: dict[str, Sequence[int]] = {}
    for task in tasks:
        kind, _, rest = task.key.partition(":")
        name, known = {"exercise": (rest, of_exercise), "concept": (rest, of_code)}.get(kind, (task.topic, of_topic))
        found[task.key] = sorted(known.get(name, ())) if kind in _PRACTISE else []
    return found


def _last_portions(tasks: Iterable[PlanTask]) -> Mapping[str, int]:
    """The task that ends the reading of each topic, by the topic's slug; what is read beyond a short plan's text adds
    nothing."""
    ends: dict[str, PlanTask] = {}
    for task in tasks:
        if task.key.startswith("read:") and (task.topic not in ends or ends[task.topic].key == task.key):
            ends[task.topic] = task
    return {topic: task.pk for topic, task in ends.items()}


class _Cards:
    """A learner's cards, spread evenly over the minutes that the plan gives them."""

    def __init__(self, plan: StudyPlan) -> None:
        learner = plan.learner
        own = LearnerCard.objects.of(learner).filter(suspended=False)
        counts = own.exclude(card__concept=None).values_list("card__concept").annotate(Count("pk")).order_by()
        whole = own.count()
        self.shares = {concept: count / whole for concept, count in sorted(counts)}
        self.seconds = seconds_an_answer(learner) * _ANSWERS_A_SHOWING
        self.answer = Answers(settings_of(learner).desired_retention, 0.0, 0.0, SELF_RATED_WEIGHT)
        self.begun: dict[int, float] = dict.fromkeys(self.shares, 0.0)

    def shown_in(self, minutes: int) -> list[int]:
        """The concepts of which a card is answered in these minutes; what is begun counts on later days."""
        showings = minutes * 60 / self.seconds
        shown = []
        for concept, share in self.shares.items():
            self.begun[concept] += share * showings
            if self.begun[concept] >= 1:
                self.begun[concept] %= 1
                shown.append(concept)
        return shown
