"""The second step of signing in: its secrets are kept encrypted."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SecondStepAdapter(DefaultMFAAdapter):
    """allauth's, with secrets under a key made of SECRET_KEY: a copy of the database alone gives no codes."""

    def encrypt(self, text: str) -> str:
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where its key is gone there is none, and an administrator removes the second step."""
        try:
            return self._box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""

    def _box(self) -> MultiFernet:
        """Encrypts by SECRET_KEY; decrypts by those of before, too."""
        return MultiFernet([_box_of(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _box_of(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"mlprep.second-step:" + key.encode()).digest()))
