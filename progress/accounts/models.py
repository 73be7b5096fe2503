"""Who learns here, and who may come in."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.urls import reverse
from django.utils import timezone

INVITATION_LIFETIME = timedelta(days=14)


TIME_FACTORS = [(1.0, "As given"), (1.25, "A quarter more"), (1.5, "Half more"), (2.0, "Twice as much")]


class User(AbstractUser):
    """A learner; staff administer the installation. Names are in lower case, as sign-in looks them up."""

    time_factor = models.FloatField(
        "time for quizzes",
        choices=TIME_FACTORS,
        default=1.0,
        help_text="Stretches the minutes of every timed quiz you start.",
    )

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
