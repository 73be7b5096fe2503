"""Cards, and each learner's memory of them."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from concepts.models import Concept
from quizzes.domain.cards import LONGEST_INTERVAL, CardState, State
from quizzes.domain.flags import FLAGS
from quizzes.domain.fsrs import ALGORITHM, RETENTION_MAX, RETENTION_MIN
from quizzes.domain.generators import GENERATORS

CARD_KINDS = {
    "formula": "Formula from name",
    "name": "Name from formula",
    "interview": "Interview question",
    "fact": "Key fact",
    "cloze": "Blank",
    "mistake": "Common mistake",
    "when": "When to use",
    "generated": "New numbers each time",
    "own": "Own card",
}


class CardQuerySet(models.QuerySet["Card"]):
    def in_library(self) -> Self:
        """What the library holds now."""
        return self.filter(owner=None, retired=False)

    def of(self, learner: object) -> Self:
        """The learner's own."""
        return self.filter(owner=learner)


class Card(models.Model):
    """Two sides with one fact. A library card is known by its slug; a card without one belongs to its owner."""

    slug = models.SlugField(max_length=120, unique=True, null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="own_cards")
    concept = models.ForeignKey(Concept, models.CASCADE, null=True, related_name="cards")
    kind = models.CharField(max_length=10, choices=list(CARD_KINDS.items()))
    siblings = models.CharField(max_length=120, help_text="Cards of one word here are not shown on one day")
    content = models.JSONField(help_text="Markdown: front and back; or the generator")
    front_html = models.TextField()
    back_html = models.TextField()
    revision = models.PositiveSmallIntegerField(default=1, help_text="Rises when the meaning changes")
    position = models.PositiveIntegerField(default=0, help_text="Place among new cards: week, page, file")
    questions = models.JSONField(default=list, help_text="Slugs of questions that test the same fact")
    tags = models.JSONField(default=list)
    retired = models.BooleanField(default=False, help_text="No longer in the library; reviewed by those who know it")
    created_at = models.DateTimeField(default=timezone.now)

    objects = CardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__isnull=False, owner=None) | Q(slug=None, owner__isnull=False),
                name="card_of_library_or_learner",
            )
        ]

    def __str__(self) -> str:
        return self.slug or f"Card {self.pk} of {self.owner}"

    @property
    def title(self) -> str:
        """The front's source on one line, or what the generator asks."""
        if generator := self.content.get("generator"):
            return GENERATORS[generator].title if generator in GENERATORS else str(generator)
        return " ".join(self.content["front"].split())

    @property
    def title_html(self) -> str:
        """The front as it is shown, for a list; empty where there is none or it has links of its own."""
        return "" if "<a " in self.front_html else self.front_html


class CardTextQuerySet(models.QuerySet["CardText"]):
    def of(self, learner: object) -> Self:
        return self.filter(learner=learner)


class CardText(models.Model):
    """A learner's own wording of a library card; the library's stays as it is."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="card_texts")
    card = models.ForeignKey(Card, models.CASCADE, related_name="own_texts")
    front = models.TextField()
    back = models.TextField()
    front_html = models.TextField()
    back_html = models.TextField()

    objects = CardTextQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "card"], name="one_own_text_a_card")]

    def __str__(self) -> str:
        return f"{self.card} in the words of {self.learner}"


class LearnerCardQuerySet(models.QuerySet["LearnerCard"]):
    def of(self, learner: object) -> Self:
        return self.filter(learner=learner)

    def self_written(self) -> Self:
        """Cards that their learner wrote."""
        return self.filter(card__owner=models.F("learner"))

    def active(self, today: date) -> Self:
        """Neither suspended nor buried until another day."""
        return self.filter(Q(buried_until=None) | Q(buried_until__lte=today), suspended=False)

    def new(self) -> Self:
        return self.filter(state=State.NEW)

    def in_steps(self) -> Self:
        """Learning or relearning."""
        return self.filter(state__in=[State.LEARNING, State.RELEARNING])

    def due(self, today: date) -> Self:
        """Reviews whose day has come."""
        return self.filter(state=State.REVIEW, due_on__lte=today)


class LearnerCard(models.Model):
    """A card in one learner's collection: its memory, and when it comes next."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="cards")
    card = models.ForeignKey(Card, models.CASCADE, related_name="of_learners")
    state = models.CharField(max_length=10, choices=[(state, state.title()) for state in State], default=State.NEW)
    step = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, help_text="When its learning step is over")
    due_on = models.DateField(null=True, help_text="The learner's day of the next review")
    last_on = models.DateField(null=True, help_text="The learner's day of the last review")
    stability = models.FloatField(null=True)
    difficulty = models.FloatField(null=True)
    interval = models.PositiveIntegerField(default=0, help_text="Days, as scheduled last")
    reps = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0, help_text="Place among new cards")
    suspended = models.BooleanField(default=False)
    buried_until = models.DateField(null=True)
    flag = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(7)])
    tags = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), help_text="The learner's own, beside the card's"
    )
    version = models.PositiveIntegerField(default=0, help_text="Counts changes, so that a stale page is noticed")

    objects = LearnerCardQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "card"], name="card_once_a_learner")]
        indexes = [
            models.Index(fields=["learner", "state", "due_on"], name="card_reviews_due"),
            models.Index(fields=["learner", "state", "due_at"], name="card_steps_due"),
            models.Index(fields=["learner", "state", "position"], name="card_new_in_order"),
            models.Index(fields=["learner", "last_on"], name="card_seen_on"),
        ]

    def __str__(self) -> str:
        return f"{self.card} of {self.learner}"

    @property
    def flag_colour(self) -> str:
        """Of its flag; empty for none."""
        return FLAGS.get(self.flag, "")

    @property
    def memory_state(self) -> CardState:
        """Where the card stands, for the scheduler."""
        return CardState(
            state=State(self.state),
            step=self.step,
            due_at=self.due_at,
            due_on=self.due_on,
            last_on=self.last_on,
            stability=self.stability,
            difficulty=self.difficulty,
            interval=self.interval,
            reps=self.reps,
            lapses=self.lapses,
        )


class EventKind(models.TextChoices):
    """What happened to a card."""

    ANSWER = "answer", "Answered"
    SUSPEND = "suspend", "Suspended"
    UNSUSPEND = "unsuspend", "Taken up again"
    BURY = "bury", "Put off to the next day"
    UNBURY = "unbury", "Taken back"
    SET_DUE = "set_due", "Due date set"
    RESET = "reset", "Begun anew"
    FLAG = "flag", "Flagged"
    TAG = "tag", "Tagged"
    RESCHEDULE = "reschedule", "Rescheduled"
    MEANING = "meaning", "Meaning changed in the library"
    QUIZ = "quiz", "Answered in a quiz"
    UNDO = "undo", "Undone"


class CardEventQuerySet(models.QuerySet["CardEvent"]):
    def of(self, learner: object) -> Self:
        return self.filter(learner=learner)

    def standing(self) -> Self:
        """What was not undone, without the undoing itself."""
        return self.filter(undone_by=None).exclude(kind=EventKind.UNDO)

    def answers(self) -> Self:
        return self.standing().filter(kind=EventKind.ANSWER)


class CardEvent(models.Model):
    """One change of a learner's card. The log is only ever added to: undoing is an event of its own."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="card_events")
    card = models.ForeignKey(LearnerCard, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=EventKind)
    key = models.CharField(max_length=64, help_text="Made by the page; one key is recorded once")
    batch = models.CharField(max_length=64, blank=True, help_text="What was done at once is undone at once")
    happened_at = models.DateTimeField()
    day = models.DateField(help_text="The learner's day")
    state_before = models.CharField(max_length=10)
    rating = models.PositiveSmallIntegerField(null=True, help_text="1 again to 4 easy")
    milliseconds = models.PositiveIntegerField(null=True, help_text="From the front to the rating, capped")
    before = models.JSONField(help_text="The whole state before")
    after = models.JSONField(help_text="The whole state after")
    algorithm = models.CharField(max_length=12, default=ALGORITHM)
    weights_version = models.PositiveIntegerField(default=0, help_text="0 for the default weights")
    undoes = models.OneToOneField("self", models.CASCADE, null=True, related_name="undone_by")

    objects = CardEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "key"], name="card_event_once")]
        indexes = [
            models.Index(fields=["learner", "day", "kind"], name="card_events_of_day"),
            models.Index(fields=["learner", "id"], name="card_events_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.card}"


class NewOrder(models.TextChoices):
    WEEK = "week", "By the tracker's week"
    PRIORITY = "priority", "High priority first"
    RANDOM = "random", "At random"


class ReviewOrder(models.TextChoices):
    OVERDUE = "overdue", "Longest overdue first"
    RETRIEVABILITY = "retrievability", "Nearest to being forgotten first"
    RANDOM = "random", "At random"


def normal_days() -> list[float]:
    return [1.0] * 7


def learning_steps() -> list[int]:
    return [1, 10]


def relearning_steps() -> list[int]:
    return [10]


class FlashcardSettingsQuerySet(models.QuerySet["FlashcardSettings"]):
    def of(self, learner: object) -> Self:
        return self.filter(learner=learner)


class FlashcardSettings(models.Model):
    """How a learner wants cards scheduled; no row means the defaults."""

    learner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="flashcard_settings")
    desired_retention = models.FloatField(
        default=0.9, validators=[MinValueValidator(RETENTION_MIN), MaxValueValidator(RETENTION_MAX)]
    )
    new_per_day = models.PositiveSmallIntegerField(default=12, validators=[MaxValueValidator(999)])
    reviews_per_day = models.PositiveSmallIntegerField(default=200, validators=[MaxValueValidator(9999)])
    learning_steps = models.JSONField(default=learning_steps, help_text="Minutes")
    relearning_steps = models.JSONField(default=relearning_steps, help_text="Minutes")
    maximum_interval = models.PositiveIntegerField(
        default=LONGEST_INTERVAL, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_INTERVAL)]
    )
    new_order = models.CharField(max_length=8, choices=NewOrder, default=NewOrder.WEEK)
    review_order = models.CharField(max_length=14, choices=ReviewOrder, default=ReviewOrder.OVERDUE)
    minutes_a_day = models.PositiveSmallIntegerField(
        default=30, validators=[MinValueValidator(1), MaxValueValidator(1440)], help_text="For the interview date"
    )
    waits_for_prerequisites = models.BooleanField(default=True)
    two_buttons = models.BooleanField(default=False)
    easiness = models.JSONField(default=normal_days, help_text="Monday to Sunday: 1 as any day, 0.5 fewer, 0 none")
    weights = models.JSONField(null=True, help_text="The learner's own, once fitted")
    weights_version = models.PositiveIntegerField(default=0)

    objects = FlashcardSettingsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "flashcard settings"

    def __str__(self) -> str:
        return f"Flashcard settings of {self.learner}"

    @property
    def steps(self) -> tuple[list[timedelta], list[timedelta]]:
        """Learning and relearning steps."""
        learning, relearning = (
            [timedelta(minutes=minutes) for minutes in steps] for steps in (self.learning_steps, self.relearning_steps)
        )
        return learning, relearning


class FitState(models.TextChoices):
    """How far a fit is."""

    WAITING = "waiting", "Waiting for its turn"
    RUNNING = "running", "Fitting"
    APPLIED = "applied", "In use"
    NO_BETTER = "no_better", "No better than what you have"
    UNDONE = "undone", "Undone"
    FAILED = "failed", "Failed"


UNDER_WAY = [FitState.WAITING, FitState.RUNNING]

LONGEST_FIT = timedelta(days=1)
"""A fit takes seconds, and the queue sees it to its end; what is older was lost with a database's restore."""


class WeightsFitQuerySet(models.QuerySet["WeightsFit"]):
    def of(self, learner: object) -> Self:
        return self.filter(learner=learner)

    def under_way(self, now: datetime) -> Self:
        """Begun and not ended; what was lost does not count for ever."""
        return self.filter(state__in=UNDER_WAY, created_at__gt=now - LONGEST_FIT)


class WeightsFit(models.Model):
    """One fit of the weights to a learner's log; the former weights stay with it, so that it can be undone."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="weights_fits")
    state = models.CharField(max_length=9, choices=FitState, default=FitState.WAITING)
    share = models.FloatField(default=0.0, help_text="How much of it is done, 0 to 1", db_default=0.0)
    created_at = models.DateTimeField(default=timezone.now)
    reviews = models.PositiveIntegerField(default=0)
    weights = models.JSONField(null=True)
    former_weights = models.JSONField(null=True, help_text="Empty for the defaults")
    former_version = models.PositiveIntegerField(default=0)
    qualities = models.JSONField(default=dict, help_text="Of the fit, the current weights and a moving average")

    objects = WeightsFitQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return round(100 * self.share)

    def __str__(self) -> str:
        return f"Fit of {self.learner} on {self.created_at:%Y-%m-%d}"
