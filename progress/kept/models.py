"""Texts kept aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from progress.accounts.models import User


class KeptTextQuerySet(models.QuerySet["KeptText"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def at(self, *places: str) -> Self:
        return self.filter(place__in=places)


class KeptText(models.Model):
    """What was typed on a page while another page had changed the same text: both are there to choose from."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="kept_texts")
    place = models.CharField(max_length=80, help_text="Where it belongs, such as note:12")
    page = models.CharField(max_length=32, help_text="The page it was typed on; one page keeps one text a place")
    body = models.TextField()
    kept_at = models.DateTimeField(default=timezone.now)

    objects = KeptTextQuerySet.as_manager()

    class Meta:
        ordering = ["kept_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["learner", "place", "page"], name="a_page_keeps_one_text")]

    def __str__(self) -> str:
        return f"{self.learner}: {self.place}"
