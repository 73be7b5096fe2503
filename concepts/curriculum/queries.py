"""How topics and guides are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from concepts.curriculum.models import Guide, Topic, TopicPart  # noqa: F401 (named in the base classes)


class TopicQuerySet(models.QuerySet["Topic"]):
    def current(self) -> Self:
        """Those that the library still has, in order."""
        return self.filter(retired=False).defer("source").order_by("number")

    def neighbours(self, topic: Topic) -> tuple[Topic | None, Topic | None]:
        """The topics before and after."""
        current = self.current()
        return (
            current.filter(number__lt=topic.number).order_by("-number").first(),
            current.filter(number__gt=topic.number).first(),
        )


class TopicPartQuerySet(models.QuerySet["TopicPart"]):
    def titles(self) -> Self:
        """In order, without their text."""
        return self.defer("html").order_by("topic__number", "position")


class GuideQuerySet(models.QuerySet["Guide"]):
    def current(self) -> Self:
        return self.filter(retired=False).order_by("position")
