"""The first administrator, the interview date, and leaving."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from progress.accounts.models import User
from progress.accounts.signals import interview_date_changed
from progress.accounts.tokens import revoke_all


class AlreadySetUp(Exception):
    """The installation has a user."""


class LastAdministrator(Exception):
    """Nobody would be left to administer the installation."""


@transaction.atomic
def create_first_administrator(*, username: str, email: str, password: str) -> User:
    """Make the administrator of an empty installation; of two at once, one gets through.

    Raises AlreadySetUp.
    """
    _lock_users()
    if User.objects.exists():
        raise AlreadySetUp
    return User.objects.create_superuser(username, email, password)


@transaction.atomic
def set_interview_date(*, learner: User, day: date | None, now: datetime) -> bool:
    """Aim at an interview on that day, or at none; whether anything else, such as a plan, was changed with it."""
    if learner.interview_date == day:
        return False
    learner.interview_date = day
    learner.save(update_fields=["interview_date"])
    answers = interview_date_changed.send(User, learner=learner, now=now)
    return any(answer for _, answer in answers)


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Delete the user with all that they did here. Raises LastAdministrator."""
    _lock_users()
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise LastAdministrator
    user.delete()


def end_sessions(*, users: Iterable[User]) -> int:
    """Sign the users out everywhere and take back their API tokens; gives how many sessions ended."""
    chosen = list(users)
    numbers = {str(user.pk) for user in chosen}
    living = Session.objects.filter(expire_date__gt=timezone.now())
    theirs = [session.pk for session in living if session.get_decoded().get(SESSION_KEY) in numbers]
    Session.objects.filter(pk__in=theirs).delete()
    revoke_all(users=chosen)
    return len(theirs)


def _lock_users() -> None:
    """Let one transaction at a time past; on SQLite all of them queue anyway."""
    ContentType.objects.get_for_model(User)
    ContentType.objects.select_for_update().get(app_label="progress", model="user")
