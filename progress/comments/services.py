"""Writing, changing and deleting comments; their HTML is rendered here, once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from concepts.models import Concept
from mlprep.shared.limits.taking import take_one
from mlprep.shared.maths import MAX_HTML_AMONG_MANY
from mlprep.shared.rendering import RENDERER_VERSION, render_learner_text
from progress.accounts.models import User
from progress.comments.models import Comment, CommentRevision

KEPT_AFTER_DELETION = timedelta(days=90)
"""For how long moderators may read what was reported or moderated before its author deleted it."""


class CommentGone(Exception):
    """The comment is not its author's to change any more: hidden by a moderator, or deleted."""


class CommentChanged(Exception):
    """The comment is not the one that the change was made for."""


def post_comment(*, author: User, concept: Concept, body: str, now: datetime, key: str = "") -> Comment:
    """Publish a comment in Markdown on a concept, or hold it for a moderator where that is the rule.

    key: made by the page; sent again, whatever the text, it gives the comment that is there already. Raises
    LimitReached where the author has written many lately.
    """
    if key and (former := Comment.objects.of(author).filter(key=key).first()):
        return former
    taken = take_one("comments", author.pk)
    said = _rendered(body)
    held = must_wait(author)
    try:
        with transaction.atomic():
            return Comment.objects.create(
                author=author, concept=concept, created_at=now, key=key or None, held=held, **said
            )
    except IntegrityError:
        taken.give_back()
        if former := Comment.objects.of(author).filter(key=key).first():
            return former
        raise


def must_wait(author: User, *, changing: Comment | None = None) -> bool:
    """Whether what the author writes waits for approval: with MODERATE_FIRST_COMMENT, until one of theirs is public.

    changing: the comment that becomes another one, which therefore does not speak for its author.
    """
    if not settings.MODERATE_FIRST_COMMENT or author.may_moderate:
        return False
    others = Comment.objects.of(author).visible()
    if changing:
        others = others.exclude(pk=changing.pk)
    return not others.exists()


def edit_comment(*, comment: Comment, body: str, now: datetime, version: str = "") -> Comment:
    """Change what a comment says; it is marked as edited, and moderators can read what it said before.

    version: of the text that the change was made for; left out, it replaces whatever is there. An author's only public
    comment waits for approval again where the first one has to. Raises CommentGone where it has been hidden or deleted
    meanwhile, CommentChanged where the text has become another one, and LimitReached where its author has changed
    comments often lately.
    """
    said = {**_rendered(body), "edited_at": now}
    with transaction.atomic():
        comment = _locked(comment)
        if version and version != comment.version:
            raise CommentChanged
        take_one("comment_changes", comment.author_id)
        CommentRevision.objects.create(
            comment=comment, body=comment.body, written_at=comment.edited_at or comment.created_at, replaced_at=now
        )
        for field, value in said.items():
            setattr(comment, field, value)
        comment.held = comment.held or must_wait(comment.author, changing=comment)
        comment.save(update_fields=["body", "body_html", "renderer_version", "edited_at", "held"])
    return comment


@transaction.atomic
def delete_comment(*, comment: Comment, now: datetime) -> None:
    """Delete a comment for its author. Raises CommentGone.

    What somebody has reported or a moderator has dealt with is gone from every page but the moderators', who can read
    it for KEPT_AFTER_DELETION.
    """
    comment = _locked(comment)
    if comment.reports.exists() or comment.acts.exists():
        Comment.objects.filter(pk=comment.pk).update(deleted_at=now)
    else:
        comment.delete()


def forget_deleted(*, now: datetime) -> int:
    """Drop what authors deleted longer than KEPT_AFTER_DELETION ago; returns how many comments."""
    old = Comment.objects.filter(deleted_at__lt=now - KEPT_AFTER_DELETION)
    count = old.count()
    old.delete()
    return count


def _locked(comment: Comment) -> Comment:
    """The comment as it is now, for this transaction to change, if it is still its author's. Raises CommentGone."""
    own = Comment.objects.editable_by(comment.author_id).select_for_update(of=("self",))
    found = own.select_related("author", "concept").filter(pk=comment.pk).first()
    if found is None:
        raise CommentGone
    return found


def render_stale_comments() -> int:
    """Render the comments that an older renderer made; returns how many.

    Harmless while the app runs: what its author edits in the meantime keeps the author's text.
    """
    stale = Comment.objects.exclude(renderer_version=RENDERER_VERSION).values_list("pk", "body")
    # Read whole before the first write: SQLite refuses to write beside a reader that others have overtaken.
    return sum(Comment.objects.filter(pk=pk, body=body).update(**_rendered(body)) for pk, body in list(stale))


def _rendered(body: str) -> dict[str, str | int]:
    markup = render_learner_text(body, longest=MAX_HTML_AMONG_MANY)
    return {"body": body, "body_html": markup, "renderer_version": RENDERER_VERSION}
