"""What the plan does when something else changes what it aims at."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from mlprep.plan.composing import re_aim
from progress.accounts.signals import interview_date_changed
from progress.models import User


@receiver(interview_date_changed)
def lay_anew(sender: type[User], learner: User, now: datetime, **kwargs: Any) -> bool:
    """Lay the learner's plan towards the new date, where they have one."""
    return re_aim(learner=learner, now=now)
