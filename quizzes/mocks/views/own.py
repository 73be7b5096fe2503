"""The learner's own interview, closed where its time is up."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from mlprep.shared.htmx import wants_fragment
from progress.accounts.requests import LearnerRequest
from quizzes.mocks.models import MockInterview
from quizzes.mocks.services import close_overdue_interviews


def own_interview(request: LearnerRequest, pk: int) -> MockInterview:
    """The interview with its script; another's is not found."""
    interviews = MockInterview.objects.of(request.user).with_script()
    interview = get_object_or_404(interviews, pk=pk)
    if interview.finished_at is None and close_overdue_interviews(now=timezone.now(), learner=request.user):
        interview = interviews.get(pk=pk)
    interview.learner = request.user
    return interview


def go_to(request: LearnerRequest, address: str) -> HttpResponse:
    """Redirect the whole page, also where htmx asked for a part of it."""
    return HttpResponseClientRedirect(address) if wants_fragment(request) else redirect(address)
