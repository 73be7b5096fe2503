"""The clock's own doing: quizzes close when their time is up, whichever page is opened next."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from progress.models import User
from quizzes.attempts.services import close_overdue


class OverdueQuizMiddleware:
    """Closes a signed-in learner's overdue quizzes before a page is made, so that mastery counts them.

    Costs one indexed query a page. API calls with a token are not seen here; the quiz API sees to itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            close_overdue(learner=request.user, now=timezone.now())
        return self.get_response(request)
