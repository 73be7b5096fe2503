"""Starting, pausing and stopping the focus timer, and the minutes it has logged."""

from collections import defaultdict
from datetime import date, datetime

from django.db import IntegrityError, transaction

from progress.accounts.models import User
from progress.focus.models import FocusQuerySet, FocusSession
from progress.subjects import Subject, lookup_of


class TimerRunning(Exception):
    """Another timer of the learner runs or pauses."""


def running_timer(learner: User, now: datetime) -> FocusSession | None:
    """The learner's timer that runs or pauses now."""
    session = FocusSession.objects.of(learner).open().with_subject().first()
    return session if session and not session.is_over(now) else None


@transaction.atomic
def start_timer(*, learner: User, subject: Subject, minutes: int, now: datetime) -> FocusSession:
    """Start a timer over so many minutes. Raises TimerRunning where one runs or pauses.

    One whose time is up is closed with its planned length first.
    """
    _close_what_is_over(learner, now)
    try:
        with transaction.atomic():
            return FocusSession.objects.create(
                learner=learner,
                **lookup_of(subject),
                day=learner.day_of(now),
                planned_minutes=minutes,
                started_at=now,
            )
    except IntegrityError as error:
        raise TimerRunning from error


@transaction.atomic
def pause_timer(*, session: FocusSession, now: datetime) -> None:
    """Pause the timer; harmless where it pauses already or is over."""
    session = _locked(session)
    if session.paused_at is None and not session.is_over(now):
        session.paused_at = now
        session.save(update_fields=["paused_at"])


@transaction.atomic
def resume_timer(*, session: FocusSession, now: datetime) -> None:
    """Go on after a pause; harmless where it runs or is over."""
    session = _locked(session)
    if session.paused_at is not None and session.ended_at is None:
        session.paused_seconds += max(0.0, (now - session.paused_at).total_seconds())
        session.paused_at = None
        session.save(update_fields=["paused_at", "paused_seconds"])


@transaction.atomic
def stop_timer(*, session: FocusSession, now: datetime) -> FocusSession:
    """Stop the timer and log its time, the planned length at most; harmless to repeat."""
    session = _locked(session)
    if session.ended_at is None:
        _close(session, now)
    return session


def discard_timer(*, session: FocusSession) -> None:
    """Take the session back: nothing was done in it."""
    session.delete()


def minutes_by_day(learner: User, since: date, *, until: date | None = None, now: datetime) -> dict[date, int]:
    """Whole minutes at work on each of the learner's days from `since` (to `until`) that has any, in one query."""
    sessions = FocusSession.objects.of(learner).filter(day__gte=since)
    if until:
        sessions = sessions.filter(day__lte=until)
    seconds: dict[date, float] = defaultdict(float)
    for session in sessions.times().order_by("day"):
        seconds[session.day] += session.seconds_at(now)
    return {day: minutes for day, total in seconds.items() if (minutes := round(total / 60))}


def minutes_on(learner: User, subject: Subject, *, now: datetime) -> int:
    """Whole minutes of the timer on a concept or topic, in one query."""
    return whole_minutes(FocusSession.objects.of(learner).on(subject), now)


def whole_minutes(sessions: FocusQuerySet, now: datetime) -> int:
    """Minutes of all these sessions."""
    return round(sum(session.seconds_at(now) for session in sessions.times()) / 60)


def _close_what_is_over(learner: User, now: datetime) -> None:
    session = FocusSession.objects.select_for_update().of(learner).open().first()
    if session and session.is_over(now):
        _close(session, now)


def _close(session: FocusSession, now: datetime) -> None:
    marks = session.marks
    session.seconds = marks.elapsed(now)
    session.ended_at = min(now, marks.ends_at(now))
    session.save(update_fields=["seconds", "ended_at"])


def _locked(session: FocusSession) -> FocusSession:
    return FocusSession.objects.select_for_update().get(pk=session.pk)
