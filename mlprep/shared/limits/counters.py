"""Counters that take and tell in one statement, so that parallel requests cannot all see the same count.

What is kept is a log of moments, so that no stretch of a window's length ever holds more than the limit. It is kept in
Redis where there is one, and otherwise beside the data: in a table of PostgreSQL's, or in a file next to SQLite's.
Where Redis does not answer the database counts on, from nothing: whoever asks while the store changes has at most the
limit twice.

Moments are whole microseconds since 1970. Of one log each is later than the one before, whatever the clocks of several
machines say; a log that is more than a window ahead is of a clock that was put back, and begins anew.
"""

import json
import os
import re
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import redis
from django.db import DatabaseError, connections

from mlprep.shared.limits.rates import Rate

MICROSECONDS = 1_000_000


class StoreGone(Exception):
    """The counts cannot be reached."""


class Counter(Protocol):
    def take(self, key: str, rate: Rate, now: float) -> int | None:
        """Count one more and give its moment; None where there are as many as there may be."""

    def free_at(self, key: str, rate: Rate, now: float) -> float | None:
        """When there is room for one more, in seconds since 1970; None where there is now."""

    def give_back(self, key: str, moment: int) -> None:
        """Count one less: the one that was taken at that moment, where it still counts."""

    def clear(self, key: str) -> None:
        """Begin anew."""

    def prune(self, now: float) -> None:
        """Drop what no longer counts."""

    def clear_all(self) -> None:
        """Begin everything anew."""


class SqlCounter:
    """Logs in a table, by one conditional upsert. The databases differ in how they take lists apart."""

    table = "mlprep_limitcounter"
    elements, collect, build = (
        "jsonb_array_elements_text(held.moments) AS part(value)",
        "jsonb_agg",
        "jsonb_build_array",
    )

    def _rows(self, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """What a statement with `%(name)s` gives."""
        raise NotImplementedError

    def take(self, key: str, rate: Rate, now: float) -> int | None:
        moment = "CASE WHEN held.last_at > %(ahead)s OR held.last_at < %(now)s THEN %(now)s ELSE held.last_at + 1 END"
        counting = (
            f"SELECT CAST(value AS BIGINT) AS moment FROM {self.elements} "  # noqa: S608 (names of ours)
            f"WHERE CAST(value AS BIGINT) > {moment} - %(window)s AND CAST(value AS BIGINT) <= {moment}"
        )
        rows = self._rows(
            f"INSERT INTO {self.table} AS held (key, count, ends_at, last_at, moments) "  # noqa: S608
            f"VALUES (%(key)s, 1, %(ends_at)s, %(now)s, {self.build}(CAST(%(now)s AS BIGINT))) "
            "ON CONFLICT (key) DO UPDATE SET "
            f"count = 1 + (SELECT COUNT(*) FROM ({counting}) AS counted), ends_at = excluded.ends_at, "
            f"last_at = {moment}, "
            f"moments = (SELECT {self.collect}(moment) FROM ({counting} UNION ALL SELECT {moment}) AS counted) "
            f"WHERE (SELECT COUNT(*) FROM ({counting}) AS counted) < %(amount)s RETURNING last_at",
            {"key": key, "amount": rate.amount, "ends_at": now + rate.seconds, **_in_microseconds(rate, now)},
        )
        return rows[0][0] if rows else None

    def free_at(self, key: str, rate: Rate, now: float) -> float | None:
        rows = self._rows(f"SELECT moments FROM {self.table} WHERE key = %(key)s", {"key": key})  # noqa: S608
        kept = rows[0][0] if rows and rows[0][0] else "[]"
        moments: list[int] = sorted(json.loads(kept) if isinstance(kept, str) else kept)
        return _room_at(moments[-rate.amount] if len(moments) >= rate.amount else None, rate, now)

    def give_back(self, key: str, moment: int) -> None:
        self._rows(
            f"UPDATE {self.table} AS held SET count = count - 1, moments = "  # noqa: S608
            f"(SELECT {self.collect}(CAST(value AS BIGINT)) FROM {self.elements} "
            "WHERE CAST(value AS BIGINT) <> %(moment)s) WHERE key = %(key)s AND count > 0 AND EXISTS "
            f"(SELECT 1 FROM {self.elements} WHERE CAST(value AS BIGINT) = %(moment)s) RETURNING key",
            {"key": key, "moment": moment},
        )

    def clear(self, key: str) -> None:
        self._rows(f"DELETE FROM {self.table} WHERE key = %(key)s RETURNING key", {"key": key})  # noqa: S608

    def prune(self, now: float) -> None:
        self._rows(f"DELETE FROM {self.table} WHERE ends_at <= %(now)s RETURNING key", {"now": now})  # noqa: S608

    def clear_all(self) -> None:
        self._rows(f"DELETE FROM {self.table} RETURNING key", {})  # noqa: S608


def _in_microseconds(rate: Rate, now: float) -> dict[str, int]:
    """The moment, the length of the window, and from when on a log is of a clock that was put back."""
    moment, window = int(now * MICROSECONDS), int(rate.seconds * MICROSECONDS)
    return {"now": moment, "window": window, "ahead": moment + window}


def _room_at(earliest: int | None, rate: Rate, now: float) -> float | None:
    """When there is room again. earliest: the first of the last `amount` moments, where there are as many."""
    facts = _in_microseconds(rate, now)
    if earliest is None or not facts["now"] - facts["window"] < earliest <= facts["ahead"]:
        return None
    return (earliest + facts["window"]) / MICROSECONDS


_IN_SQLITE = "json_each(held.moments)", "json_group_array", "json_array"


class TableCounter(SqlCounter):
    """Logs in the database's own table."""

    def __init__(self) -> None:
        if connections["default"].vendor == "sqlite":
            self.elements, self.collect, self.build = _IN_SQLITE

    def _rows(self, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        try:
            with connections["default"].cursor() as cursor:
                cursor.execute(statement, values)
                rows: list[tuple[Any, ...]] = cursor.fetchall()
                return rows
        except DatabaseError as error:
            raise StoreGone from error


class FileCounter(SqlCounter):
    """Logs in an SQLite file of its own, which need not outlive a power cut and so never waits for the disk."""

    # `counter` is of versions that counted windows; while one of them still runs it counts there.
    table = "log"
    elements, collect, build = _IN_SQLITE

    def __init__(self, path: Path, journal_mode: str = "WAL") -> None:
        self.path, self.journal_mode = path, journal_mode
        self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Its owner's alone; SQLite gives the files beside it the same rights.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with suppress(PermissionError):
                self.path.chmod(0o600)
            made = sqlite3.connect(self.path, timeout=5, isolation_level=None)
            made.execute("PRAGMA synchronous=OFF")
            made.execute(f"PRAGMA journal_mode={self.journal_mode}")
            made.execute(
                f"CREATE TABLE IF NOT EXISTS {self.table} "
                "(key TEXT PRIMARY KEY, count INTEGER NOT NULL, ends_at REAL NOT NULL, last_at INTEGER NOT NULL, "
                "moments TEXT) WITHOUT ROWID"
            )
            self._local.connection = made
        found: sqlite3.Connection = self._local.connection
        return found

    def _rows(self, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        try:
            # Read to the end: what returns rows is committed only then.
            return self._connection().execute(re.sub(r"%\((\w+)\)s", r":\1", statement), values).fetchall()
        except (sqlite3.Error, OSError) as error:
            raise StoreGone from error


_TAKE = """
local key, amount, now, window = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local last = tonumber(redis.call('LINDEX', key, -1) or '0')
if last > now + window then
  redis.call('DEL', key)
elseif last >= now then
  now = last + 1
end
local first = redis.call('LINDEX', key, 0)
while first and tonumber(first) <= now - window do
  redis.call('LPOP', key)
  first = redis.call('LINDEX', key, 0)
end
if redis.call('LLEN', key) >= amount then return false end
local moment = string.format('%.0f', now)
redis.call('RPUSH', key, moment)
redis.call('PEXPIRE', key, math.ceil(window / 1000) + 1)
return moment
"""


class RedisCounter:
    """Logs in Redis, by a script that nothing comes between."""

    def __init__(self, url: str, prefix: str) -> None:
        # Versions that counted windows kept other values under the bare prefix.
        self.prefix = f"{prefix}log:"
        # A server that has gone must not hold up whoever asks.
        self._redis: Any = redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=1)

    def _run(self, what: str, *values: object) -> Any:
        try:
            return getattr(self._redis, what)(*values)
        except (redis.RedisError, OSError) as error:
            raise StoreGone from error

    def take(self, key: str, rate: Rate, now: float) -> int | None:
        facts = _in_microseconds(rate, now)
        found = self._run("eval", _TAKE, 1, self.prefix + key, rate.amount, facts["now"], facts["window"])
        return None if found is None else int(found)

    def free_at(self, key: str, rate: Rate, now: float) -> float | None:
        found = self._run("lindex", self.prefix + key, -rate.amount)
        return _room_at(None if found is None else int(found), rate, now)

    def give_back(self, key: str, moment: int) -> None:
        self._run("lrem", self.prefix + key, 1, moment)

    def clear(self, key: str) -> None:
        self._run("delete", self.prefix + key)

    def prune(self, now: float) -> None:
        """Redis lets go by itself."""

    def clear_all(self) -> None:
        for key in self._redis.scan_iter(f"{self.prefix}*"):
            self._redis.delete(key)
