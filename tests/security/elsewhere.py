"""The small provider of tests/oidc_provider.py, of whom Alice and Bob are known there."""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.models import SocialAccount
from django.test import Client

from tests import oidc_provider
from tests.oidc_provider import CALLBACK, LOGIN


class Provider(oidc_provider.Provider):
    """Signs in whoever `uid` names, who was asked `asked` seconds ago; None where the provider does not say."""

    def __init__(self) -> None:
        super().__init__()
        self.uid, self.asked_ago = "alice-there", 0.0

    def knows(self, user: Any) -> Client:
        """Somebody of this provider's who has no password here, signed in by it."""
        user.set_unusable_password()
        user.save()
        SocialAccount.objects.create(user=user, provider="oidc", uid=f"{user.username}-there")
        client = Client()
        self.uid = f"{user.username}-there"
        self.answer_to(client, client.post(f"{LOGIN}?process=login"))
        return client

    def answer_to(self, client: Client, asked: Any) -> Any:
        """The browser comes back from the address that it was sent to."""
        self.person = {"sub": self.uid}
        self.claims = {} if self.asked_ago is None else {"auth_time": int(time.time() - self.asked_ago)}
        return client.get(f"{CALLBACK}?{urlencode(self.consent(asked.headers['Location']))}")
