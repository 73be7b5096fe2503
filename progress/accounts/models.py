"""Who learns here, and who may come in."""

import secrets
from calendar import day_name
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from progress.domain.calendar import DEFAULT_ROLLOVER, learner_day
from progress.domain.weeks import SUNDAY

INVITATION_LIFETIME = timedelta(days=14)


TIME_FACTORS = [(1.0, "As given"), (1.25, "A quarter more"), (1.5, "Half more"), (2.0, "Twice as much")]


class Digest(models.TextChoices):
    """How often a letter says what there is to do."""

    OFF = "off", "Never"
    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Once a week"


class User(AbstractUser):
    """A learner; moderators look after comments, staff administer the installation.

    Names are in lower case, as sign-in looks them up.
    """

    time_factor = models.FloatField(
        "time for quizzes",
        choices=TIME_FACTORS,
        default=1.0,
        help_text="Stretches the minutes of every timed quiz you start.",
    )

    time_zone = models.CharField(
        max_length=64, blank=True, help_text="Where your days begin and end; empty for the server's own."
    )
    day_begins_at = models.PositiveSmallIntegerField(
        "the day begins at",
        default=DEFAULT_ROLLOVER,
        validators=[MaxValueValidator(23)],
        help_text="The hour at which cards of a new day are due.",
    )

    interview_date = models.DateField(null=True, blank=True, help_text="What the schedule aims at; empty for none.")

    review_weekday = models.PositiveSmallIntegerField(
        "the weekly review is on",
        choices=list(enumerate(day_name)),
        default=SUNDAY,
        help_text="The day on which you look back on the week.",
    )

    digest = models.CharField(
        "e-mail with what there is to do",
        max_length=6,
        choices=Digest,
        default=Digest.OFF,
        help_text="Goes to your e-mail address; each has a link that stops it.",
    )
    digest_sent_on = models.DateField(null=True, blank=True, editable=False)

    is_moderator = models.BooleanField(
        "moderator",
        db_default=False,
        default=False,
        help_text="Looks after comments: reads reports, hides, approves. Administrators may do so anyway.",
    )

    password_withdrawn = False
    """Whether this copy was made one that no password lets in, which is not saved yet."""

    def set_unusable_password(self) -> None:
        super().set_unusable_password()
        self.password_withdrawn = True

    @property
    def may_moderate(self) -> bool:
        """Whether the user looks after comments: moderators, and administrators as they may do everything."""
        return self.is_active and (self.is_moderator or self.is_staff or self.is_superuser)

    @property
    def zone(self) -> ZoneInfo:
        """The learner's time zone."""
        return ZoneInfo(self.time_zone or settings.TIME_ZONE)

    def day_of(self, moment: datetime) -> date:
        """The learner's day that a moment falls into."""
        return learner_day(moment, self.zone, self.day_begins_at)

    @classmethod
    def normalize_username(cls, username: str) -> str:
        return super().normalize_username(username).lower()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def usable(self, now: datetime) -> Self:
        return self.filter(accepted_by=None, created_at__gt=now - INVITATION_LIFETIME)


def new_invitation_code() -> str:
    return secrets.token_urlsafe(16)


class Invitation(models.Model):
    """A link with which one person may sign up within two weeks."""

    code = models.CharField(max_length=22, unique=True, default=new_invitation_code, editable=False)
    note = models.CharField(max_length=200, blank=True, help_text="Whom it is for; only administrators see it")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Goes with its user: without one it would be open to be used a second time.
    accepted_by = models.OneToOneField(
        User, models.CASCADE, null=True, blank=True, editable=False, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    @property
    def path(self) -> str:
        """The address of the sign-up page with the code, without the site."""
        return f"{reverse('account_signup')}?invitation={self.code}"

    def __str__(self) -> str:
        return self.note or f"Invitation of {self.created_at:%d %B %Y}"


class Scope(models.TextChoices):
    """What a program may do with a token."""

    READ = "read", "Read only"
    WRITE = "write", "Read and write"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def live(self, now: datetime) -> Self:
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), learner__is_active=True)


class ApiToken(models.Model):
    """What a program sends to act as a learner. Only a digest of it is kept: nobody can read it again."""

    learner = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60, help_text="What it is for")
    scope = models.CharField("may", max_length=5, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256, in hexadecimal")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="To the hour")

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        ordering = ["-created_at", "-pk"]

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def __str__(self) -> str:
        return f"{self.name} ({self.get_scope_display().lower()})"
