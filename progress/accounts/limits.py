"""allauth's limits on signing in, signing up and passwords, counted by our counters.

allauth keeps a list of times in Django's cache and guards it with a lock that it waits a second for: under a hundred
parallel requests it then refuses more than its limit asks, and without its cache it fails. It has no setting for
another store, so its two functions that touch the cache are replaced; a test sees that they are still the ones.
"""

from dataclasses import dataclass
from typing import Any

from allauth.core.exceptions import RateLimited
from allauth.core.internal import ratelimit
from django.http import HttpRequest

from mlprep.shared.limits.rates import Rate
from mlprep.shared.limits.refusing import note
from mlprep.shared.limits.taking import LimitReached, Taken, clear, look, take


@dataclass(frozen=True, slots=True)
class Usage:
    """What allauth gives back where a sign-in was right."""

    taken: Taken | None

    def rollback(self) -> None:
        if self.taken:
            self.taken.give_back()


def count_by_our_counters() -> None:
    """Let allauth's limits count where ours do."""
    ratelimit._consume_single_rate = _consume
    ratelimit.clear = _clear


def _consume(  # noqa: PLR0913 (allauth's)
    request: HttpRequest,
    *,
    app: str,
    action: str,
    rate: Any,
    key: str | None = None,
    user: Any = None,
    dry_run: bool = False,
    raise_exception: bool = False,
) -> Usage | None:
    """Count one; None, or RateLimited, where there are as many as there may be."""
    name = ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key, user=user)
    ours = Rate(rate.amount, rate.duration)
    try:
        if not dry_run:
            return Usage(take(name, ours))
        look(name, ours)
    except LimitReached as reached:
        note(request, reached)
        if raise_exception:
            raise RateLimited from reached
        return None
    return Usage(None)


def _clear(  # noqa: PLR0913 (allauth's)
    request: HttpRequest,
    *,
    app: str,
    action: str,
    config: dict[str, str] | None = None,
    key: str | None = None,
    user: Any = None,
) -> None:
    """Begin an action's counts anew."""
    for rate in ratelimit.get_rates(app=app, action=action, config=config):
        clear(ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key, user=user))
