"""Backups that are proved, and put back."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from concepts.models import Concept
from mlprep.keeping import copies
from mlprep.keeping.rotation import taken_at
from progress.models import User
from tests.factories import make_concept, make_evidence

pytestmark = [pytest.mark.django_db(transaction=True)]
sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite's")


@pytest.fixture(autouse=True)
def folder(tmp_path, settings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "backups"


def take_backup(folder: Path) -> Path:
    before = set(folder.glob("*"))
    call_command("backup", folder, "--keep-all", verbosity=0)
    (path,) = set(folder.glob("*")) - before
    return path


def test_a_backup_says_how_it_was_proved_and_only_its_owner_reads_it(folder, capsys):
    make_concept("KEPT-001")
    path = take_backup(folder)
    said = capsys.readouterr().out
    assert str(path) in said
    assert "counts agree" in said
    assert path.stat().st_mode & 0o077 == 0


def test_what_was_there_at_the_backup_is_there_again_after_a_restore(folder, monkeypatch, capsys):
    alice = User.objects.create_user("alice", password="alice's long password")
    make_evidence(alice, make_concept("KEPT-001"))
    path = take_backup(folder)
    Concept.objects.all().delete()
    make_concept("NEWER-01")
    monkeypatch.setattr("builtins.input", lambda _question: "restore")
    call_command("restore", path)
    assert [concept.code for concept in Concept.objects.all()] == ["KEPT-001"]
    assert alice.evidence.count() == 1
    said = capsys.readouterr().out
    assert "1 learners and 0 answers" in said
    (kept,) = (other for other in folder.iterdir() if other != path)
    call_command("restore", kept, "--yes")
    assert [concept.code for concept in Concept.objects.all()] == ["NEWER-01"]


def test_nothing_is_changed_unless_the_word_is_typed(folder, monkeypatch):
    path = take_backup(folder)
    make_concept("NEWER-01")
    monkeypatch.setattr("builtins.input", lambda _question: "y")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", path)
    assert Concept.objects.get().code == "NEWER-01"
    assert list(folder.iterdir()) == [path]


def test_a_file_that_is_none_is_refused(folder, tmp_path):
    for content in (b"", b"hello", b"SQLite format 3\x00" + b"\xff" * 5000, b"PGDMP" + b"\x00" * 50):
        path = tmp_path / "file"
        path.write_bytes(content)
        with pytest.raises(CommandError, match=r"is no |damaged|failed"):
            call_command("restore", path, "--yes")
    with pytest.raises(CommandError, match="not a file"):
        call_command("restore", tmp_path / "absent", "--yes")


@sqlite_only
def test_a_damaged_backup_and_one_of_a_newer_version_are_refused(folder):
    make_concept("KEPT-001")
    path = take_backup(folder)
    with closing(sqlite3.connect(path)) as copy, copy:
        copy.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('quizzes', '9999_later', '2030-01-01')"
        )
    with pytest.raises(CommandError, match="newer version"):
        call_command("restore", path, "--yes")
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\x55" * 8192 + whole[16384:])
    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", path, "--yes")
    assert Concept.objects.get().code == "KEPT-001"


def test_a_copy_that_lacks_rows_is_found_out_and_not_kept(folder, monkeypatch):
    make_concept("KEPT-001")
    real = copies.count_rows
    counted = []

    def one_more_at_first(run):
        counts = real(run)
        counted.append(counts)
        return counts | {"concepts_concept": counts["concepts_concept"] + (len(counted) == 1)}

    monkeypatch.setattr(copies, "count_rows", one_more_at_first)
    with pytest.raises(CommandError, match="not complete: concepts_concept has 2 rows, the copy 1"):
        call_command("backup", folder)
    assert list(folder.iterdir()) == []


def test_a_copy_has_the_name_of_a_backup_only_once_it_is_proved(folder, monkeypatch):
    """What a power cut leaves half done must not pass for the newest backup, for whose sake a whole one is cleared."""
    real = copies.count_rows
    seen = []

    def looking(run):
        seen.extend(path.name for path in folder.iterdir())
        return real(run)

    monkeypatch.setattr(copies, "count_rows", looking)
    path = take_backup(folder)
    assert seen
    assert [name for name in seen if taken_at(Path(name))] == []
    assert [each.name for each in folder.iterdir()] == [path.name]
    assert taken_at(path)


def test_what_a_killed_backup_left_is_cleared_a_day_later_and_the_new_copy_never(folder, capsys):
    folder.mkdir()
    soon, later = timezone.now() - timedelta(hours=2), timezone.now() - timedelta(hours=30)
    under_way, left, journal = (
        folder / f"mlprep-{moment:%Y%m%d-%H%M%S}.sqlite3.part{ending}"
        for moment, ending in ((soon, ""), (later, ""), (later, "-journal"))
    )
    ahead = folder / "mlprep-29990101-000000.sqlite3"
    for path in (under_way, left, journal, ahead):
        path.write_bytes(b"half")
    call_command("backup", folder, "--days=0", "--weeks=0", "--months=0")
    assert under_way.exists()
    assert not left.exists()
    assert not journal.exists()
    assert left.name in capsys.readouterr().out
    # One whose clock was wrong is the newest by its name; what was just made stays nevertheless.
    assert [path for path in folder.iterdir() if path not in {under_way, ahead}]


def test_a_folder_that_takes_no_copy_is_told(folder):
    folder.write_text("a file where the folder should be")
    with pytest.raises(CommandError, match=f"{folder}.* cannot be written: file exists.*folder that this user may"):
        call_command("backup", folder)


@sqlite_only
def test_a_full_disk_and_a_damaged_database_are_told(folder, monkeypatch):
    def ending_with(code: int, message: str):
        def fail(_copy: sqlite3.Connection) -> str:
            error = sqlite3.OperationalError(message)
            error.sqlite_errorcode = code
            raise error

        return fail

    monkeypatch.setattr(copies, "sqlite_faults", ending_with(sqlite3.SQLITE_FULL, "database or disk is full"))
    with pytest.raises(CommandError, match="disk is full. Make some"):
        call_command("backup", folder)
    monkeypatch.setattr(copies, "sqlite_faults", ending_with(sqlite3.SQLITE_CORRUPT, "image is malformed"))
    with pytest.raises(CommandError, match="malformed.*manage.py restore"):
        call_command("backup", folder)
    assert list(folder.iterdir()) == []
