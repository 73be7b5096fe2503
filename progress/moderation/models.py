"""Who reported which comment, and what moderators did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from progress.comments.models import MAX_REASON_LENGTH, Comment
from progress.records import AppendOnly

if TYPE_CHECKING:
    from progress.accounts.models import User

MAX_REPORT_LENGTH = 500


class ReportReason(models.TextChoices):
    """What is wrong with a comment."""

    SPAM = "spam", "Advertising or spam"
    ABUSE = "abuse", "Insulting, threatening or hateful"
    PRIVATE = "private", "Tells something private of somebody"
    WRONG = "wrong", "Wrong in a way that misleads"
    OTHER = "other", "Something else"


class CommentReportQuerySet(models.QuerySet["CommentReport"]):
    def of(self, learner: User) -> Self:
        """What the learner has reported."""
        return self.filter(reporter=learner)

    def open(self) -> Self:
        """What no moderator has settled."""
        return self.filter(settled_at=None)

    def standing(self) -> Self:
        """What nobody has settled, or what is about the text that the comment has now."""
        written_at = Coalesce("comment__edited_at", "comment__created_at")
        return self.filter(models.Q(settled_at=None) | models.Q(reported_at__gte=written_at))


class CommentReport(models.Model):
    """A learner asks moderators to look at a comment; once for each of its wordings."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="comment_reports")
    reason = models.CharField(max_length=7, choices=ReportReason.choices)
    version = models.CharField(
        max_length=16, editable=False, db_default="", default="", help_text="Of the text reported"
    )
    words = models.CharField("in your words", max_length=MAX_REPORT_LENGTH, blank=True)
    reported_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommentReportQuerySet.as_manager()

    class Meta:
        ordering = ["reported_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["comment", "reporter", "version"], name="one_report_a_learner")]
        indexes = [
            models.Index(fields=["comment"], condition=models.Q(settled_at=None), name="open_report_of_comment"),
            models.Index(fields=["reporter", "reported_at"], name="report_of_learner"),
        ]

    def __str__(self) -> str:
        return f"{self.reporter}: {self.get_reason_display()}"


class Act(models.TextChoices):
    """What a moderator did with a comment."""

    HIDE = "hide", "Hidden"
    SHOW = "show", "Shown again"
    APPROVE = "approve", "Approved"
    SETTLE = "settle", "Left as it is"


class ModerationAct(AppendOnly):
    """A line of what moderators did, kept even where the moderator has left."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="acts")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="moderation_acts")
    act = models.CharField(max_length=7, choices=Act.choices)
    reason = models.CharField(max_length=MAX_REASON_LENGTH, blank=True)
    done_at = models.DateTimeField()

    class Meta:
        ordering = ["done_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_act_display()} by {self.moderator or 'a former moderator'}"
