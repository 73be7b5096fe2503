"""Mastery per week."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from progress.standing import standing_by_week


@login_required
@require_safe
def overview(request: LearnerRequest) -> HttpResponse:
    """The learner's mastery of every week of the tracker."""
    return render_page(request, "progress/overview.html", {"weeks": standing_by_week(request.user)})
