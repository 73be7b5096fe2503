"""The course as a plan needs it: topics with their parts, exercises and concepts, asked for once each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from concepts.models import Concept, Topic, TopicPart
from quizzes.models import Exercise

Pairs = Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class Course:
    """Everything that a learner may learn; sides by primary keys."""

    topics: Sequence[Topic]
    topic_needs: Pairs
    topic_concepts: Pairs
    parts: Mapping[int, Sequence[tuple[str, int]]]
    exercises: Mapping[int, Sequence[Exercise]]
    exercise_concepts: Pairs
    concepts: Sequence[Concept]
    concept_needs: Pairs

    @cached_property
    def codes(self) -> Mapping[int, str]:
        return {concept.pk: concept.code for concept in self.concepts}

    @cached_property
    def codes_of_topic(self) -> Mapping[str, list[str]]:
        """Codes of a topic's concepts, by its slug."""
        return {topic.slug: self.codes_in(self.topic_concepts.get(topic.pk, ())) for topic in self.topics}

    def codes_in(self, keys: Sequence[int]) -> list[str]:
        """The codes of concepts by their primary keys."""
        return [self.codes[key] for key in keys if key in self.codes]

    @cached_property
    def taught(self) -> Mapping[int, Topic]:
        """The first topic that teaches a concept, by the concept's primary key."""
        first: dict[int, Topic] = {}
        for topic in self.topics:
            for concept in self.topic_concepts.get(topic.pk, ()):
                first.setdefault(concept, topic)
        return first


def course() -> Course:
    """The course as the library has it now, in eight queries."""
    parts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for topic, slug, minutes in TopicPart.objects.order_by("position").values_list("topic_id", "slug", "minutes"):
        parts[topic].append((slug, minutes))
    exercises: dict[int, list[Exercise]] = defaultdict(list)
    for exercise in Exercise.objects.listed().select_related("topic"):
        exercises[exercise.topic_id].append(exercise)
    return Course(
        topics=list(Topic.objects.current()),
        topic_needs=_pairs(Topic.prerequisites.through.objects.values_list("from_topic_id", "to_topic_id")),
        topic_concepts=_pairs(Topic.concepts.through.objects.values_list("topic_id", "concept_id")),
        parts=parts,
        exercises=exercises,
        exercise_concepts=_pairs(Exercise.concepts.through.objects.values_list("exercise_id", "concept_id")),
        concepts=list(Concept.objects.as_list()),
        concept_needs=_pairs(Concept.prerequisites.through.objects.values_list("from_concept_id", "to_concept_id")),
    )


def _pairs(rows: object) -> Pairs:
    pairs: dict[int, list[int]] = defaultdict(list)
    for one, other in sorted(rows):  # type: ignore[call-overload]  # a queryset of pairs
        pairs[one].append(other)
    return pairs
