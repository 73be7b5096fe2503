"""The letter to one learner."""

from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse

from mlprep.plan.rows import plan_of, session_of
from mlprep.plan.seams import weekly_review_waiting
from mlprep.shared.addresses import address
from progress.models import User
from quizzes.flashcards.interview import queue_of
from quizzes.flashcards.preferences import settings_of

_signer = Signer(salt="mlprep.digest")


def off_path(learner: User) -> str:
    """The page on which the letters are stopped without signing in."""
    return reverse("digest-off", args=[_signer.sign(str(learner.pk))])


def learner_of(signed: str) -> User | None:
    """Whose letters a signed address stops; None for one that is not ours."""
    try:
        return User.objects.filter(pk=_signer.unsign(signed)).first()
    except BadSignature:
        return None


def digest_for(learner: User, now: datetime, *, to: str) -> EmailMultiAlternatives | None:
    """What there is to do today, for an address that is proved to be the learner's; None where there is nothing."""
    today = learner.day_of(now)
    cards = queue_of(learner, settings_of(learner), now).counts()
    plan = plan_of(learner)
    session = session_of(plan, now, cards_left=cards.total) if plan else None
    tasks = (
        [(row, address(row.url) if row.url else "") for row in session.today.rows if not row.done] if session else []
    )
    review = weekly_review_waiting(learner, today)
    if not (tasks or cards.total or review):
        return None
    context: dict[str, Any] = {
        "learner": learner,
        "tasks": tasks,
        "minutes": session.today.minutes_left if session else 0,
        "missed": len(session.missed) if session else 0,
        "cards": cards,
        "days_left": (learner.interview_date - today).days if learner.interview_date else None,
        "review": address(review) if review else "",
        "home": address(reverse("today")),
        "off": address(off_path(learner)),
    }
    what = f"{len(tasks)} task{'' if len(tasks) == 1 else 's'}" if tasks else "your weekly review"
    subject = f"Today: {what if tasks or not cards.total else f'{cards.total} cards'}"
    message = EmailMultiAlternatives(subject, render_to_string("digest/digest.txt", context), to=[to])
    message.extra_headers = {
        "List-Unsubscribe": f"<{context['off']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return message
