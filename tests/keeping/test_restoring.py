"""A restore where one needs it most: on a new machine, over a damaged database, after an upgrade."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from mlprep.keeping.copies import make_backup
from progress.models import User
from tests.factories import make_concept
from tests.faults.databases import Database, new_database

pytestmark = pytest.mark.django_db(transaction=True)
sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite's")
postgresql_only = pytest.mark.skipif(connection.vendor == "sqlite", reason="PostgreSQL's own")


@pytest.fixture
def backup(tmp_path) -> Path:
    make_concept("KEPT-001")
    User.objects.create_user("alice", password="alice's long password")
    return make_backup(tmp_path / "brought").path


@pytest.fixture
def home(tmp_path) -> Iterator[tuple[Path, Database]]:
    """A new machine's folder for data, in which there is nothing, and the database that goes with it."""
    folder = tmp_path / "data"
    if connection.vendor == "sqlite":
        yield folder, Database(f"sqlite:///{folder / 'mlprep.sqlite3'}")
        return
    database = new_database(tmp_path)
    yield folder, database
    database.drop()


def restore(home: tuple[Path, Database], path: Path, typed: str | None = "restore\n") -> subprocess.CompletedProcess:
    folder, database = home
    named = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "mlprep.settings", "DATABASE_URL": database.url}
    return subprocess.run(
        [sys.executable, "manage.py", "restore", str(path)],
        cwd=settings.BASE_DIR,
        env={**os.environ, **named},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def codes(home: tuple[Path, Database]) -> list[str]:
    return [code for (code,) in home[1].rows("SELECT code FROM concepts_concept ORDER BY code")]


def test_a_backup_is_restored_where_there_is_nothing_yet_and_looked_over(backup, home):
    ran = restore(home, backup)
    assert ran.returncode == 0, ran.stderr
    assert codes(home) == ["KEPT-001"]
    assert "no database yet" in ran.stdout or "no learners yet" in ran.stdout
    assert "every reference leads somewhere: yes" in ran.stdout
    assert not list(home[0].glob("backups/*"))
    if connection.vendor == "sqlite":
        assert home[1].path.stat().st_mode & 0o077 == 0


def test_nothing_is_made_where_nobody_answers(backup, home):
    ran = restore(home, backup, typed="")
    assert ran.returncode == 1
    assert ran.stderr.strip() == "CommandError: Nothing was changed."
    if connection.vendor == "sqlite":
        assert not home[1].path.exists()


@sqlite_only
@pytest.mark.parametrize("damage", ["middle", "beginning", "words", "references"])
def test_over_a_damaged_database_and_the_damaged_one_is_kept(damage, backup, home):
    folder, database = home
    folder.mkdir()
    with closing(sqlite3.connect(backup)) as source, database.connect() as target:
        source.backup(target)
        target.execute("UPDATE concepts_concept SET code = 'NEWER-01'")
        if damage == "references":
            target.execute("INSERT INTO authtoken_token VALUES ('key', '2030-01-01', 4711)")
    whole = database.path.read_bytes()
    if damage == "middle":
        database.path.write_bytes(whole[:8192] + b"\x55" * 16384 + whole[24576:])
    elif damage == "beginning":
        database.path.write_bytes(b"\x00" * 100 + whole[100:])
    elif damage == "words":
        # What SQLite says of it quotes a byte that is no text.
        database.path.write_bytes(whole.replace(b"CREATE INDEX", b"CREAT\xc9 INDEX", 1))
    before = database.path.read_bytes()
    # What a killed server leaves must not get into the new database.
    Path(f"{database.path}-wal").write_bytes(b"a stale log")
    ran = restore(home, backup)
    assert ran.returncode == 0, ran.stderr
    assert "The database is damaged (" in ran.stdout
    assert codes(home) == ["KEPT-001"]
    (kept,) = folder.glob("backups/damaged-*.sqlite3")
    assert kept.read_bytes() == before
    assert f"kept as {kept}" in ran.stdout


@sqlite_only
def test_a_backup_whose_tables_are_no_text_is_refused(backup, home):
    backup.write_bytes(backup.read_bytes().replace(b"CREATE INDEX", b"CREAT\xc9 INDEX", 1))
    assert "is damaged: its list of tables is no text" in restore(home, backup).stderr


@sqlite_only
def test_a_database_that_is_in_use_is_not_taken_for_damaged(backup, home, monkeypatch):
    from mlprep.keeping import replacing
    from mlprep.keeping.errors import BackupError

    def busy(_connection):
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    monkeypatch.setattr(replacing, "sqlite_faults", busy)
    with pytest.raises(BackupError, match="database is locked. Stop the app"):
        replacing.look_at_present()


@postgresql_only
def test_tables_of_a_later_version_do_not_stand_in_the_way(backup, home):
    assert restore(home, backup).returncode == 0
    with home[1].connect() as own:
        own.execute("CREATE TABLE progress_later (id int, learner_id bigint REFERENCES progress_user (id))")
        own.execute("CREATE TABLE somebody_elses (id int)")
        own.execute("UPDATE concepts_concept SET code = 'NEWER-01'")
    ran = restore(home, backup)
    assert ran.returncode == 0, ran.stderr
    assert codes(home) == ["KEPT-001"]
    tables = {name for (name,) in home[1].rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert "progress_later" not in tables
    assert "somebody_elses" in tables
    assert len(list(home[0].glob("backups/mlprep-*.dump"))) == 1


@postgresql_only
def test_a_dump_of_a_newer_version_is_refused(backup, home, tmp_path):
    assert restore(home, backup).returncode == 0
    home[1].change("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [("quizzes", "9999_x")])
    newer = tmp_path / "newer.dump"
    subprocess.run(["pg_dump", "--format=custom", f"--file={newer}", home[1].url], check=True)  # noqa: S607
    ran = restore(home, newer)
    assert "made by a newer version (it has 9999_x)" in ran.stderr


@postgresql_only
def test_a_database_that_is_not_there_is_told(backup, home):
    home[1].drop()
    ran = restore(home, backup)
    assert ran.returncode == 1
    assert "an empty database must be there first" in ran.stderr
    assert "Traceback" not in ran.stderr


@postgresql_only
def test_the_folder_for_data_is_made_where_the_key_is_given(backup, home, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a key that is given, not kept in a file 0123456789")
    assert not home[0].exists()
    ran = restore(home, backup)
    assert ran.returncode == 0, ran.stderr
    assert codes(home) == ["KEPT-001"]


@sqlite_only
def test_a_bare_copy_of_the_file_whose_last_writes_stand_beside_it_is_refused(backup, home, tmp_path):
    """Restored without them it would lack the last writes and look whole."""
    taken = tmp_path / "rescued.sqlite3"
    shutil.copy(backup, taken)
    Path(f"{taken}-wal").write_bytes(b"the last writes")
    ran = restore(home, taken)
    assert ran.returncode == 1
    assert f"{taken}-wal" in ran.stderr
    assert "VACUUM INTO" in ran.stderr
    assert not home[1].path.exists()
