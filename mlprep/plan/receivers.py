"""What the plan does when something else changes what it aims at."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from mlprep.plan.composing import make, re_aim
from mlprep.plan.rows import plan_of
from progress.accounts.signals import interview_date_changed, review_weekday_changed
from progress.models import User
from progress.plans.laying import Wishes


@receiver(interview_date_changed)
def aim_anew(sender: type[User], learner: User, now: datetime, **kwargs: Any) -> bool:
    """Lay the learner's plan towards the new date, where they have one."""
    return re_aim(learner=learner, now=now)


@receiver(review_weekday_changed)
def move_reviews(sender: type[User], learner: User, now: datetime, **kwargs: Any) -> bool:
    """Lay the learner's plan anew with the weekly review on its new day, where they have one."""
    if plan := plan_of(learner):
        make(learner, Wishes.of(plan), now)
    return plan is not None
