"""Keeping texts aside, and taking them up again."""

from datetime import datetime

from progress.accounts.models import User
from progress.kept.models import KeptText

MOST = 20
"""Texts of one place that are kept at once; all of them stand on its page."""


class TooManyKept(Exception):
    """So many texts of the place are kept already that no further one is."""

    def __str__(self) -> str:
        return (
            f"This was changed on another page, and {MOST} texts are kept aside for it already. Put those together or "
            "throw them away first; what you typed is still here."
        )


def keep_aside(*, learner: User, place: str, page: str, body: str, now: datetime) -> None:
    """Keep what was typed on a page; what the same page kept before is the beginning of it, and goes.

    Raises TooManyKept.
    """
    if body.strip():
        others = KeptText.objects.of(learner).at(place).exclude(page=page)
        if others.count() >= MOST:
            raise TooManyKept
        KeptText.objects.update_or_create(
            learner=learner, place=place, page=page, defaults={"body": body, "kept_at": now}
        )


def put_below(text: str, kept: KeptText, *, limit: int) -> str | None:
    """The text with the kept one below it; None where both together are too long."""
    both = f"{text.rstrip()}\n\n{kept.body}" if text.strip() else kept.body
    return both if len(both) <= limit else None
