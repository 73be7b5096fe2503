"""Parts of topics that a learner has read, and items of checklists that are done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from concepts.models import Guide, Topic

if TYPE_CHECKING:
    from progress.accounts.models import User


class PartReadQuerySet(models.QuerySet["PartRead"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)


class PartRead(models.Model):
    """A learner has read a part of a topic; known by its slug, so that a reload of the library leaves it alone."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="parts_read")
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="reads")
    part = models.SlugField(max_length=60)
    read_at = models.DateTimeField(default=timezone.now)

    objects = PartReadQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "parts read"
        constraints = [models.UniqueConstraint(fields=["learner", "topic", "part"], name="a_part_is_read_once")]

    def __str__(self) -> str:
        return f"{self.learner}: {self.topic}, {self.part}"


class ItemDoneQuerySet(models.QuerySet["ItemDone"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)


class ItemDone(models.Model):
    """A learner has ticked an item of a guide's checklist."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="items_done")
    guide = models.ForeignKey(Guide, models.CASCADE, related_name="items_done")
    item = models.CharField(max_length=12)
    done_at = models.DateTimeField(default=timezone.now)

    objects = ItemDoneQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "items done"
        constraints = [models.UniqueConstraint(fields=["learner", "guide", "item"], name="an_item_is_done_once")]

    def __str__(self) -> str:
        return f"{self.learner}: {self.guide}, {self.item}"
