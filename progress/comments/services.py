"""Writing, changing and hiding comments; their HTML is rendered here, once."""

from datetime import datetime

from concepts.models import Concept
from mlprep.shared.limits.taking import take_one
from mlprep.shared.rendering import RENDERER_VERSION, render_learner_text
from progress.accounts.models import User
from progress.comments.models import Comment


def post_comment(*, author: User, concept: Concept, body: str, now: datetime) -> Comment:
    """Publish a comment in Markdown on a concept. Raises LimitReached where the author has written many lately."""
    take_one("comments", author.pk)
    return Comment.objects.create(author=author, concept=concept, created_at=now, **_rendered(body))


def edit_comment(*, comment: Comment, body: str, now: datetime) -> Comment:
    """Change what a comment says; it is marked as edited."""
    for field, value in {**_rendered(body), "edited_at": now}.items():
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
