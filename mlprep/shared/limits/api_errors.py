"""The API's words for a limit that was reached."""

from typing import Any

from rest_framework.exceptions import Throttled
from rest_framework.response import Response
from rest_framework.views import exception_handler

from mlprep.shared.limits.taking import LimitReached


def answer_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """The API's answer to an error; a limit that was reached is 429, one that cannot be counted 503."""
    if isinstance(error, LimitReached) and error.uncounted:
        said = {"detail": str(error), "code": "unavailable"}
        return Response(said, status=error.status, headers={"Retry-After": str(error.wait)})
    if isinstance(error, LimitReached):
        error = Throttled(wait=error.wait, detail=str(error))
    return exception_handler(error, context)
