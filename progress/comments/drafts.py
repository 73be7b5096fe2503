"""What a visitor typed before signing in, kept in the session until it is posted.

The session outlives sign-in and sign-up: Django gives it a new key and keeps what it holds.
"""

from django.http import HttpRequest

from concepts.models import Concept
from progress.comments.forms import with_plain_newlines
from progress.comments.models import MAX_COMMENT_LENGTH

_KEY = "comment_draft"


def keep_draft(request: HttpRequest, concept: Concept, body: str) -> None:
    """Remember the text, cut to a comment's length; one draft a visitor, and none where nothing is typed."""
    body = with_plain_newlines(body.replace("\x00", ""))[:MAX_COMMENT_LENGTH]
    if body.strip():
        request.session[_KEY] = {"concept": concept.code, "body": body}
    else:
        drop_draft(request, concept)


def draft_for(request: HttpRequest, concept: Concept) -> str:
    """The text typed on this concept, or nothing."""
    draft = request.session.get(_KEY, {})
    return str(draft["body"]) if draft.get("concept") == concept.code else ""


def drop_draft(request: HttpRequest, concept: Concept) -> None:
    """Forget the text typed on this concept; one typed elsewhere stays."""
    if draft_for(request, concept):
        del request.session[_KEY]
