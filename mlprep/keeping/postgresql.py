"""PostgreSQL's client programs against the app's server, and a database in which a dump can be tried."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.db import connection, transaction
from psycopg.pq import Conninfo

from mlprep.keeping.errors import BackupError

PROOF_MARK = "emptied by each backup of mlprep"
"""The comment of a database that backups may fill and empty; make_database.sh makes one."""


def postgres(program: str, *arguments: str) -> str:
    """Run one of PostgreSQL's client programs as the app connects; gives what it printed. Raises BackupError."""
    command = [program, *arguments]
    try:
        # What it says of a damaged dump may quote bytes that are no text.
        done = subprocess.run(  # noqa: S603 (a fixed program, no shell)
            command, check=True, env={**os.environ, **_variables()}, capture_output=True, text=True, errors="replace"
        )
    except FileNotFoundError as error:
        raise BackupError(f"{program} is not installed: install PostgreSQL's client (postgresql-client).") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip() or f"it ended with {error.returncode} and said nothing"
        raise BackupError(f"{program} failed: {said}") from error
    return done.stdout.strip()


def _variables() -> dict[str, str]:
    """What DATABASE_URL says, TLS and all, under the names that libpq gives it; so no password is on a command line."""
    given = connection.get_connection_params()
    names = {option.keyword.decode(): option.envvar.decode() for option in Conninfo.get_defaults() if option.envvar}
    return {names[key]: str(value) for key, value in given.items() if key in names and value not in {None, ""}}


def rows_of(sql: str, database: str) -> list[tuple[str, str]]:
    """The rows of a statement that gives two columns, in another database of the server."""
    printed = postgres("psql", "--no-psqlrc", "--csv", "--tuples-only", f"--command={sql}", database)
    return [(name, value) for line in printed.splitlines() for name, _, value in [line.partition(",")]]


@contextmanager
def scratch_database() -> Iterator[str | None]:
    """An empty database to try a dump in: one made for it, or else the marked one; None where there is neither."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        (may_create,) = cursor.fetchone()
    with _created() if may_create else _marked() as name:
        yield name


@contextmanager
def _created() -> Iterator[str | None]:
    name = f"mlprep_scratch_{uuid4().hex[:12]}"
    postgres("createdb", "--template=template0", name)
    try:
        yield name
    finally:
        postgres("dropdb", "--if-exists", name)


@contextmanager
def _marked() -> Iterator[str | None]:
    name = f"{connection.settings_dict['NAME']}_proof"
    # Held until the end, so that two backups never prove theirs in it at once.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s)) FROM pg_database "
            "WHERE datname = %s AND shobj_description(oid, 'pg_database') = %s",
            [name, name, PROOF_MARK],
        )
        if cursor.fetchone() != (True,):
            yield None
            return
        _empty(name)
        try:
            yield name
        finally:
            _empty(name)


def _empty(database: str) -> None:
    sql = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    postgres("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--command={sql}", database)
