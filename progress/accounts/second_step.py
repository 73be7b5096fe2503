"""The second step of signing in: its secrets are kept encrypted."""

import base64
import hashlib
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class SecondStepAdapter(DefaultMFAAdapter):
    """allauth's, with secrets under a key made of SECRET_KEY: a copy of the database alone gives no codes."""

    def encrypt(self, text: str) -> str:
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; after SECRET_KEY was changed there is none, and an administrator removes the second step."""
        try:
            return self._box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""

    def _box(self) -> Fernet:
        key: Any = hashlib.sha256(b"mlprep.second-step:" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(key))
