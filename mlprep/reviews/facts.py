"""What a week was like: answers, cards, exercises, minutes, reading, and how each concept and topic went."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from concepts.models import Concept, Topic, TopicPart
from progress.domain.calendar import start_of_day
from progress.domain.mastery import RIGHT_FROM
from progress.domain.weeks import LOW_CONFIDENCE, ReviewWeek, why_more_work
from progress.focus.services import minutes_by_day
from progress.models import Evidence, FocusSession, Note, PartRead, User
from progress.standing import Standing, standing_of
from progress.subjects import Subject, key_of, title_of
from quizzes.exercises.models import ExerciseRun, ExerciseWork
from quizzes.models import Attempt, CardEvent

_AGAIN = 1


@dataclass(slots=True)
class SubjectFacts:
    """How a concept or topic went in the week. before: answers until then, and how many of them were right."""

    subject: Subject
    answers: int = 0
    right: int = 0
    answers_before: int = 0
    right_before: int = 0
    minutes: int = 0
    parts_read: int = 0
    is_finished: bool = False
    note: Note | None = None
    standing: Standing | None = None
    flagged: bool = False

    @property
    def key(self) -> str:
        return key_of(self.subject)

    @property
    def title(self) -> str:
        return title_of(self.subject)

    @property
    def is_concept(self) -> bool:
        return isinstance(self.subject, Concept)

    @property
    def reason(self) -> str:
        """Why the evidence proposes more work, in words, or nothing."""
        return why_more_work(
            answers=self.answers,
            right=self.right,
            review_needed=self.note.review_needed if self.note else False,
            confidence=self.note.confidence if self.note else None,
        )


@dataclass(slots=True)
class WeekFacts:
    """All of a learner's week, counted."""

    week: ReviewWeek
    quizzes: int = 0
    cards: int = 0
    cards_again: int = 0
    solved: list[ExerciseWork] = field(default_factory=list)
    runs: int = 0
    minutes_by_day: list[int] = field(default_factory=list)
    card_minutes: int = 0
    quiz_minutes: int = 0
    subjects: dict[Subject, SubjectFacts] = field(default_factory=dict)

    def about(self, subject: Subject) -> SubjectFacts:
        """The facts of one concept or topic, empty at first."""
        return self.subjects.setdefault(subject, SubjectFacts(subject))

    @property
    def concepts(self) -> list[SubjectFacts]:
        """Concepts that were practised, most answers first."""
        practised = [facts for facts in self.subjects.values() if facts.is_concept and facts.answers]
        return sorted(practised, key=lambda facts: (-facts.answers, facts.key))

    @property
    def topics(self) -> list[SubjectFacts]:
        """Topics that were read in or worked on."""
        return [facts for facts in self.subjects.values() if not facts.is_concept and facts.parts_read + facts.minutes]

    @property
    def finished(self) -> list[SubjectFacts]:
        """Topics of which the last part was read in the week."""
        return [facts for facts in self.subjects.values() if facts.is_finished]

    @property
    def candidates(self) -> list[SubjectFacts]:
        """What may need more work: what the evidence proposes first."""
        return sorted(self.subjects.values(), key=lambda facts: (not facts.reason, not facts.is_concept, facts.key))

    @property
    def proposed(self) -> set[Subject]:
        """What the evidence proposes for more work."""
        return {facts.subject for facts in self.subjects.values() if facts.reason}

    @property
    def reasons(self) -> dict[Subject, str]:
        return {facts.subject: facts.reason for facts in self.subjects.values() if facts.reason}

    @property
    def answers(self) -> int:
        return sum(facts.answers for facts in self.subjects.values())

    @property
    def right(self) -> int:
        return sum(facts.right for facts in self.subjects.values())

    @property
    def focus_minutes(self) -> int:
        return sum(self.minutes_by_day)

    @property
    def parts_read(self) -> int:
        return sum(facts.parts_read for facts in self.subjects.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing was done at all."""
        return not any((self.answers, self.quizzes, self.cards, self.runs, self.focus_minutes, self.parts_read))


def facts_of(learner: User, week: ReviewWeek, *, also: Iterable[Subject] = ()) -> WeekFacts:
    """The week's facts, in a fixed number of queries.

    also: concepts and topics to have facts of, whether or not anything happened to them.
    """
    facts = WeekFacts(week)
    for subject in also:
        facts.about(subject)
    days = (
        start_of_day(week.first, learner.zone, learner.day_begins_at),
        start_of_day(week.last + timedelta(days=1), learner.zone, learner.day_begins_at),
    )
    _count_practice(facts, learner, days)
    _count_reading(facts, learner, days)
    _count_focus(facts, learner)
    _count_answers(facts, learner, days)
    for note in (
        Note.objects.of(learner).filter(Q(review_needed=True) | Q(confidence__lte=LOW_CONFIDENCE)).with_subject()
    ):
        facts.about(note.subject).note = note
    standings = standing_of(learner, [subject for subject in facts.subjects if isinstance(subject, Concept)])
    for subject, about in facts.subjects.items():
        if isinstance(subject, Concept):
            about.standing = standings[subject.pk]
    return facts


Days = tuple[datetime, datetime]


def _count_practice(facts: WeekFacts, learner: User, days: Days) -> None:
    begin, end = days
    attempts = Attempt.objects.of(learner).closed().filter(finished_at__gte=begin, finished_at__lt=end)
    counted = attempts.aggregate(quizzes=Count("pk", distinct=True), seconds=Sum("questions__seconds"))
    facts.quizzes, facts.quiz_minutes = counted["quizzes"], round((counted["seconds"] or 0) / 60)
    cards = (
        CardEvent.objects.of(learner)
        .answers()
        .filter(day__range=(facts.week.first, facts.week.last))
        .aggregate(answers=Count("pk"), again=Count("pk", filter=Q(rating=_AGAIN)), milliseconds=Sum("milliseconds"))
    )
    facts.cards, facts.cards_again = cards["answers"], cards["again"]
    facts.card_minutes = round((cards["milliseconds"] or 0) / 60_000)
    works = ExerciseWork.objects.of(learner).filter(solved_at__gte=begin, solved_at__lt=end)
    facts.solved = list(works.select_related("exercise__topic").only("solved_at", *_EXERCISE).order_by("solved_at"))
    facts.runs = ExerciseRun.objects.of(learner).filter(created_at__gte=begin, created_at__lt=end).count()


_EXERCISE = ("exercise__title", "exercise__slug", "exercise__topic__slug", "exercise__topic__title")


def _count_reading(facts: WeekFacts, learner: User, days: Days) -> None:
    begin, end = days
    reads = list(PartRead.objects.of(learner).filter(read_at__lt=end).values_list("topic_id", "read_at"))
    in_week = Counter(topic for topic, read_at in reads if read_at >= begin)
    until_then = Counter(topic for topic, _ in reads)
    parts = Counter(TopicPart.objects.filter(topic__in=in_week).values_list("topic_id", flat=True))
    for topic in Topic.objects.current().filter(pk__in=in_week):
        about = facts.about(topic)
        about.parts_read = in_week[topic.pk]
        about.is_finished = until_then[topic.pk] >= parts[topic.pk]


def _count_focus(facts: WeekFacts, learner: User) -> None:
    now, week = timezone.now(), facts.week
    by_day = minutes_by_day(learner, week.first, until=week.last, now=now)
    facts.minutes_by_day = [by_day.get(day, 0) for day in week.days()]
    seconds: dict[Subject, float] = defaultdict(float)
    for session in FocusSession.objects.of(learner).filter(day__range=(week.first, week.last)).with_subject():
        seconds[session.subject] += session.seconds_at(now)
    for subject, total in seconds.items():
        facts.about(subject).minutes = round(total / 60)


def _count_answers(facts: WeekFacts, learner: User, days: Days) -> None:
    """Of each concept answered in the week, the answers in it and before it."""
    begin, end = days
    evidence = Evidence.objects.of(learner)
    in_week = Q(happened_at__gte=begin, happened_at__lt=end)
    right = Q(credit__gte=RIGHT_FROM)
    counts = {
        row["concept"]: row
        for row in evidence.filter(happened_at__lt=end)
        .values("concept")
        .annotate(
            answers=Count("pk", filter=in_week),
            right=Count("pk", filter=in_week & right),
            answers_before=Count("pk", filter=~in_week),
            right_before=Count("pk", filter=~in_week & right),
        )
        .order_by("concept")
    }
    wanted = {pk for pk, row in counts.items() if row["answers"]}
    wanted |= {subject.pk for subject in facts.subjects if isinstance(subject, Concept) and subject.pk in counts}
    for concept in Concept.objects.as_list().filter(pk__in=wanted):
        about, row = facts.about(concept), counts[concept.pk]
        about.answers, about.right = row["answers"], row["right"]
        about.answers_before, about.right_before = row["answers_before"], row["right_before"]
