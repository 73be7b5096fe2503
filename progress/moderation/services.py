"""Reporting comments, and what moderators do about it; each act is kept with its reason."""

from datetime import datetime

from django.db import IntegrityError, transaction

from mlprep.shared.limits.taking import take_one
from progress.accounts.models import User
from progress.comments.models import Comment
from progress.moderation.models import Act, CommentReport, ModerationAct, ReportReason


class AlreadyReported(Exception):
    """The learner's report of this comment is open, or was settled for the same text."""


class NotTheirs(Exception):
    """The comment is the moderator's own or an administrator's, so an administrator decides."""

    def __init__(self) -> None:
        super().__init__("Your own comments, and administrators', are for an administrator to decide on.")


class CommentChangedSinceRead(Exception):
    """The comment no longer says what the moderator has read."""


def report_comment(
    *, reporter: User, comment: Comment, reason: ReportReason, words: str = "", now: datetime
) -> CommentReport:
    """Ask moderators to look at somebody else's comment; again once it says something else.

    Raises AlreadyReported, and LimitReached where the learner has reported many lately.
    """
    if has_reported(reporter, comment):
        raise AlreadyReported
    taken = take_one("reports", reporter.pk)
    try:
        with transaction.atomic():
            return CommentReport.objects.create(
                comment=comment,
                reporter=reporter,
                reason=reason,
                words=words,
                version=comment.version,
                reported_at=now,
            )
    except IntegrityError as error:
        taken.give_back()
        if has_reported(reporter, comment):
            raise AlreadyReported from error
        raise


def has_reported(reporter: User, comment: Comment) -> bool:
    """Whether a report of theirs is open or was about the text that the comment has now."""
    own = CommentReport.objects.of(reporter).filter(comment=comment)
    return own.filter(version=comment.version).exists() or own.standing().exists()


def may_decide(moderator: User, comment: Comment) -> bool:
    """Whether they may decide on a comment: administrators on all, others on what neither they nor those wrote."""
    return moderator.is_staff or (comment.author_id != moderator.pk and not comment.author.is_staff)


def _decide(moderator: User, comment: Comment) -> None:
    if not may_decide(moderator, comment):
        raise NotTheirs


@transaction.atomic
def hide_comment(*, comment: Comment, moderator: User, reason: str, now: datetime) -> bool:
    """Hide a comment from all but moderators and its author, who is told the reason; False where it is hidden or gone.

    Raises NotTheirs, as do the other decisions.
    """
    _decide(moderator, comment)
    hidden = Comment.objects.filter(pk=comment.pk, hidden=False, deleted_at=None)
    if not hidden.update(hidden=True, held=False, hidden_reason=reason):
        return False
    _settle(comment, now)
    _keep(comment, moderator, Act.HIDE, reason, now)
    return True


@transaction.atomic
def show_comment(*, comment: Comment, moderator: User, reason: str = "", now: datetime) -> bool:
    """Show a hidden comment to everybody again; False where it is not hidden."""
    _decide(moderator, comment)
    if not Comment.objects.filter(pk=comment.pk, hidden=True).update(hidden=False, hidden_reason=""):
        return False
    _keep(comment, moderator, Act.SHOW, reason, now)
    return True


@transaction.atomic
def approve_comment(*, comment: Comment, moderator: User, now: datetime, version: str = "") -> bool:
    """Publish a comment that waits; False where it does not.

    version: of the text that the moderator has read. Raises CommentChangedSinceRead where it has become another one.
    """
    _decide(moderator, comment)
    waiting = Comment.objects.filter(held=True, hidden=False, deleted_at=None)
    held = waiting.select_for_update(of=("self",)).filter(pk=comment.pk).first()
    if held is None:
        return False
    if version and version != held.version:
        raise CommentChangedSinceRead
    Comment.objects.filter(pk=held.pk).update(held=False)
    _keep(comment, moderator, Act.APPROVE, "", now)
    return True


@transaction.atomic
def settle_reports(*, comment: Comment, moderator: User, now: datetime) -> bool:
    """Leave a reported comment as it is; False where no report is open."""
    _decide(moderator, comment)
    if not _settle(comment, now):
        return False
    _keep(comment, moderator, Act.SETTLE, "", now)
    return True


def _settle(comment: Comment, now: datetime) -> int:
    return CommentReport.objects.open().filter(comment=comment).update(settled_at=now)


def _keep(comment: Comment, moderator: User, act: Act, reason: str, now: datetime) -> None:
    ModerationAct.objects.create(comment=comment, moderator=moderator, act=act, reason=reason, done_at=now)
