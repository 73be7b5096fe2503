"""Writing, changing and hiding comments; their HTML is rendered here, once."""

from datetime import datetime

from django.db import IntegrityError, transaction

from concepts.models import Concept
from mlprep.shared.rendering import RENDERER_VERSION, render_learner_text
from progress.accounts.models import User
from progress.comments.models import Comment


class CommentChanged(Exception):
    """The comment is not the one that the change was made for."""


def post_comment(*, author: User, concept: Concept, body: str, now: datetime, key: str = "") -> Comment:
    """Publish a comment in Markdown on a concept.

    key: made by the page; sent again, whatever the text, it gives the comment that is there already.
    """
    said = _rendered(body)
    try:
        with transaction.atomic():
            return Comment.objects.create(author=author, concept=concept, created_at=now, key=key or None, **said)
    except IntegrityError:
        if former := Comment.objects.filter(author=author, key=key).first():
            return former
        raise


def edit_comment(*, comment: Comment, body: str, now: datetime, version: str = "") -> Comment:
    """Change what a comment says; it is marked as edited.

    version: of the text that the change was made for; left out, it replaces whatever is there. Raises CommentChanged
    where the text has become another one.
    """
    said = {**_rendered(body), "edited_at": now}
    with transaction.atomic():
        comment = Comment.objects.select_for_update(of=("self",)).select_related("author", "concept").get(pk=comment.pk)
        if version and version != comment.version:
            raise CommentChanged
        for field, value in said.items():
            setattr(comment, field, value)
        comment.save(update_fields=["body", "body_html", "renderer_version", "edited_at"])
    return comment


def set_hidden(*, comment: Comment, hidden: bool) -> None:
    """Hide a comment from all but administrators, or show it again."""
    comment.hidden = hidden
    comment.save(update_fields=["hidden"])


def render_stale_comments() -> int:
    """Render the comments that an older renderer made; returns how many.

    Harmless while the app runs: what its author edits in the meantime keeps the author's text.
    """
    stale = Comment.objects.exclude(renderer_version=RENDERER_VERSION).values_list("pk", "body")
    # Read whole before the first write: SQLite refuses to write beside a reader that others have overtaken.
    return sum(Comment.objects.filter(pk=pk, body=body).update(**_rendered(body)) for pk, body in list(stale))


def _rendered(body: str) -> dict[str, str | int]:
    return {"body": body, "body_html": render_learner_text(body), "renderer_version": RENDERER_VERSION}
