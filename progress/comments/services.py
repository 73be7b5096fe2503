"""Writing and changing comments; their HTML is rendered here, once."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from concepts.models import Concept
from mlprep.shared.limits.taking import take_one
from mlprep.shared.rendering import RENDERER_VERSION, render_learner_text
from progress.accounts.models import User
from progress.comments.models import Comment, CommentRevision


class CommentChanged(Exception):
    """The comment is not the one that the change was made for."""


def post_comment(*, author: User, concept: Concept, body: str, now: datetime, key: str = "") -> Comment:
    """Publish a comment in Markdown on a concept, or hold it for a moderator where that is the rule.

    key: made by the page; sent again, whatever the text, it gives the comment that is there already. Raises
    LimitReached where the author has written many lately.
    """
    if key and (former := Comment.objects.filter(author=author, key=key).first()):
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
        if former := Comment.objects.filter(author=author, key=key).first():
            return former
        raise


def must_wait(author: User) -> bool:
    """Whether what the author writes waits for approval: with MODERATE_FIRST_COMMENT, until one of theirs is public."""
    if not settings.MODERATE_FIRST_COMMENT or author.may_moderate:
        return False
    return not author.comments.visible().exists()


def edit_comment(*, comment: Comment, body: str, now: datetime, version: str = "") -> Comment:
    """Change what a comment says; it is marked as edited, and moderators can read what it said before.

    version: of the text that the change was made for; left out, it replaces whatever is there. Raises CommentChanged
    where the text has become another one, and LimitReached where its author has changed comments often lately.
    """
    said = {**_rendered(body), "edited_at": now}
    with transaction.atomic():
        comment = Comment.objects.select_for_update(of=("self",)).select_related("author", "concept").get(pk=comment.pk)
        if version and version != comment.version:
            raise CommentChanged
        take_one("comment_changes", comment.author_id)
        CommentRevision.objects.create(
            comment=comment, body=comment.body, written_at=comment.edited_at or comment.created_at, replaced_at=now
        )
        for field, value in said.items():
            setattr(comment, field, value)
        comment.save(update_fields=["body", "body_html", "renderer_version", "edited_at"])
    return comment


def render_stale_comments() -> int:
    """Render the comments that an older renderer made; returns how many.

    Harmless while the app runs: what its author edits in the meantime keeps the author's text.
    """
    stale = Comment.objects.exclude(renderer_version=RENDERER_VERSION).values_list("pk", "body")
    # Read whole before the first write: SQLite refuses to write beside a reader that others have overtaken.
    return sum(Comment.objects.filter(pk=pk, body=body).update(**_rendered(body)) for pk, body in list(stale))


def _rendered(body: str) -> dict[str, str | int]:
    return {"body": body, "body_html": render_learner_text(body), "renderer_version": RENDERER_VERSION}
