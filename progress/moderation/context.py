"""What the navigation of moderators shows."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from progress.comments.models import Comment


def moderation(request: HttpRequest) -> dict[str, Any]:
    """How many comments wait for a moderator; asked of the database only where a page shows it."""
    return {"comments_waiting": SimpleLazyObject(Comment.objects.waiting().count)}
