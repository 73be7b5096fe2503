"""After an interview: model answers beside one's own, the rating, and what to look at again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from quizzes.domain.mocks.script import CRITERIA, SELF_QUESTIONS
from quizzes.mocks.forms import RatingForm, TakeOverForm
from quizzes.mocks.history import measured
from quizzes.mocks.models import MockInterview, Shown
from quizzes.mocks.presenting import answers_context
from quizzes.mocks.rating import rate_interview
from quizzes.mocks.reviewing import Taken, proposals, take_over
from quizzes.mocks.views.own import own_interview

_PAGE = "quizzes/mocks/review.html"


@login_required
@require_safe
def review(request: LearnerRequest, pk: int) -> HttpResponse:
    """What one did beside the model answers, with the rating."""
    interview = own_interview(request, pk)
    if interview.finished_at is None:
        return redirect(interview)
    return _review(request, interview, _rating_form(interview))


@login_required
@require_POST
def rate(request: LearnerRequest, pk: int) -> HttpResponse:
    """Record one's own rating; a later one takes its place."""
    interview = own_interview(request, pk)
    if interview.finished_at is None:
        return redirect(interview)
    form = RatingForm(request.POST, follow_ups=_asked(interview))
    if not form.is_valid():
        return _review(request, interview, form, status=422)
    rate_interview(interview=interview, ratings=form.ratings(), now=timezone.now())
    messages.success(request, "Your rating is kept. Choose below what to look at again.")
    return redirect("mocks:review", pk)


@login_required
@require_POST
def take(request: LearnerRequest, pk: int) -> HttpResponse:
    """Turn what is ticked into reviews and cards."""
    interview = own_interview(request, pk)
    rating = interview.own_rating
    if rating is None:
        return redirect("mocks:review", pk)
    form = TakeOverForm(request.POST, proposals=proposals(interview, rating))
    if not form.is_valid():
        return _review(request, interview, _rating_form(interview), status=422, take_problem="Choose from the list.")
    messages.success(request, _in_words(take_over(interview=interview, wanted=form.wanted(), now=timezone.now())))
    return redirect("mocks:review", pk)


def _review(
    request: LearnerRequest, interview: MockInterview, form: RatingForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    rating = interview.own_rating
    answers = answers_context(interview)
    known = measured(interview)
    context = {
        "interview": interview,
        "rating": rating,
        "form": form,
        **answers,
        "asked_rows": [(item, form.follow_up(item.number)) for item in answers["follow_ups"]],
        "rubric_rows": [(field, text) for field, (_, _, text) in zip(form.marks, answers["rubric"], strict=True)],
        "proposals": proposals(interview, rating) if rating else None,
        "measured_percent": None if known is None else round(100 * known),
        **more,
    }
    return render_page(request, _PAGE, context, status=status)


def _asked(interview: MockInterview) -> list[int]:
    return list(interview.reveals.filter(what=Shown.FOLLOW_UP).order_by("number").values_list("number", flat=True))


def _rating_form(interview: MockInterview) -> RatingForm:
    """Filled in with the rating where there is one."""
    initial: dict[str, Any] = {}
    if rating := interview.own_rating:
        initial = {name: getattr(rating, name) for name in (*CRITERIA, *SELF_QUESTIONS, "note")}
        initial |= {f"follow_up_{number}": answer for number, answer in rating.follow_ups.items()}
    return RatingForm(initial=initial, follow_ups=_asked(interview))


def _in_words(taken: Taken) -> str:
    parts = [
        f"{count} {name}{'' if count == 1 else 's'} {done}"
        for count, name, done in (
            (taken.reviews, "review", "asked for"),
            (taken.cards, "card", "brought forward"),
            (taken.written, "own card", "written"),
        )
        if count
    ]
    return f"Done: {', '.join(parts)}." if parts else "Nothing new was chosen."
