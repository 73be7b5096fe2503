"""The course as items for the planner: what a learner has not done yet, at their pace.

What goes first where time is short, by `value`: high priority before medium before low; among equals what interviews,
or those of the learner's role, ask about most, and what is known least. Of a topic comes first its overview, on which
others build; then its interview questions, first exercise, quiz and proofs, then the rest of the text. So a short plan
goes through all phases of the course and shortens each topic, instead of ending after the first phase.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from concepts.models import Concept, Priority, Topic
from mlprep.plan.course import Course
from mlprep.plan.paces import Paces
from progress.domain.plan.items import HIGH, LOW, MEDIUM, REST, Item, Kind, Layer, LeftOut, Window
from progress.domain.plan.pace import at_pace
from progress.models import ReviewRequest
from progress.standing import Standing
from quizzes.models import Exercise

RANKS = {Priority.HIGH.value: HIGH, Priority.MEDIUM.value: MEDIUM, Priority.LOW.value: LOW}
QUIZ_MINUTES, CONCEPT_MINUTES, DERIVE_MINUTES, ALOUD_MINUTES, REQUEST_MINUTES = 10, 10, 12, 8, 10
_PER_TOPIC, _PER_TRACKER_WEEK = 100, 262
"""The tracker's eight weeks are spread over the course's 21 topics."""
_LAYERS = (
    (12, frozenset({"overview"})),
    (9, frozenset({"interview-questions"})),
    (5, frozenset({"mathematical-foundation", "common-mistakes"})),
)
"""Parts of a topic's text that are taken up together, and by how much they are worth more than its topic."""
LEARNT_BY = frozenset({"overview", "interview-questions"})
"""Who has read these parts has learnt the topic, so far that it is reviewed."""
_REST, _QUIZ = -4, 6
_EXERCISES = (8, 0)
"""The first exercises of a topic; all further ones count as little as a topic of medium priority."""
_FURTHER, _OF_ROLE, _ASKED_MOST = -12, 4, 2
_REHEARSALS = 8_000
_REHEARSED = [
    ("derive", "Derive on paper", DERIVE_MINUTES, Window.REHEARSAL),
    ("aloud", "Answer the interview questions aloud", ALOUD_MINUTES, Window.ALOUD),
]
MASTERED = "You have mastered its concepts already"


@dataclass(frozen=True)
class Known:
    """What a learner has done, as far as items go. role: slugs of the topics that it is asked about most.

    asked_most: slugs of those that nearly every interview asks about.
    """

    standings: Mapping[int, Standing]
    parts_read: Mapping[str, set[str]] = field(default_factory=dict)
    solved: set[str] = field(default_factory=set)
    done: frozenset[str] = frozenset()
    pieces_done: Mapping[str, set[str]] = field(default_factory=dict)
    paces: Paces = field(default_factory=Paces)
    role: frozenset[str] = frozenset()
    asked_most: frozenset[str] = frozenset()
    has_interview: bool = False


class Items:
    """Makes the items of one learner's plan; `aside` has those that are not worth placing."""

    def __init__(self, course: Course, known: Known, begins: Mapping[str, date] | None = None) -> None:
        """begins: the days on which a fixed schedule begins its topics; without them everything is the planner's."""
        self.course, self.known, self.begins = course, known, begins
        self.window = Window.PRACTICE if begins is not None else Window.LEARNING
        self.aside: list[LeftOut] = []
        self.concepts = {concept.pk: concept for concept in course.concepts}
        self.topics = {topic.pk: topic for topic in course.topics}

    def all(self) -> list[Item]:
        """Every item that is not done yet."""
        items = [item for topic in self.course.topics for item in self._of_topic(topic)]
        items += [self._concept(one) for one in self.course.concepts if one.pk not in self.course.taught]
        return [item for item in items if item.key not in self.known.done]

    def _of_topic(self, topic: Topic) -> list[Item]:
        items = [item for item in (self._reading(topic), self._quiz(topic)) if item]
        items += [
            self._exercise(topic, exercise, place)
            for place, exercise in enumerate(self.course.exercises.get(topic.pk, ()))
            if f"{topic.slug}/{exercise.slug}" not in self.known.solved
        ]
        return items + (self._rehearsals(topic) if self.known.has_interview else [])

    def _reading(self, topic: Topic) -> Item | None:
        parts = self.course.parts.get(topic.pk, ())
        read = self.known.parts_read.get(topic.slug, set())
        ratio = topic.minutes / max(1, sum(minutes for _, minutes in parts)) * self.known.paces.reading
        pieces = tuple((slug, at_pace(minutes, ratio)) for slug, minutes in parts if slug not in read)
        if not pieces:
            return None
        before = [self.topics[pk] for pk in self.course.topic_needs.get(topic.pk, ()) if pk in self.topics]
        layers = self._layers(topic, [slug for slug, _ in pieces])
        is_begun = bool(read & _first_layer([slug for slug, _ in parts]))
        item = Item(
            key=f"read:{topic.slug}{REST if is_begun else ''}",
            kind=Kind.READ,
            title=topic.title,
            minutes=sum(minutes for _, minutes in pieces),
            value=max(layer.value for layer in layers),
            order=_PER_TOPIC * topic.number,
            priority=self._priority(topic),
            needs=tuple(sorted(f"read:{other.slug}" for other in before)),
            pieces=pieces,
            topic=topic.slug,
            concepts=frozenset(self.course.codes_of_topic[topic.slug]),
            window=self.window,
            not_before=self._begin(topic),
            layers=layers,
        )
        if not read and self._is_mastered(topic):
            self.aside.append(LeftOut(item.key, item.title, item.minutes, MASTERED, item.concepts))
            return None
        return item

    def _layers(self, topic: Topic, parts: Sequence[str]) -> tuple[Layer, ...]:
        """What is left of a topic's text, in layers."""
        value, named = self._value(topic), {slug for _, slugs in _LAYERS for slug in slugs}
        groups = [(more, [slug for slug in parts if slug in slugs]) for more, slugs in _LAYERS]
        groups.append((_REST, [slug for slug in parts if slug not in named]))
        return tuple(Layer(value + more, tuple(slugs)) for more, slugs in groups if slugs)

    def _quiz(self, topic: Topic) -> Item | None:
        if not (concepts := self.course.codes_of_topic[topic.slug]):
            return None
        return Item(
            key=f"quiz:{topic.slug}",
            kind=Kind.QUIZ,
            title=topic.title,
            minutes=QUIZ_MINUTES,
            value=self._value(topic) + _QUIZ,
            order=_PER_TOPIC * topic.number + 60,
            priority=self._priority(topic),
            needs=(f"read:{topic.slug}",),
            topic=topic.slug,
            concepts=frozenset(concepts),
            window=Window.PRACTICE,
            not_before=self._begin(topic),
        )

    def _exercise(self, topic: Topic, exercise: Exercise, place: int) -> Item:
        codes = self.course.codes_in(self.course.exercise_concepts.get(exercise.pk, ()))
        return Item(
            key=f"exercise:{topic.slug}/{exercise.slug}",
            kind=Kind.EXERCISE,
            title=exercise.title,
            minutes=at_pace(exercise.minutes, self.known.paces.exercises),
            value=self._value(topic) + (_EXERCISES[place] if place < len(_EXERCISES) else _FURTHER),
            order=_PER_TOPIC * topic.number + 1 + place,
            priority=self._priority(topic),
            needs=(f"read:{topic.slug}",),
            topic=topic.slug,
            concepts=frozenset(codes),
            window=Window.PRACTICE,
            not_before=self._begin(topic),
        )

    def _rehearsals(self, topic: Topic) -> list[Item]:
        """For the last two weeks: derivations on paper and interview questions aloud, the least known topics first."""
        weakness = round(20 * self._mastery(topic))
        return [
            Item(
                key=f"{name}:{topic.slug}",
                kind=Kind.FREE,
                title=f"{title}: {topic.title}",
                minutes=minutes,
                value=self._value(topic),
                order=_REHEARSALS + stage * 1_000 + weakness * 20 + topic.number,
                priority=self._priority(topic),
                needs=(f"read:{topic.slug}",),
                topic=topic.slug,
                window=window,
            )
            for stage, (name, title, minutes, window) in enumerate(_REHEARSED)
        ]

    def _concept(self, concept: Concept) -> Item:
        """A concept that no topic teaches: its page, answer and a few questions."""
        needs = [self._key_of(pk) for pk in self.course.concept_needs.get(concept.pk, ()) if pk in self.concepts]
        mastery = self.known.standings[concept.pk].mastery if concept.pk in self.known.standings else 0.0
        priority = RANKS[concept.priority]
        return Item(
            key=f"concept:{concept.code}",
            kind=Kind.READ,
            title=concept.name,
            minutes=at_pace(CONCEPT_MINUTES, self.known.paces.reading),
            value=10 * priority + round(3 * (1 - mastery)),
            order=_PER_TRACKER_WEEK * concept.week + 50,
            priority=priority,
            needs=tuple(sorted({need for need in needs if need})),
            concepts=frozenset({concept.code}),
            window=self.window,
        )

    def _key_of(self, concept: int) -> str:
        topic = self.course.taught.get(concept)
        return f"read:{topic.slug}" if topic else f"concept:{self.concepts[concept].code}"

    def _value(self, topic: Topic) -> int:
        asked = _OF_ROLE * (topic.slug in self.known.role) + _ASKED_MOST * (topic.slug in self.known.asked_most)
        return 10 * self._priority(topic) + asked + round(3 * (1 - self._mastery(topic)))

    def _priority(self, topic: Topic) -> int:
        ranks = [RANKS[self.concepts[pk].priority] for pk in self._concepts_of(topic)]
        return max(ranks, default=MEDIUM)

    def _mastery(self, topic: Topic) -> float:
        known = [self.known.standings[pk].mastery for pk in self._concepts_of(topic) if pk in self.known.standings]
        return sum(known) / len(known) if known else 0.0

    def _is_mastered(self, topic: Topic) -> bool:
        known = [self.known.standings.get(pk) for pk in self._concepts_of(topic)]
        return bool(known) and all(standing is not None and standing.mastered for standing in known)

    def _concepts_of(self, topic: Topic) -> Sequence[int]:
        return [pk for pk in self.course.topic_concepts.get(topic.pk, ()) if pk in self.concepts]

    def _begin(self, topic: Topic) -> date | None:
        return self.begins.get(topic.slug) if self.begins is not None else None


def _first_layer(parts: Collection[str]) -> set[str]:
    """Of a text's parts those on which others build; all of them where it has no overview."""
    return set(parts) & _LAYERS[0][1] or set(parts)


def learnt_by(parts: Collection[str]) -> set[str]:
    """Of a text's parts those that make it learnt; all of them where it has not both."""
    return set(LEARNT_BY) if set(parts) >= LEARNT_BY else set(parts)


def asked_again(requests: Sequence[ReviewRequest]) -> list[Item]:
    """What a mock interview or a weekly review asked to be looked at again; it comes before anything new."""
    return [
        Item(
            key=f"request:{request.pk}:{request.concept.code if request.concept else ''}",
            kind=Kind.REVIEW,
            title=request.topic.title if request.topic else str(request.concept and request.concept.name),
            minutes=REQUEST_MINUTES,
            value=100,
            order=place,
            priority=HIGH,
            topic=request.topic.slug if request.topic else "",
            window=Window.PRACTICE,
        )
        for place, request in enumerate(requests)
    ]
