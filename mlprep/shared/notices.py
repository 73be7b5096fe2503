"""Messages to whoever just did something, in a cookie that no other host can set."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NoticeCookies(CookieStorage):
    """Django's, named as the other cookies are."""

    cookie_name = "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"


class Notices(FallbackStorage):
    """In the cookie, and in the session what does not fit."""

    storage_classes = (NoticeCookies, SessionStorage)
