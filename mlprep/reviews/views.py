"""The weekly review: the list, and a week's questions beside its facts."""

import secrets
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mlprep.reviews.facts import WeekFacts, facts_of
from mlprep.reviews.forms import ReviewForm, WeekdayForm
from mlprep.shared.htmx import render_page, wants_fragment
from progress.accounts.requests import LearnerRequest
from progress.domain.merging import digest
from progress.domain.weeks import ReviewWeek
from progress.kept.services import TooManyKept
from progress.models import KeptText, ReviewRequest, User, WeeklyReview
from progress.reviews.models import QUESTIONS, place_of, source_of
from progress.reviews.services import (
    AnswerTooLong,
    due_week,
    flags_digest,
    kept_answers,
    save_review,
    set_review_weekday,
    take_kept_answer,
)
from progress.subjects import Subject, Subjects, key_of, title_of


@login_required
@require_safe
def review_list(request: LearnerRequest) -> HttpResponse:
    """The review that waits, this week's, and those before."""
    return _list(request)


@login_required
@require_POST
def weekday(request: LearnerRequest) -> HttpResponse:
    """Hold reviews on another weekday."""
    form = WeekdayForm(request.POST)
    if not form.is_valid():
        return _list(request, form)
    set_review_weekday(learner=request.user, weekday=form.cleaned_data["weekday"], now=timezone.now())
    messages.success(request, f"Your weekly review is on {request.user.get_review_weekday_display()}s now.")
    return redirect("reviews:list")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review_page(request: LearnerRequest, monday: str) -> HttpResponse:
    """A week's four questions with its facts; saved as it is typed where scripts run."""
    week, review = week_named(request.user, monday)
    flagged = review.flagged if review and review.flags_chosen else set()
    if request.method != "POST":
        return _page(request, week, review, facts_of(request.user, week, also=flagged))
    form = ReviewForm(request.POST)
    chosen = _chosen(request, form)
    facts = facts_of(request.user, week, also=flagged | chosen)
    if not form.is_valid():
        return _page(request, week, review, facts, form=form, flagged=chosen, status=422)
    finish = request.POST.get("go") == "finish"
    try:
        saved = save_review(
            learner=request.user,
            week=week,
            answers=form.answers,
            flagged=chosen,
            reasons=facts.reasons,
            now=timezone.now(),
            finish=finish,
            origin=form.origin,
        )
    except TooManyKept as refused:
        form.add_error(None, str(refused))
        return _page(request, week, review, facts, form=form, flagged=chosen, status=422)
    if wants_fragment(request):
        status = 409 if saved.kept_aside else 200
        return _page(request, week, saved.review, facts, form=form, flagged=chosen, status=status, is_saved=True)
    if saved.kept_aside:
        messages.warning(request, "Another page has changed this review. What you typed is kept aside, below.")
        facts = facts_of(request.user, week, also=saved.review.flagged)
        return _page(request, week, saved.review, facts, status=409)
    messages.success(request, _done_words(request.user, saved.review) if finish else "Saved.")
    return redirect(saved.review)


@login_required
@require_POST
def kept(request: LearnerRequest, monday: str, kept_id: int) -> HttpResponse:
    """Put an answer that was kept aside below the stored one, or throw it away."""
    review = get_object_or_404(WeeklyReview.objects.of(request.user), monday=_date(monday))
    places = [place_of(review.monday, question) for question in QUESTIONS]
    text = get_object_or_404(KeptText.objects.of(request.user).at(*places), pk=kept_id)
    if request.POST.get("action") == "discard":
        text.delete()
        return redirect(review)
    try:
        take_kept_answer(review=review, kept=text, now=timezone.now())
    except AnswerTooLong:
        messages.warning(request, "Both together are too long for one answer; shorten it first.")
    return redirect(review)


def _chosen(request: LearnerRequest, form: ReviewForm) -> set[Subject]:
    """What is ticked, and what "Something else" adds."""
    subjects = Subjects.load()
    chosen = form.flagged(subjects)
    if request.POST.get("go") == "add" and (text := request.POST.get("more", "").strip()):
        if more := subjects.find(text[:200]):
            chosen.add(more)
        else:
            messages.warning(request, "No concept or topic is called that; choose one from the list.")
    return chosen


def _list(request: LearnerRequest, form: WeekdayForm | None = None) -> HttpResponse:
    learner = request.user
    today = learner.day_of(timezone.now())
    this_week = ReviewWeek.holding(today, learner.review_weekday)
    context = {
        "due": due_week(learner, today),
        "this_week": this_week,
        "reviews": WeeklyReview.objects.of(learner),
        "form": form or WeekdayForm(initial={"weekday": learner.review_weekday}),
    }
    return render_page(request, "reviews/list.html", context, status=422 if form else 200)


def _page(  # noqa: PLR0913 (a page and how it came about)
    request: LearnerRequest,
    week: ReviewWeek,
    review: WeeklyReview | None,
    facts: WeekFacts,
    *,
    form: ReviewForm | None = None,
    flagged: set[Subject] | None = None,
    status: int = 200,
    is_saved: bool = False,
) -> HttpResponse:
    if flagged is None:
        flagged = review.flagged if review and review.flags_chosen else facts.proposed
    for subject in flagged:
        facts.about(subject).flagged = True
    in_conflict = is_saved and status == 409
    context: dict[str, Any] = {
        "week": week,
        "review": review,
        "facts": facts,
        "form": form,
        "questions": [(name, text, _answer(form, review, name)) for name, text in QUESTIONS.items()],
        "bases": _bases(form if status >= 400 else None, review, flagged),
        "page_name": (form and form.data.get("page")) or secrets.token_urlsafe(12),
        "is_saved": is_saved,
        "in_conflict": in_conflict,
        "address": reverse("reviews:detail", args=[week.monday.isoformat()]),
        "is_over": week.last <= request.user.day_of(timezone.now()),
        "in_plan": _in_plan(request.user, review),
    }
    if not is_saved:
        context["kept_texts"] = [
            (QUESTIONS[text.place.rpartition(":")[2]], text) for text in kept_answers(request.user, week.monday)
        ]
        context["subjects"] = [(key_of(subject), title_of(subject)) for subject in Subjects.load().all]
    return render_page(request, "reviews/review.html", context, fragment="saved", status=status)


def _answer(form: ReviewForm | None, review: WeeklyReview | None, question: str) -> str:
    if form is not None:
        return str(form[question].value() or "")
    return str(getattr(review, question)) if review else ""


def _bases(form: ReviewForm | None, review: WeeklyReview | None, flagged: set[Subject]) -> list[tuple[str, str]]:
    """What the page says it was made with; a page that is in conflict goes on saying the same."""
    names = [f"base_{question}" for question in QUESTIONS]
    if form is not None:
        return [(name, str(form[name].value() or "")) for name in (*names, "base_flags")]
    answers = [digest(getattr(review, question) if review else "") for question in QUESTIONS]
    return [*zip(names, answers, strict=True), ("base_flags", flags_digest(flagged))]


def _in_plan(learner: User, review: WeeklyReview | None) -> int:
    """How much of what the review flags waits in the plan."""
    if review is None or review.done_at is None:
        return 0
    return ReviewRequest.objects.of(learner).open().filter(source=source_of(review.monday)).count()


def _done_words(learner: User, review: WeeklyReview) -> str:
    count = _in_plan(learner, review)
    if not count:
        return "The review is done. Nothing needs more work."
    return f"The review is done. {count} {'thing goes' if count == 1 else 'things go'} into your plan."


def week_named(learner: User, text: str) -> tuple[ReviewWeek, WeeklyReview | None]:
    """The week of an address and its review, where there is one; weeks to come and before the learner came are none."""
    monday = _date(text)
    review = WeeklyReview.objects.of(learner).filter(monday=monday).first()
    if review:
        return review.week, review
    today, first = learner.day_of(timezone.now()), learner.day_of(learner.date_joined)
    if monday.weekday() != 0 or not ReviewWeek.holding(first, 0).monday <= monday <= today:
        raise Http404
    return ReviewWeek.of(monday, learner.review_weekday), None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
