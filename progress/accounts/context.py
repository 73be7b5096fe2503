"""What every page may know of how accounts are set up."""

from django.conf import settings
from django.http import HttpRequest

_WITHOUT_SERVER = {"django.core.mail.backends.console.EmailBackend", "django.core.mail.backends.dummy.EmailBackend"}


def accounts(request: HttpRequest) -> dict[str, bool]:
    """Whether anybody may sign up, and whether mail can be sent."""
    return {
        "sign_up_open": settings.REGISTRATION == "open",
        "mail_works": mail_works(),
    }


def mail_works() -> bool:
    """Whether letters go to people and not to the console."""
    return settings.EMAIL_BACKEND not in _WITHOUT_SERVER
