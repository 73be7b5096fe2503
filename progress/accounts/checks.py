"""Refuses to start with settings that cannot be meant."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from progress.accounts.adapter import REGISTRATION_MODES


@register
def check_registration(**_: Any) -> list[CheckMessage]:
    if settings.REGISTRATION in REGISTRATION_MODES:
        return []
    return [
        Error(
            f"REGISTRATION is {settings.REGISTRATION!r}.",
            hint=f"Set it to one of {', '.join(REGISTRATION_MODES)}.",
            id="mlprep.E001",
        )
    ]
