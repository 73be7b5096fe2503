"""The places in the app that the syllabus links to, with how much of each the learner has done."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from concepts.models import Concept, Guide, Topic, TopicPart
from concepts.syllabus.schema import MOCK_KINDS
from progress.models import ItemDone, User
from progress.reading.services import parts_read
from progress.standing import standing_of
from quizzes.exercises.models import Exercise
from quizzes.exercises.presenting import listed

KINDS = ("concepts", "topics", "exercises", "guides", "mocks")
"""The kinds of links of a bullet, as its fields are called, in the order they are shown."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go. share: how much of it the learner has done or knows, 0 to 1; None where that is not measured."""

    title: str
    url: str
    share: float | None = None


Places = Mapping[tuple[str, str], Place]
"""By kind and name, such as ('topics', 'backpropagation')."""


def places_of(learner: User | None) -> Places:
    """Every place that a bullet can link to, in as many queries however many there are."""
    return {
        **{("concepts", name): place for name, place in _concepts(learner)},
        **{("topics", name): place for name, place in _topics(learner)},
        **{("exercises", name): place for name, place in _exercises(learner)},
        **{("guides", name): place for name, place in _guides(learner)},
    }


def mock_place(name: str) -> Place:
    """Where mock interviews of a kind begin, or, for a script's id, that script."""
    if name in MOCK_KINDS:
        return Place(name, f"{reverse('mocks:home')}?kind={name}")
    return Place(name.replace("-", " "), f"{reverse('mocks:scripts')}#{name}")


def _concepts(learner: User | None) -> Iterator[tuple[str, Place]]:
    concepts = list(Concept.objects.as_list())
    standings = standing_of(learner, concepts) if learner else {}
    for concept in concepts:
        share = standings[concept.pk].mastery if standings else None
        yield concept.code, Place(concept.name, concept.get_absolute_url(), share)


def _topics(learner: User | None) -> Iterator[tuple[str, Place]]:
    parts = Counter(TopicPart.objects.values_list("topic_id", flat=True)) if learner else Counter()
    read = parts_read(learner) if learner else Counter[int]()
    for topic in Topic.objects.current():
        share = min(1.0, read[topic.pk] / max(1, parts[topic.pk])) if learner else None
        yield topic.slug, Place(topic.title, topic.get_absolute_url(), share)


def _exercises(learner: User | None) -> Iterator[tuple[str, Place]]:
    for row in listed(Exercise.objects.listed().select_related("topic"), learner):
        share = float(row.state == "solved") if learner else None
        yield str(row.exercise), Place(row.exercise.title, row.exercise.get_absolute_url(), share)


def _guides(learner: User | None) -> Iterator[tuple[str, Place]]:
    """A guide is done as far as its checklist is ticked; without a checklist nothing measures it."""
    ticked = set(ItemDone.objects.of(learner).values_list("guide_id", "item")) if learner else set()
    for guide in Guide.objects.current().only("slug", "title", "checklist", "position"):
        done = [(guide.pk, item) in ticked for item, _ in guide.checklist]
        share = sum(done) / len(done) if learner and done else None
        yield guide.slug, Place(guide.title, reverse("guides:detail", args=[guide.slug]), share)
