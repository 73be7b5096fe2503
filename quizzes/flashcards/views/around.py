"""What the views have in common: where a form leads back to, and a change that came too late."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme

from progress.accounts.requests import LearnerRequest
from quizzes.flashcards.changes import StaleCard
from quizzes.flashcards.presenting import Given

LONGEST = 2000
"""Characters of an address to go back to; redirects take no longer ones."""
CHANGED_ELSEWHERE = "A card was changed in another window meanwhile, so nothing was done here. Try again."


def asked_for(request: LearnerRequest) -> str:
    """The page of flashcards that a form or link names as the one it stands on; empty where there is none."""
    came_from = request.POST.get("next") or request.GET.get("next", "")
    is_ours = len(iri_to_uri(came_from)) < LONGEST and url_has_allowed_host_and_scheme(came_from, allowed_hosts=None)
    return came_from if is_ours and came_from.startswith(reverse("flashcards:home")) else ""


def given_in(request: LearnerRequest) -> Given:
    """The answer to a generated question that stands in the address."""
    spent = request.GET.get("spent", "")
    return Given(
        typed=request.GET.get("typed", "")[:100],
        gave_up="give_up" in request.GET,
        milliseconds=int(spent) if spent.isascii() and spent.isdigit() and len(spent) < 10 else None,
    )


def told_if_stale(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that tells, instead of failing, where a card was changed elsewhere while it worked."""

    @wraps(view)
    def guarded(request: LearnerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except StaleCard:
            messages.info(request, CHANGED_ELSEWHERE)
            return redirect(asked_for(request) or "flashcards:review")

    return guarded
