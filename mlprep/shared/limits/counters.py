"""Counters that take and tell in one statement, so that parallel requests cannot all see the same count.

A count is kept in Redis where there is one, and otherwise beside the data: in a table of PostgreSQL's, or in a file
next to SQLite's. Where Redis does not answer the database counts on, from nothing: whoever asks while the store
changes has at most the limit twice.
"""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import redis
from django.db import DatabaseError, connections

Row = tuple[int, float]
"""A count and when its window ends, in seconds since 1970."""


class StoreGone(Exception):
    """The counts cannot be reached."""


class Counter(Protocol):
    def take(self, key: str, amount: int, now: float, ends_at: float) -> float | None:
        """Count one more and give the end of its window; None where there are `amount` already."""

    def look(self, key: str, now: float) -> Row | None:
        """The count as it is; None where no window is open."""

    def give_back(self, key: str, ends_at: float) -> None:
        """Count one less, if that window is still open."""

    def clear(self, key: str) -> None:
        """Begin anew."""

    def prune(self, now: float) -> None:
        """Drop the windows that are over."""

    def clear_all(self) -> None:
        """Begin everything anew."""


class SqlCounter:
    """Counts in a table, by one conditional upsert."""

    table = "mlprep_limitcounter"

    def _rows(self, statement: str, values: Sequence[str | float] = ()) -> list[Row]:
        raise NotImplementedError

    def take(self, key: str, amount: int, now: float, ends_at: float) -> float | None:
        rows = self._rows(
            f"INSERT INTO {self.table} AS held (key, count, ends_at) VALUES (%s, 1, %s) "  # noqa: S608 (a name of ours)
            "ON CONFLICT (key) DO UPDATE SET "
            "count = CASE WHEN held.ends_at <= %s THEN 1 ELSE held.count + 1 END, "
            "ends_at = CASE WHEN held.ends_at <= %s THEN excluded.ends_at ELSE held.ends_at END "
            "WHERE held.ends_at <= %s OR held.count < %s RETURNING count, ends_at",
            [key, ends_at, now, now, now, amount],
        )
        return rows[0][1] if rows else None

    def look(self, key: str, now: float) -> Row | None:
        asked = f"SELECT count, ends_at FROM {self.table} WHERE key = %s AND ends_at > %s"  # noqa: S608
        rows = self._rows(asked, [key, now])
        return rows[0] if rows else None

    def give_back(self, key: str, ends_at: float) -> None:
        self._rows(
            f"UPDATE {self.table} SET count = count - 1 WHERE key = %s AND ends_at = %s AND count > 0 "  # noqa: S608
            "RETURNING count, ends_at",
            [key, ends_at],
        )

    def clear(self, key: str) -> None:
        self._rows(f"DELETE FROM {self.table} WHERE key = %s RETURNING count, ends_at", [key])  # noqa: S608

    def prune(self, now: float) -> None:
        self._rows(f"DELETE FROM {self.table} WHERE ends_at <= %s RETURNING count, ends_at", [now])  # noqa: S608

    def clear_all(self) -> None:
        self._rows(f"DELETE FROM {self.table} RETURNING count, ends_at")  # noqa: S608


class TableCounter(SqlCounter):
    """Counts in the database's own table."""

    def _rows(self, statement: str, values: Sequence[str | float] = ()) -> list[Row]:
        try:
            with connections["default"].cursor() as cursor:
                cursor.execute(statement, values)
                rows: list[Row] = cursor.fetchall()
                return rows
        except DatabaseError as error:
            raise StoreGone from error


class FileCounter(SqlCounter):
    """Counts in an SQLite file of its own, which need not outlive a power cut and so never waits for the disk."""

    table = "counter"

    def __init__(self, path: Path, journal_mode: str = "WAL") -> None:
        self.path, self.journal_mode = path, journal_mode
        self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            made = sqlite3.connect(self.path, timeout=5, isolation_level=None)
            made.execute("PRAGMA synchronous=OFF")
            made.execute(f"PRAGMA journal_mode={self.journal_mode}")
            made.execute(
                f"CREATE TABLE IF NOT EXISTS {self.table} "
                "(key TEXT PRIMARY KEY, count INTEGER NOT NULL, ends_at REAL NOT NULL) WITHOUT ROWID"
            )
            self._local.connection = made
        found: sqlite3.Connection = self._local.connection
        return found

    def _rows(self, statement: str, values: Sequence[str | float] = ()) -> list[Row]:
        try:
            # Read to the end: what returns rows is committed only then.
            return self._connection().execute(statement.replace("%s", "?"), values).fetchall()
        except (sqlite3.Error, OSError) as error:
            raise StoreGone from error


_TAKE = """
local ends = redis.call('HGET', KEYS[1], 'ends') or '0'
local count = tonumber(redis.call('HGET', KEYS[1], 'count') or '0')
if tonumber(ends) <= tonumber(ARGV[2]) then
  count, ends = 0, ARGV[3]
  redis.call('HSET', KEYS[1], 'count', 0, 'ends', ends)
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
if count >= tonumber(ARGV[1]) then return false end
redis.call('HSET', KEYS[1], 'count', count + 1)
return ends
"""
_GIVE_BACK = """
local ends = redis.call('HGET', KEYS[1], 'ends')
local count = tonumber(redis.call('HGET', KEYS[1], 'count') or '0')
if ends == ARGV[1] and count > 0 then redis.call('HINCRBY', KEYS[1], 'count', -1) end
"""


class RedisCounter:
    """Counts in Redis, by a script that nothing comes between."""

    def __init__(self, url: str, prefix: str) -> None:
        self.prefix = prefix
        # A server that has gone must not hold up whoever asks.
        self._redis: Any = redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=1)

    def _run(self, what: str, *values: object) -> Any:
        try:
            return getattr(self._redis, what)(*values)
        except (redis.RedisError, OSError) as error:
            raise StoreGone from error

    def take(self, key: str, amount: int, now: float, ends_at: float) -> float | None:
        lasts = int(1000 * (ends_at - now)) + 1
        found = self._run("eval", _TAKE, 1, self.prefix + key, amount, repr(now), repr(ends_at), lasts)
        return None if found is None else float(found)

    def look(self, key: str, now: float) -> Row | None:
        count, ends_at = self._run("hmget", self.prefix + key, "count", "ends")
        return (int(count), float(ends_at)) if count and float(ends_at) > now else None

    def give_back(self, key: str, ends_at: float) -> None:
        self._run("eval", _GIVE_BACK, 1, self.prefix + key, repr(ends_at))

    def clear(self, key: str) -> None:
        self._run("delete", self.prefix + key)

    def prune(self, now: float) -> None:
        """Redis lets go by itself."""

    def clear_all(self) -> None:
        for key in self._redis.scan_iter(f"{self.prefix}*"):
            self._redis.delete(key)
