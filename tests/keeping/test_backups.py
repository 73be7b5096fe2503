"""Backups that are proved, and put back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from concepts.models import Concept
from mlprep.keeping import copies
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
