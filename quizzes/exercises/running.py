"""Whether code can be run here, and where."""

from functools import cache
from pathlib import Path

from django.conf import settings

from quizzes.sandbox.client import Sandbox
from quizzes.sandbox.confine import missing

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@cache
def sandbox() -> Sandbox:
    """This installation's sandbox on this machine."""
    home = Path(settings.DATA_DIR)
    home.mkdir(parents=True, exist_ok=True)
    return Sandbox(home)


def why_not() -> str:
    """Why exercises cannot be run on this server, for the learner; empty where they can.

    Code that cannot be confined is run only where nobody but the machine's own user can reach the server.
    """
    reason = missing()
    if not reason or listens_to_itself_alone():
        return ""
    return f"{reason} So code is run only where the server listens on 127.0.0.1 alone; download the folder instead."


def unconfined_notice() -> str:
    """What a learner must know who runs code on a server that cannot confine it; empty where it can."""
    reason = missing()
    return f"{reason} Your code runs with your own rights." if reason and listens_to_itself_alone() else ""


def listens_to_itself_alone() -> bool:
    """Whether the server is bound to the loopback address, as far as it was told (`HOST`)."""
    return settings.BIND_HOST in _LOOPBACK and not settings.ALLAUTH_TRUSTED_PROXY_COUNT
