"""Redis that may go away: what is counted meanwhile is counted in the database."""

import logging
import time
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import TimeoutError as Unanswered
from redis.retry import Retry

FALLBACK = "without-redis"
"""The cache that takes over, by its name in the settings."""

_AWAY_SECONDS = 1.0
"""How long Redis is left alone once it did not answer, so that not every request waits for it."""

_log = logging.getLogger("mlprep.caching")
_away_until = 0.0


class SteadyRedisCache(RedisCache):
    """Redis; while it cannot be reached, the cache FALLBACK.

    Rate limits go on counting then, from nothing: at worst a limit lets twice its number through, never everything.
    """

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        # A connection that a restart has cut is made anew at once; more patience would hold every request up.
        patience = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 1)}
        options = {**patience, **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("add", args, kwargs))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", args, kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._ask("set", args, kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("touch", args, kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("delete", args, kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return dict(self._ask("get_many", args, kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ask("has_key", args, kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        try:
            return int(self._ask("incr", args, kwargs))
        except ValueError:
            if not _away_until:
                raise
            # The key was made in Redis, a moment before it went away.
            caches[FALLBACK].add(args[0], 0)
            return int(caches[FALLBACK].incr(*args, **kwargs))

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return list(self._ask("set_many", args, kwargs))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._ask("delete_many", args, kwargs)

    def clear(self) -> None:
        self._ask("clear", (), {})

    def _ask(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        global _away_until
        if time.monotonic() >= _away_until:
            try:
                found = getattr(super(), method)(*args, **kwargs)
                _away_until = 0.0
                return found
            except (Unreachable, Unanswered) as error:
                if not _away_until:
                    _log.warning("Redis does not answer (%s); limits are counted in the database meanwhile", error)
                _away_until = time.monotonic() + _AWAY_SECONDS
        return getattr(caches[FALLBACK], method)(*args, **kwargs)
