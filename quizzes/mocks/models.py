"""Scripts as loaded from the library, and mock interviews as a learner sat them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from concepts.models import Concept, Topic
from quizzes.domain.mocks.script import CODE_KINDS, CRITERIA, KINDS, ROLE_CHOICES, ROLES
from quizzes.mocks.queries import MockInterviewQuerySet, MockRunQuerySet, MockScriptQuerySet

MAX_PAD = 20_000
"""Characters on a pad."""


class MockScript(models.Model):
    """A script of the library, known by its stable slug; what it says is in its versions."""

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=14, choices=list(KINDS.items()))
    title = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField()
    difficulty = models.CharField(max_length=6, choices=[("easy", "Easy"), ("medium", "Medium"), ("hard", "Hard")])
    roles = models.CharField(max_length=80, help_text="Who is asked it: names with spaces between")
    topics = models.ManyToManyField(Topic, related_name="mock_scripts", blank=True)
    concepts = models.ManyToManyField(Concept, related_name="mock_scripts", blank=True)
    current = models.ForeignKey(
        "MockScriptVersion", models.PROTECT, null=True, related_name="+", help_text="What new interviews ask"
    )
    retired = models.BooleanField(default=False, help_text="No longer in the library; past interviews keep it")

    objects = MockScriptQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "title"]

    def __str__(self) -> str:
        return self.slug

    @property
    def role_names(self) -> list[str]:
        return [ROLES[role] for role in self.roles.split() if role in ROLES]


class MockScriptVersion(models.Model):
    """What a script said at a time. Never changed: interviews already sat keep the version they asked."""

    script = models.ForeignKey(MockScript, models.CASCADE, related_name="versions")
    digest = models.CharField(max_length=64)
    content = models.JSONField(help_text="As in the library's file")
    rendered = models.JSONField(help_text="Its texts as HTML")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["script", "digest"], name="one_mock_version_a_content")]

    def __str__(self) -> str:
        return f"{self.script.slug} of {self.created_at:%Y-%m-%d}"


class MockInterview(models.Model):
    """One sitting: the server's clock runs from `started_at` to `deadline`."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mock_interviews")
    version = models.ForeignKey(MockScriptVersion, models.PROTECT, related_name="interviews")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES, blank=True)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, help_text="When it was closed; empty while it runs")
    pad = models.TextField(blank=True, help_text="What was written, in Markdown")
    code = models.TextField(blank=True, help_text="What stands in the editor, where the script has code")
    board = models.JSONField(default=dict, help_text="The drawing's strokes")
    board_svg = models.TextField(blank=True, help_text="The drawing, drawn by the server from the strokes")
    saved_at = models.DateTimeField(null=True)
    measured = models.JSONField(
        default=dict, help_text="At the start, by concept: mastery, and how many answers behind it were not self-rated"
    )

    objects = MockInterviewQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["learner", "-started_at"], name="mock_of_learner")]
        constraints = [
            # One at a time: so a press that comes twice starts one.
            models.UniqueConstraint(fields=["learner"], condition=models.Q(finished_at=None), name="one_mock_runs")
        ]

    def __str__(self) -> str:
        return f"Mock interview of {self.learner} on {self.started_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("mocks:interview", args=[self.pk])

    @property
    def script(self) -> MockScript:
        return self.version.script

    @property
    def content(self) -> dict[str, Any]:
        """The script's text as it was when the interview started."""
        content: dict[str, Any] = self.version.content
        return content

    @property
    def has_code(self) -> bool:
        return self.content["kind"] in CODE_KINDS

    @property
    def own_rating(self) -> MockRating | None:
        """The learner's rating, where there is one."""
        rating: MockRating | None = getattr(self, "rating", None)
        return rating

    @property
    def minutes_taken(self) -> int:
        """Whole minutes from start to end, of a closed interview."""
        return round(((self.finished_at or self.deadline) - self.started_at).total_seconds() / 60)


class Shown(models.TextChoices):
    """What an interviewer says besides the opening question."""

    HINT = "hint", "Hint"
    FOLLOW_UP = "follow_up", "Follow-up"
    FOLLOW_UP_HINT = "follow_up_hint", "Hint for a follow-up"


class MockReveal(models.Model):
    """A hint or follow-up that was shown, and when; number: 1 for the first."""

    interview = models.ForeignKey(MockInterview, models.CASCADE, related_name="reveals")
    what = models.CharField(max_length=14, choices=Shown)
    number = models.PositiveSmallIntegerField()
    shown_at = models.DateTimeField()

    class Meta:
        ordering = ["shown_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["interview", "what", "number"], name="shown_once")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.number} of {self.interview}"


class MockRun(models.Model):
    """One press of Run in an interview. result: what the sandbox said, None while it runs."""

    id = models.UUIDField(primary_key=True)
    interview = models.ForeignKey(MockInterview, models.CASCADE, related_name="runs")
    code = models.TextField()
    passed = models.BooleanField(default=False)
    result: models.JSONField[dict[str, Any] | None] = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = MockRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Run of {self.interview} at {self.created_at:%H:%M:%S}"


def _mark() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(help_text="0 (nothing) to 4 (all that could be asked)")


class Answered(models.TextChoices):
    """How a learner finds that they did at something."""

    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"


def _self_answer() -> models.CharField:
    return models.CharField(max_length=6, choices=Answered, blank=True)


class MockRating(models.Model):
    """What a learner says of an interview of theirs: the rubric, the four self-questions, and each follow-up."""

    interview = models.OneToOneField(MockInterview, models.CASCADE, related_name="rating")
    intuition = _mark()
    derivation = _mark()
    implementation = _mark()
    practice = _mark()
    clarity = _mark()
    explained = _self_answer()
    remembered = _self_answer()
    derived = _self_answer()
    connected = _self_answer()
    note = models.TextField(blank=True)
    follow_ups = models.JSONField(default=dict, help_text="By number: yes, partly or no")
    own_score = models.FloatField(help_text="0 to 1, by the learner's own marks")
    score = models.FloatField(help_text="0 to 1, with the tests where there is code")
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(**{f"{name}__lte": 4}), name=f"mock_{name}_0_to_4")
            for name in CRITERIA
        ]

    def __str__(self) -> str:
        return f"Rating of {self.interview}"

    @property
    def percent(self) -> int:
        return round(100 * self.score)

    @property
    def marks(self) -> dict[str, int]:
        """The marks by the criteria's names."""
        return {name: getattr(self, name) for name in CRITERIA}
