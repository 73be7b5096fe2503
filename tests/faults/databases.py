"""The databases of installations that tests break: files, or databases of their own on the suite's PostgreSQL."""

import os
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from django.db import connection
from psycopg import sql

IS_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
VENDOR = "PostgreSQL" if IS_POSTGRESQL else "SQLite"


@dataclass(frozen=True)
class Database:
    """One database, by the address that DATABASE_URL has."""

    url: str

    @property
    def path(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    def connect(self) -> Any:
        """A connection of the test's own, past the product; each statement commits by itself."""
        if self.url.startswith("sqlite"):
            return closing(sqlite3.connect(self.path, timeout=60, isolation_level=None))
        return psycopg.connect(self.url, autocommit=True)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query with `%s` gives."""
        with self.connect() as own:
            return own.execute(query if IS_POSTGRESQL else query.replace("%s", "?"), values).fetchall()

    def change(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement with `%s` for each row of values, in one transaction."""
        with self.connect() as own:
            cursor = own.cursor()
            cursor.execute("BEGIN")
            cursor.executemany(statement if IS_POSTGRESQL else statement.replace("%s", "?"), rows)
            cursor.execute("COMMIT")

    def moment(self, when: datetime) -> object:
        """A moment (UTC) as it is stored."""
        return when if not self.url.startswith("sqlite") else when.replace(tzinfo=None).isoformat(" ")

    def drop(self) -> None:
        if not self.url.startswith("sqlite"):
            _on_server(self.url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._name)))

    def copied_to(self, folder: Path) -> "Database":
        """A copy of a database that nobody writes to, in the folder or on the same PostgreSQL."""
        if not self.url.startswith("sqlite"):
            return new_database(folder, template=self._name)
        copy = new_database(folder)
        with self.connect() as source, copy.connect() as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=WAL")
        return copy

    def dumped_to(self, url: str) -> "Database":
        """A copy on another PostgreSQL."""
        dump = subprocess.run(["pg_dump", "--no-owner", self.url], check=True, capture_output=True)  # noqa: S607
        command = ["psql", "--quiet", "--set=ON_ERROR_STOP=1", url]
        subprocess.run(command, input=dump.stdout, check=True, stdout=subprocess.DEVNULL)
        return Database(url)

    @property
    def _name(self) -> str:
        return urlsplit(self.url).path.lstrip("/")


def suites_own() -> Database:
    """The suite's database, which is migrated and between tests has nothing in it."""
    name = str(connection.settings_dict["NAME"])
    assert "test" in name.rpartition("/")[2], f"{name} is none of the suite's"
    if not IS_POSTGRESQL:
        return Database(f"sqlite:///{name}")
    return Database(urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")))


def new_database(folder: Path, *, template: str = "template0") -> Database:
    """A database: an empty file in the folder, or one on the suite's PostgreSQL, with what the template has."""
    server = os.environ.get("DATABASE_URL", "")
    if not IS_POSTGRESQL:
        return Database(f"sqlite:///{folder / 'mlprep.sqlite3'}")
    name = f"mlprep_faults_{uuid4().hex[:12]}"
    _on_server(server, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    return Database(urlunsplit(urlsplit(server)._replace(path=f"/{name}")))


def _on_server(url: str, statement: sql.Composed) -> None:
    address = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    with suppress(psycopg.errors.DuplicateDatabase), psycopg.connect(address, autocommit=True) as own:
        own.execute(statement)
