"""How a learner's progress is asked for: always starting from the learner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from progress.models import ConceptMemory, ConceptStatus, Evidence, User  # noqa: F401 (named in the base classes)


class ConceptStatusQuerySet(models.QuerySet["ConceptStatus"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def in_order(self) -> Self:
        """Concept by concept, in the order of time."""
        return self.order_by("concept_id", "happened_at", "pk")


class ConceptMemoryQuerySet(models.QuerySet["ConceptMemory"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)
