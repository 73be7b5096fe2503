"""What a visitor typed before signing in, kept in the session until it is posted.

The session outlives sign-in and sign-up: Django gives it a new key and keeps what it holds.
"""

from django.http import HttpRequest

from concepts.models import Concept
from progress.comments.models import MAX_COMMENT_LENGTH

_KEY = "comment_draft"


def keep_draft(request: HttpRequest, concept: Concept, body: str) -> None:
    """Remember the text, cut to a comment's length; one draft a visitor."""
    request.session[_KEY] = {"concept": concept.code, "body": body[:MAX_COMMENT_LENGTH]}


def draft_for(request: HttpRequest, concept: Concept) -> str:
    """The text typed on this concept, or nothing."""
    draft = request.session.get(_KEY, {})
    return str(draft["body"]) if draft.get("concept") == concept.code else ""


def drop_draft(request: HttpRequest) -> None:
    """Forget the text."""
    request.session.pop(_KEY, None)
