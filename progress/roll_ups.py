"""Mastery of many concepts together: of a section, a topic, a priority, a week, of everything; and what to expect."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.contrib.auth.models import AnonymousUser

from concepts.models import Concept, Priority, Section, Subsection, Topic
from progress.domain.mastery import PRIORITY_WEIGHT, group_mastery
from progress.facts import GroupStanding, Mastery, Standing, WeekStanding
from progress.models import User
from progress.standing import Practice, group_facts, standing_of, weeks_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp(GroupStanding):
    """A learner's standing with the concepts of a section, topic and so on.

    what: that section or topic; None for everything. parts: the same for its parts, such as a section's sub-sections.
    """

    name: str
    what: Section | Subsection | Topic | Priority | None = None
    parts: Sequence["RollUp"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected(Mastery):
    """The share of answers to expect right, 0 to 1, and between which it lies with 90 %."""

    @property
    def share(self) -> float:
        return self.mastery

    def __float__(self) -> float:
        return self.share


@dataclass(frozen=True, slots=True)
class Overview:
    """A learner's mastery from all sides."""

    overall: RollUp
    weeks: Sequence[WeekStanding]
    sections: Sequence[RollUp]
    priorities: Sequence[RollUp]
    topics: Sequence[RollUp]


def overview_of(learner: User, *, at: datetime | None = None) -> Overview:
    """The learner's mastery of everything, by week, section, priority and topic; at a moment to come if given."""
    concepts = list(Concept.objects.order_by("week", "position").only("pk", "week", "priority", "subsection_id"))
    standings = standing_of(learner, concepts, at=at)
    by_pk = {concept.pk: concept for concept in concepts}
    by_topic: dict[int, list[Concept]] = defaultdict(list)
    for topic, concept in Topic.concepts.through.objects.values_list("topic_id", "concept_id"):
        by_topic[topic].append(by_pk[concept])
    return Overview(
        overall=_roll_up("Everything", None, concepts, standings),
        weeks=weeks_of(concepts, standings),
        sections=_sections(concepts, standings),
        priorities=[
            _roll_up(f"{priority.label} priority", priority, group, standings)
            for priority in Priority
            if (group := [concept for concept in concepts if concept.priority == priority])
        ],
        topics=[
            _roll_up(str(topic), topic, by_topic[topic.pk], standings)
            for topic in Topic.objects.current()
            if topic.pk in by_topic
        ],
    )


def expected_share(
    learner: User | AnonymousUser,
    concepts: Sequence[Concept],
    *,
    at: datetime | None = None,
    practice: Practice = MappingProxyType({}),
) -> Expected:
    """The share of right answers to expect of the learner on these concepts, weighted by priority.

    Of items of middle difficulty that cannot be guessed, one a concept; at a moment to come if `at` is given, with
    the practice until then that is named (`standing_of`). What nothing is known of counts by what is known of the rest.
    """
    standings = standing_of(learner, concepts, at=at, practice=practice)
    each = [standings[concept.pk] for concept in concepts]
    whole = group_mastery(
        [standing.probability for standing in each],
        [standing.low for standing in each],
        [standing.high for standing in each],
        [PRIORITY_WEIGHT[concept.priority] for concept in concepts],
    )
    return Expected(mastery=whole.mastery, low=whole.low, high=whole.high)


def _sections(concepts: Iterable[Concept], standings: Mapping[int, Standing]) -> list[RollUp]:
    groups: dict[int, list[Concept]] = defaultdict(list)
    for concept in concepts:
        groups[concept.subsection_id].append(concept)
    rows: dict[Section, list[Subsection]] = defaultdict(list)
    for subsection in Subsection.objects.with_section():
        if subsection.pk in groups:
            rows[subsection.section].append(subsection)
    return [
        _roll_up(
            section.name,
            section,
            [concept for subsection in subsections for concept in groups[subsection.pk]],
            standings,
            [_roll_up(part.name, part, groups[part.pk], standings) for part in subsections],
        )
        for section, subsections in rows.items()
    ]


def _roll_up(
    name: str,
    what: Section | Subsection | Topic | Priority | None,
    concepts: Sequence[Concept],
    standings: Mapping[int, Standing],
    parts: Sequence[RollUp] = (),
) -> RollUp:
    return RollUp(name=name, what=what, parts=parts, **group_facts(concepts, standings))
