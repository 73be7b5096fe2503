"""Mastery, from all sides."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from progress.roll_ups import overview_of


@login_required
@require_safe
def overview(request: LearnerRequest) -> HttpResponse:
    """The learner's mastery of everything, by week, section, priority and topic."""
    return render_page(request, "progress/overview.html", {"overview": overview_of(request.user)})
