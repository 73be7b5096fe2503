"""Writing weekly reviews; what they flag goes to the plan once the review is done."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from concepts.models import Concept, Topic
from progress.accounts.models import User
from progress.accounts.signals import review_weekday_changed
from progress.domain.merging import digest, settle
from progress.domain.weeks import ReviewWeek
from progress.kept.models import KeptText
from progress.kept.services import keep_aside, put_below
from progress.models import ReviewRequest
from progress.plans.services import request_reviews
from progress.reviews.models import MAX_ANSWER_LENGTH, QUESTIONS, WeeklyReview, place_of, source_of
from progress.subjects import Subject, key_of


class AnswerTooLong(Exception):
    """The two texts together are longer than an answer may be."""


@dataclass(frozen=True, slots=True)
class ReviewOrigin:
    """The page that sends a review: its name, and the digests of the answers and of the flags it was made with."""

    page: str
    answers: Mapping[str, str]
    flags: str


@dataclass(frozen=True, slots=True)
class SavedReview:
    """The stored review, and whether an answer is kept aside because another page has changed it."""

    review: WeeklyReview
    kept_aside: bool = False


def due_week(learner: User, today: date) -> ReviewWeek | None:
    """The review that waits for the learner: the last whose day has come, unless it is done.

    today: the learner's day. A learner who has just come has no week to look back on.
    """
    week = ReviewWeek.latest_due(today, learner.review_weekday)
    if learner.day_of(learner.date_joined) >= week.last:
        return None
    return None if WeeklyReview.objects.of(learner).done().filter(monday=week.monday).exists() else week


def flags_digest(subjects: Collection[Subject]) -> str:
    """A short word for what is flagged, by which a page says what it was made with."""
    return digest(" ".join(sorted(f"{type(subject).__name__}:{key_of(subject)}" for subject in subjects)))


@transaction.atomic
def save_review(  # noqa: PLR0913 (all by keyword)
    *,
    learner: User,
    week: ReviewWeek,
    answers: Mapping[str, str],
    flagged: Collection[Subject],
    reasons: Mapping[Subject, str],
    now: datetime,
    finish: bool = False,
    origin: ReviewOrigin | None = None,
) -> SavedReview:
    """Save the answers and flags of a week's review, making it where there is none.

    reasons: why the evidence proposes what it does, for the plan's words. origin: as for notes; an answer that
    another page has changed meanwhile is not overwritten, and this one kept aside. A review that is done, now or
    before, asks the plan for what it flags, and withdraws what it flags no longer and is not looked at yet.
    Raises TooManyKept.
    """
    review = _locked(learner, week, now)
    same_page = origin is None or review.page == origin.page
    kept_aside = False
    for question in QUESTIONS:
        stored, given = getattr(review, question), answers.get(question, "")
        base = origin.answers.get(question, "") if origin else digest(stored)
        settled = settle(stored, given, base=base, same_page=same_page)
        setattr(review, question, settled.text)
        if settled.in_conflict and origin:
            place = place_of(review.monday, question)
            keep_aside(learner=learner, place=place, page=origin.page, body=settled.kept_aside, now=now)
            kept_aside = True
    is_chosen = origin is None or flags_digest(flagged) != origin.flags or (same_page and review.flags_chosen)
    if is_chosen or (finish and not review.flags_chosen):
        _flag(review, flagged)
    if finish and review.done_at is None:
        review.done_at = now
    review.page, review.changed_at = origin.page if origin and not kept_aside else review.page, now
    review.save()
    if review.done_at:
        _tell_the_plan(review, reasons, now)
    return SavedReview(review, kept_aside)


@transaction.atomic
def take_kept_answer(*, review: WeeklyReview, kept: KeptText, now: datetime) -> None:
    """Put an answer that was kept aside below the stored one. Raises AnswerTooLong."""
    review = WeeklyReview.objects.select_for_update().get(pk=review.pk)
    question = kept.place.rpartition(":")[2]
    text = put_below(getattr(review, question), kept, limit=MAX_ANSWER_LENGTH)
    if text is None:
        raise AnswerTooLong
    setattr(review, question, text)
    review.page, review.changed_at = "", now
    review.save(update_fields=[question, "page", "changed_at"])
    kept.delete()


def kept_answers(learner: User, monday: date) -> list[KeptText]:
    """What was kept aside of this week's review."""
    return list(KeptText.objects.of(learner).at(*(place_of(monday, question) for question in QUESTIONS)))


@transaction.atomic
def set_review_weekday(*, learner: User, weekday: int, now: datetime) -> None:
    """Hold reviews on another weekday from now on, 0 Monday to 6 Sunday; reviews that are written keep their days."""
    if learner.review_weekday == weekday:
        return
    learner.review_weekday = weekday
    learner.save(update_fields=["review_weekday"])
    review_weekday_changed.send(User, learner=learner, now=now)


def _flag(review: WeeklyReview, flagged: Collection[Subject]) -> None:
    review.flags_chosen = True
    review.concepts.set(subject for subject in flagged if isinstance(subject, Concept))
    review.topics.set(subject for subject in flagged if isinstance(subject, Topic))


def _tell_the_plan(review: WeeklyReview, reasons: Mapping[Subject, str], now: datetime) -> None:
    source, flagged = source_of(review.monday), review.flagged
    for subject in sorted(flagged, key=key_of):
        request_reviews(
            learner=review.learner,
            source=source,
            reason=f"Weekly review: {reasons.get(subject) or 'you want to look at it again'}",
            now=now,
            concepts=[subject] if isinstance(subject, Concept) else [],
            topics=[subject] if isinstance(subject, Topic) else [],
        )
    asked = ReviewRequest.objects.of(review.learner).open().filter(source=source)
    kept = [request.pk for request in asked.select_related("concept", "topic") if request.subject in flagged]
    asked.exclude(pk__in=kept).delete()


def _locked(learner: User, week: ReviewWeek, now: datetime) -> WeeklyReview:
    made = {"last_day": week.last, "changed_at": now}
    WeeklyReview.objects.get_or_create(learner=learner, monday=week.monday, defaults=made)
    return WeeklyReview.objects.of(learner).select_for_update().get(monday=week.monday)
