"""Who sends an API token, and whether it may do what is asked."""

from django.utils import timezone
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from progress.accounts.models import ApiToken, Scope, User
from progress.accounts.tokens import find_token, note_use

UNKNOWN = "This API token is unknown, has expired or was taken back: make a new one on your account page."
READS_ONLY = "This API token may only read: make one that may write on your account page."


class ApiTokenAuthentication(TokenAuthentication):
    """`Authorization: Token …`: 401 for a token that is not good any more, 403 for one that may not do this."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        found: tuple[User, ApiToken] | None = super().authenticate(request)
        if found and found[1].scope != Scope.WRITE and request.method not in SAFE_METHODS:
            raise PermissionDenied(READS_ONLY)
        return found

    def authenticate_credentials(self, key: str) -> tuple[User, ApiToken]:
        now = timezone.now()
        token = find_token(key=key, now=now)
        if token is None:
            raise AuthenticationFailed(UNKNOWN)
        note_use(token=token, now=now)
        return token.learner, token
