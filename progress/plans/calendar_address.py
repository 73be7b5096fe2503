"""The secret address of a plan's calendar: whoever has it reads the calendar, so it is stored as a digest."""

import hashlib
import secrets

from progress.plans.models import StudyPlan


def new_key(*, plan: StudyPlan) -> str:
    """Give the calendar a new address; the one before stops working. The key is given this once."""
    key = secrets.token_urlsafe(24)
    plan.calendar_digest = _digest(key)
    plan.save(update_fields=["calendar_digest"])
    return key


def revoke_key(*, plan: StudyPlan) -> None:
    """Take the calendar's address back."""
    plan.calendar_digest = None
    plan.save(update_fields=["calendar_digest"])


def plan_with_key(key: str) -> StudyPlan | None:
    """The plan whose calendar has that key; found by digest, so that no comparison tells anything about the key."""
    return StudyPlan.objects.select_related("learner").filter(calendar_digest=_digest(key)).first()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
