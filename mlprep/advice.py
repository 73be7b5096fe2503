"""What whoever starts an installation should know about its settings, though they are no reason not to start."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from mlprep.safety import is_loopback, is_open_http, is_reachable
from progress.accounts.context import mail_works

_OTHERS = 0o077


def advice() -> Iterator[str]:
    """One sentence or two each: what holds, and what to set where something else is meant."""
    site, host = settings.SITE_URL, settings.BIND_HOST
    is_local = not is_reachable(site, "127.0.0.1")
    if is_local and host and not is_loopback(host):
        yield (
            f"it listens on {host}, but SITE_URL is {site}: whoever comes by another address is refused (400). "
            "Set SITE_URL to the address that people type."
        )
    if is_open_http(site):
        yield "ALLOW_HTTP is on: passwords and sessions cross the network for anybody on the way to read."
    if site.startswith("https:") and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield (
            "SITE_URL has https, but TRUSTED_PROXY_COUNT is 0: set how many proxies are in front. Without it pages may "
            "redirect to themselves, and limits take all visitors for one."
        )
    if settings.REGISTRATION == "open" and not is_local and not mail_works():
        yield (
            "anybody may sign up, but no e-mail can be sent (EMAIL_URL), so whoever forgets a password needs you. Set "
            "EMAIL_URL, or REGISTRATION to invite or closed."
        )
    if connection.vendor == "postgresql" and not settings.LIMITS_REDIS_URL:
        yield (
            "there is no Redis (CACHE_URL): limits are counted in PostgreSQL, as exactly and over all machines, with a "
            "write for each. That is right for one machine; for several set CACHE_URL."
        )
    folder = Path(settings.DATA_DIR)
    if folder.is_dir() and folder.stat().st_mode & _OTHERS:
        yield f"others on this machine may look into DATA_DIR; close it to them: chmod 700 {folder.resolve()}"
