"""The databases of installations that tests break: files, or databases of their own on the suite's PostgreSQL."""

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
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
        with self.connect() as connection:
            return connection.execute(query if IS_POSTGRESQL else query.replace("%s", "?"), values).fetchall()

    def change(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement with `%s` for each row of values, in one transaction."""
        with self.connect() as connection:
            cursor = connection.cursor()
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
        """A copy of a database that nobody uses."""
        if self.url.startswith("sqlite"):
            shutil.copy(self.path, folder / "mlprep.sqlite3")
            return Database(f"sqlite:///{folder / 'mlprep.sqlite3'}")
        return new_database(folder, server=self.url, template=self._name)

    @property
    def _name(self) -> str:
        return urlsplit(self.url).path.lstrip("/")


def new_database(folder: Path, *, server: str = "", template: str = "template0") -> Database:
    """An empty database: a file in the folder, or one on the suite's PostgreSQL or on the server of an address."""
    server = server or os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        return Database(f"sqlite:///{folder / 'mlprep.sqlite3'}")
    name = f"mlprep_faults_{uuid4().hex[:12]}"
    _on_server(server, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    return Database(urlunsplit(urlsplit(server)._replace(path=f"/{name}")))


def _on_server(url: str, statement: sql.Composed) -> None:
    address = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    with suppress(psycopg.errors.DuplicateDatabase), psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)
