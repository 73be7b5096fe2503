"""Writing, changing and hiding comments; their HTML is rendered here, once."""

from datetime import datetime

from concepts.models import Concept
from mlprep.shared.rendering import RENDERER_VERSION, render_learner_text
from progress.accounts.models import User
from progress.comments.models import Comment


def post_comment(*, author: User, concept: Concept, body: str, now: datetime) -> Comment:
    """Publish a comment in Markdown on a concept."""
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
    """Render the comments that an older renderer made; returns how many."""
    stale = Comment.objects.exclude(renderer_version=RENDERER_VERSION).only("pk", "body")
    count = 0
    for comment in stale.iterator():
        Comment.objects.filter(pk=comment.pk).update(**_rendered(comment.body))
        count += 1
    return count


def _rendered(body: str) -> dict[str, str | int]:
    return {"body": body, "body_html": render_learner_text(body), "renderer_version": RENDERER_VERSION}
