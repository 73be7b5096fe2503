"""To which addresses letters go, and what happens to a letter that the mail server does not take."""

import logging

from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from progress.accounts.models import User

RETRY_AFTER = 60
"""Seconds after which it is worth asking for a letter again."""
_log = logging.getLogger(__name__)


class LetterNotSent(Exception):
    """The mail server did not take a letter, and nothing else was changed."""


def proved_address_of(user: User) -> str | None:
    """The user's main address if a letter's link has shown that it is theirs; only there letters go unasked."""
    proved = EmailAddress.objects.filter(user=user, primary=True, verified=True)
    address: str | None = proved.values_list("email", flat=True).first()
    return address


def note_failure(error: OSError) -> None:
    """Log why a letter was not sent, without the address, which errors of SMTP repeat."""
    number = getattr(error, "smtp_code", None) or error.errno or ""
    _log.error("A letter could not be sent: %s %s", type(error).__name__, number)


def answer_letter_not_sent(request: HttpRequest) -> HttpResponse:
    """The page that says so: 503, and when to try again."""
    response = render(request, "account/letter_not_sent.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    return response
