"""Would I pass?"""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mlprep.plan.rows import plan_of
from mlprep.readiness.forecast import forecasts
from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from quizzes.domain.mocks.script import ROLES


@login_required
@require_safe
def readiness(request: LearnerRequest) -> HttpResponse:
    """The score to expect in each kind of mock interview, today and on the day; for `?role=`, or the plan's role."""
    now = timezone.now()
    plan = plan_of(request.user)
    # The plan's names of roles have hyphens.
    role = request.GET.get("role", plan.role.replace("-", "_") if plan else "")
    role = role if role in ROLES else ""
    found, without = forecasts(request.user, role, now)
    date = request.user.interview_date
    context = {
        "forecasts": found,
        "without": without,
        "roles": [("", "All roles"), *ROLES.items()],
        "role": role,
        "date": date if date and date > request.user.day_of(now) else None,
        "has_plan": any(forecast.by_plan for forecast in found),
    }
    return render_page(request, "progress/readiness.html", context)
