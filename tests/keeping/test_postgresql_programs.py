"""PostgreSQL's programs reach the server as the app does, and the user of compose.yaml proves its backups."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.faults.clusters import Cluster
from tests.faults.databases import Database
from tests.faults.installation import Installation

SECRET = "p@ss '\"word"  # noqa: S105
ASK = "from mlprep.keeping.postgresql import postgres; print(postgres('pg_dump', '--version'))"
# Stands in for pg_dump and tells what it was started with.
TELLTALE = f"""#!{sys.executable}
import json, os, sys
print(json.dumps([sys.argv[1:], {{name: value for name, value in os.environ.items() if name.startswith("PG")}}]))
"""


def told_by_a_program(folder: Path, url: str) -> tuple[list[str], dict[str, str]]:
    program = folder / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(TELLTALE)
    program.chmod(0o700)
    named = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "mlprep.settings",
        "DATABASE_URL": url,
        "DATABASE_PASSWORD": SECRET,
    }
    ran = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env=os.environ | named,
        capture_output=True,
        text=True,
        check=True,
    )
    arguments, variables = json.loads(ran.stdout)
    return arguments, variables


def test_programs_get_tls_and_whatever_else_the_address_says_and_no_password_among_their_arguments(tmp_path):
    url = "postgres://me@db.example.org:6543/prep?sslmode=verify-full&sslrootcert=/etc/ca.pem&target_session_attrs=any"
    arguments, variables = told_by_a_program(tmp_path, url)
    assert arguments == ["--version"]
    assert (
        variables
        | {
            "PGHOST": "db.example.org",
            "PGPORT": "6543",
            "PGUSER": "me",
            "PGPASSWORD": SECRET,
            "PGDATABASE": "prep",
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": "/etc/ca.pem",
            "PGTARGETSESSIONATTRS": "any",
            "PGCONNECT_TIMEOUT": "5",
        }
        == variables
    )


@pytest.mark.parametrize(
    "url", ["postgres:///prep?host=/run/pg", "postgres://%2Frun%2Fpg/prep", "postgres:////run/pg/prep"]
)
def test_a_socket_is_reached_however_the_address_names_it(url, tmp_path):
    _, variables = told_by_a_program(tmp_path, url)
    assert (variables["PGHOST"], variables["PGDATABASE"]) == ("/run/pg", "prep")


@pytest.fixture(scope="module")
def composed():
    """A cluster as compose.yaml's `db` makes it: the image's settings, then the script for a new volume."""
    with Cluster() as cluster:
        hba = cluster.folder / "data" / "pg_hba.conf"
        hba.write_text("local all all trust\nhost all all all scram-sha-256\n")
        with (cluster.folder / "data" / "postgresql.conf").open("a") as file:
            file.write("log_statement='all'\n")
        cluster.control("reload")
        subprocess.run(
            [settings.BASE_DIR / "mlprep" / "keeping" / "make_database.sh"],
            env={
                "PATH": os.environ["PATH"],
                "POSTGRES_USER": "faults",
                "POSTGRES_PASSWORD": SECRET,
                "PGHOST": str(cluster.folder),
                "PGPORT": str(cluster.port),
            },
            check=True,
        )
        yield cluster


def connect(cluster: Cluster, database: str, **given: object) -> psycopg.Connection:
    named = {"host": "127.0.0.1", "user": "mlprep", "password": SECRET} | given
    return psycopg.connect(dbname=database, port=cluster.port, autocommit=True, **named)


def test_the_apps_user_owns_its_database_and_may_do_nothing_else(composed):
    with connect(composed, "mlprep") as own:
        rights = own.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles "
            "WHERE rolname = current_user"
        ).fetchone()
        assert rights == (False,) * 5
        own.execute("CREATE TABLE mine (id int)")
        own.execute("DROP TABLE mine")
        for statement in ("CREATE DATABASE other", "CREATE ROLE other", "COPY (SELECT 1) TO PROGRAM 'true'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                own.execute(statement)
    for other in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            connect(composed, other)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(composed, "postgres", user="faults")


def test_the_script_leaves_the_password_in_no_log(composed):
    log = (composed.folder / "log").read_text()
    assert "SET log_statement" in log
    assert SECRET[:4] not in log


def test_as_that_user_the_app_is_set_up_backs_up_with_proof_and_restores(composed, tmp_path):
    (tmp_path / "password").write_text(f"{SECRET}\n")
    database = Database(f"postgres://mlprep@127.0.0.1:{composed.port}/mlprep")
    installation = Installation(tmp_path, database, {}, {"DATABASE_PASSWORD_FILE": str(tmp_path / "password")})
    installation.run("manage.py", "migrate", "--verbosity=0")
    with connect(composed, "mlprep") as own:
        own.execute("INSERT INTO django_content_type (app_label, model) VALUES ('kept', 'kept')")
    assert "restored into a database of its own; counts agree" in installation.run("manage.py", "backup")
    (backup,) = (tmp_path / "backups").iterdir()
    with connect(composed, "mlprep_proof") as own:
        assert own.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    with connect(composed, "mlprep") as own:
        own.execute("DELETE FROM django_content_type WHERE model = 'kept'")
    installation.run("manage.py", "restore", str(backup), "--yes")
    with connect(composed, "mlprep") as own:
        assert own.execute("SELECT count(*) FROM django_content_type WHERE model = 'kept'").fetchone() == (1,)
    with connect(composed, "mlprep_proof") as own:
        own.execute("COMMENT ON DATABASE mlprep_proof IS NULL")
        own.execute("CREATE TABLE somebody_elses (id int)")
    assert "its list of contents was read" in installation.run("manage.py", "backup")
    with connect(composed, "mlprep_proof") as own:
        own.execute("SELECT * FROM somebody_elses")
