"""Passwords that whoever knows this installation would try first."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

WORDS = ("mlprep", "machine", "learning", "interview", "flashcard", "flashcards", "quiz", "prep", "password", "admin")
"""Words of the product; those of SITE_URL's host come to them."""
LEAST_BESIDES = 4


class ContextWordsValidator:
    """Refuses what is made of the product's, the site's or the learner's own names, a few characters apart."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError where fewer than LEAST_BESIDES letters or digits are left without these words."""
        names = [getattr(user, "username", "") or "", *(getattr(user, "email", "") or "").split("@")[:1]]
        host = (urlsplit(settings.SITE_URL).hostname or "").split(".")
        words = sorted({word.lower() for word in (*WORDS, *host, *names) if len(word) >= 4}, key=len, reverse=True)
        left = re.sub(r"\W|_", "", password.lower())
        if not any(word in left for word in words):
            return
        for word in words:
            left = left.replace(word, "")
        # A year or a count behind a known word is what is tried next.
        if len(re.sub(r"\d", "", left)) < LEAST_BESIDES:
            raise ValidationError(
                "This password is made of words that anybody would try here. Add a few of your own.",
                code="password_of_context_words",
            )

    def get_help_text(self) -> str:
        return "Your password can't be made of the names of this site and of yourself alone."
