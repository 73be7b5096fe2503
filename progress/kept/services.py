"""Keeping texts aside, and taking them up again."""

from datetime import datetime

from progress.accounts.models import User
from progress.kept.models import KeptText


def keep_aside(*, learner: User, place: str, page: str, body: str, now: datetime) -> None:
    """Keep what was typed on a page; what the same page kept before is the beginning of it, and goes."""
    if body.strip():
        KeptText.objects.update_or_create(
            learner=learner, place=place, page=page, defaults={"body": body, "kept_at": now}
        )


def put_below(text: str, kept: KeptText, *, limit: int) -> str | None:
    """The text with the kept one below it; None where both together are too long."""
    both = f"{text.rstrip()}\n\n{kept.body}" if text.strip() else kept.body
    return both if len(both) <= limit else None
