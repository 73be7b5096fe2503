"""Requests of which it is settled that somebody is signed in."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails
from rest_framework.request import Request

from progress.accounts.models import User


class LearnerRequest(HttpRequest):
    """A request past `login_required`; for type checking."""

    user: User
    htmx: HtmxDetails


def learner_of(request: Request) -> User:
    """The learner of an API request past `IsAuthenticated`."""
    assert isinstance(request.user, User)
    return request.user
