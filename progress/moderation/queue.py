"""The moderators' queue."""

from django.db.models import Prefetch

from progress.comments.models import Comment, CommentQuerySet
from progress.moderation.models import CommentReport, ModerationAct


def queue_of(show: str) -> CommentQuerySet:
    """Comments `waiting` for a moderator, the oldest first; `hidden` or `deleted` by authors, the newest first.

    Each with its open reports (`open_reports`) and what moderators did (`acts`).
    """
    comments = Comment.objects.select_related("author", "concept").prefetch_related(
        Prefetch("reports", CommentReport.objects.open().select_related("reporter"), to_attr="open_reports"),
        Prefetch("acts", ModerationAct.objects.select_related("moderator")),
    )
    if show == "hidden":
        return comments.filter(hidden=True).order_by("-created_at", "-pk")
    if show == "deleted":
        return comments.exclude(deleted_at=None).order_by("-deleted_at", "-pk")
    return comments.waiting().order_by("created_at", "pk")
