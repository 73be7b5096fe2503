"""How often a learner may do something, counted in what they did; parallel requests are counted one after the other."""

import math
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import models

from progress.accounts.models import User


class Pace(NamedTuple):
    """At most `amount` within any `window`."""

    amount: int
    window: timedelta


class LimitReached(Exception):
    """Something was done as often as it may be; `wait`: seconds until it may be done again, at least 1."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = max(1, math.ceil(wait.total_seconds()))
        minutes = math.ceil(self.wait / 60)
        spoken = f"{self.wait} seconds" if self.wait < 90 else f"{minutes} minutes"
        super().__init__(f"That was a lot at once. Try again in {spoken}.")


def keep_pace(learner: User, done: "models.QuerySet[Any]", moment: str, pace: Pace, now: datetime) -> None:
    """Let the transaction go on if the learner may do it once more.

    done: what the learner did, with its time in the field `moment`. Raises LimitReached. The learner's row is locked
    for the transaction, so that of parallel requests each sees what the others have stored.
    """
    User.objects.select_for_update(no_key=True).get(pk=learner.pk)
    recent = done.filter(**{f"{moment}__gt": now - pace.window}).order_by(f"-{moment}").values_list(moment, flat=True)
    if len(latest := list(recent[: pace.amount])) == pace.amount:
        raise LimitReached(latest[-1] + pace.window - now)
