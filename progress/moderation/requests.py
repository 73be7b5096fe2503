"""Views that only moderators find."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse

from progress.accounts.requests import LearnerRequest

View = Callable[..., HttpResponse]


def moderators_only(view: View) -> View:
    """Visitors sign in first; for learners there is no such page."""

    @login_required
    @wraps(view)
    def found_by_moderators(request: LearnerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.may_moderate:
            raise Http404
        return view(request, *args, **kwargs)

    return found_by_moderators
