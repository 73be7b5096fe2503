"""Writing and changing comments; their HTML is rendered here, once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from concepts.models import Concept
from mlprep.shared.rendering import RENDERER_VERSION, render_learner_text
from progress.accounts.models import User
from progress.comments.models import Comment, CommentRevision
from progress.pace import Pace, keep_pace

WRITING = Pace(20, timedelta(minutes=10))
CHANGING = Pace(20, timedelta(minutes=10))


def post_comment(*, author: User, concept: Concept, body: str, now: datetime) -> Comment:
    """Publish a comment in Markdown on a concept, or hold it for a moderator where that is the rule.

    Raises LimitReached where the author has written many lately.
    """
    said = _rendered(body)
    with transaction.atomic():
        keep_pace(author, author.comments.all(), "created_at", WRITING, now)
        held = must_wait(author)
        return Comment.objects.create(author=author, concept=concept, created_at=now, held=held, **said)


def must_wait(author: User) -> bool:
    """Whether what the author writes waits for approval: with MODERATE_FIRST_COMMENT, until one of theirs is public."""
    if not settings.MODERATE_FIRST_COMMENT or author.may_moderate:
        return False
    return not author.comments.visible().exists()


def edit_comment(*, comment: Comment, body: str, now: datetime) -> Comment:
    """Change what a comment says; it is marked as edited, and moderators can read what it said before.

    Raises LimitReached where its author has changed comments often lately.
    """
    said = {**_rendered(body), "edited_at": now}
    with transaction.atomic():
        comment = Comment.objects.select_for_update(of=("self",)).select_related("author", "concept").get(pk=comment.pk)
        revisions = CommentRevision.objects.filter(comment__author=comment.author)
        keep_pace(comment.author, revisions, "replaced_at", CHANGING, now)
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
