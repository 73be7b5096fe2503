"""How many calls of the API somebody may make."""

from typing import TYPE_CHECKING

from allauth.core.internal.ratelimit import get_ip
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from mlprep.shared.limits.taking import LimitReached, take_one

if TYPE_CHECKING:
    from rest_framework.views import APIView


class CallsThrottle(BaseThrottle):
    """So many calls of the API: of one learner, or of one address where nobody is signed in."""

    _wait: float | None = None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if request.user and request.user.is_authenticated:
            limit, whose = "api", f"learner {request.user.pk}"
        else:
            limit, whose = "api_visitors", f"address {get_ip(request._request)}"
        try:
            take_one(limit, whose)
        except LimitReached as reached:
            # Where nothing can be counted, such as on a full disk, reading goes on.
            if reached.uncounted:
                if request.method in SAFE_METHODS:
                    return True
                raise
            self._wait = reached.wait
            return False
        return True

    def wait(self) -> float | None:
        return self._wait
