"""How scripts and interviews are asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from concepts.models import Concept
from concepts.queries import ConceptQuerySet

if TYPE_CHECKING:
    from progress.models import User
    from quizzes.mocks.models import MockInterview, MockRun, MockScript  # noqa: F401 (named in the base classes)


class MockScriptQuerySet(models.QuerySet["MockScript"]):
    def current(self) -> Self:
        """Those that the library still has."""
        return self.filter(retired=False)

    def of_kind(self, kind: str) -> Self:
        """Of one kind; of all where none is given."""
        return self.filter(kind=kind) if kind else self

    def for_role(self, role: str) -> Self:
        """Those that somebody in this role is asked; all where none is given."""
        # No role's name is part of another's.
        return self.filter(roles__contains=role) if role else self

    def within(self, minutes: int) -> Self:
        """Those that take so many minutes at most."""
        return self.filter(minutes__lte=minutes)


class MockInterviewQuerySet(models.QuerySet["MockInterview"]):
    def of(self, learner: User) -> Self:
        return self.filter(learner=learner)

    def running(self) -> Self:
        return self.filter(finished_at=None)

    def closed(self) -> Self:
        return self.exclude(finished_at=None)

    def rated(self) -> Self:
        return self.filter(rating__isnull=False)

    def overdue(self, now: datetime) -> Self:
        """Not closed yet although their time is up."""
        return self.running().filter(deadline__lt=now)

    def with_script(self) -> Self:
        """With what was asked and the rating, in one query."""
        return self.select_related("version__script", "rating")

    def listed(self) -> Self:
        """With just what a list shows, and the rating where there is one."""
        return self.select_related("version__script", "rating").defer(
            "version__content", "version__rendered", "pad", "code", "board", "board_svg"
        )


class MockRunQuerySet(models.QuerySet["MockRun"]):
    def of(self, learner: User) -> Self:
        return self.filter(interview__learner=learner)

    def ended(self) -> Self:
        return self.filter(result__isnull=False)


def concepts_of_kind(kind: str = "", role: str = "") -> ConceptQuerySet:
    """The concepts that current scripts of this kind, asked in this role, give evidence on."""
    scripts = models.Q(mock_scripts__retired=False)
    if kind:
        scripts &= models.Q(mock_scripts__kind=kind)
    if role:
        scripts &= models.Q(mock_scripts__roles__contains=role)
    return Concept.objects.filter(scripts).distinct()
