"""Tokens over the API."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError as RefusedByAllauth
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from progress.accounts.events import record
from progress.accounts.models import User
from progress.accounts.tokens import TooManyTokens, make_token_by_password

SECOND_STEP = "Signing in takes a second step: make a token on your account page."


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False, style={"input_type": "password"})


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField()


class TokenView(GenericAPIView[User]):
    """A token for a name and a password, good for 90 days, that may read and write.

    The sixth replaces the first. Too many wrong passwords are refused for a while (429).
    """

    authentication_classes = []
    permission_classes = [AllowAny]
    serializer_class = CredentialsSerializer
    queryset = User.objects.none()

    @extend_schema(responses=TokenSerializer)
    def post(self, request: Request) -> Response:
        credentials = self.get_serializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        try:
            user = get_adapter().authenticate(request._request, **credentials.validated_data)
        except RefusedByAllauth as error:
            raise Throttled(detail="Too many failed sign-ins; try again later.") from error
        if user is None or not user.is_active:
            raise ValidationError({"non_field_errors": ["Username and password do not fit together."]})
        if is_mfa_enabled(user):
            raise ValidationError({"non_field_errors": [SECOND_STEP]})
        try:
            key = make_token_by_password(learner=user, now=timezone.now())
        except TooManyTokens as error:
            raise ValidationError({"non_field_errors": [str(error)]}) from error
        record("API token made", user_id=user.pk, scope="write")
        return Response({"token": key})
