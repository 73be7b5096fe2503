"""Files that nobody should open, at every place that takes a file or a body.

No page takes a file or an archive: what is sent to one as a file is passed over. Files are read by two commands of the
administrator's, `import_tracker` (text) and `restore` (a database's copy); bodies by the API.
"""

import io
import random
import resource
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from mlprep.keeping.copies import make_backup
from mlprep.keeping.errors import BackupError
from mlprep.keeping.restoring import look_at
from tests.security.checking import undone
from tests.security.stage import Stage
from tests.security.test_naughty_strings import api_address, operations
from tests.security.walking import all_forms, pages_of

pytestmark = pytest.mark.same_anywhere

PAGE = Path(__file__).parent.parent / "concepts" / "tracker_page.txt"
MEGABYTE = 1 << 20


@pytest.fixture
def stage(alice, mona) -> Stage:
    return Stage(alice, mona)


def plain_bomb() -> bytes:
    """A gigabyte of zeros in a megabyte."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(MEGABYTE)
    body = b"".join(packed.compress(zeros) for _ in range(1024)) + packed.flush()
    check = 0
    for _ in range(1024):
        check = zlib.crc32(zeros, check)
    return _archive([(b"zeros", body, check, 1 << 30)])


def nested_bomb() -> bytes:
    """Six archives one in the other, the innermost of megabytes of zeros, sixteen times in each."""
    inside = bytes(MEGABYTE)
    for depth in range(6):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(16):
                archive.writestr(f"{depth}-{number}.zip", inside)
        inside = packed.getvalue()
    return inside


def overlapping_bomb() -> bytes:
    """A thousand entries that are the same bytes of the file."""
    body = zlib.compress(bytes(MEGABYTE), 9)[2:-4]
    return _archive([(b"zeros", body, zlib.crc32(bytes(MEGABYTE)), MEGABYTE)], times=1000)


def _archive(files: list[tuple[bytes, bytes, int, int]], times: int = 1) -> bytes:
    """An archive by hand: each file's name, packed bytes, checksum and size; listed so many times."""
    out, listing = b"", b""
    for name, body, check, size in files:
        facts = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, check, len(body), size, len(name), 0)
        listing += (
            b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + name
        ) * times
        out += b"PK\x03\x04" + facts + name + body
    count = len(files) * times
    return out + listing + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(listing), len(out), 0)


BOMBS: dict[str, Callable[[], bytes]] = {"plain": plain_bomb, "nested": nested_bomb, "overlapping": overlapping_bomb}


@pytest.fixture(scope="module", params=sorted(BOMBS))
def bomb(request) -> bytes:
    return BOMBS[request.param]()


@contextmanager
def bounded(seconds: float = 5, megabytes: float = 256) -> Iterator[None]:
    """What is done takes no more of the processor and adds no more to the process."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    yield
    assert time.process_time() - start < seconds
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < megabytes


def rows() -> dict[str, int]:
    """How many rows each table of ours has."""
    ours = [
        model for model in apps.get_models() if model.__module__.split(".")[0] in {"concepts", "progress", "quizzes"}
    ]
    return {model.__name__: model._default_manager.count() for model in ours if model._meta.managed}


def corrupted(sound: bytes, count: int, seed: int) -> Iterator[bytes]:
    """The bytes with some of them changed, cut out, doubled or put elsewhere."""
    rng = random.Random(seed)
    for number in range(count):
        broken = bytearray(sound)
        for _ in range(rng.choice((1, 1, 3, 30))):
            place = rng.randrange(len(broken))
            match number % 6:
                case 0:
                    broken[place] ^= 1 << rng.randrange(8)
                case 1:
                    broken[place : place + rng.randrange(1, 40)] = rng.randbytes(rng.randrange(40))
                case 2:
                    del broken[max(1, place) :]
                case 3:
                    broken[place:place] = broken[place : place + rng.randrange(1, 200)]
                case 4:
                    broken[place] = rng.choice(b"\x00\xff\xfe\xed\n\r\t\"'{}[]:,\\")
                case _:
                    del broken[place : place + rng.randrange(1, max(2, min(200, len(broken) - place)))]
            broken = broken or bytearray(b"\x00")
        yield bytes(broken)


def test_the_bombs_are_bombs():
    for name, make in BOMBS.items():
        content = make()
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
        assert len(content) < 2 * MEGABYTE
        assert sum(entry.file_size for entry in entries) >= (1 << 29) or name == "nested"


def test_an_archive_sent_to_a_form_is_passed_over_and_nothing_is_stored(as_alice, stage, bomb):
    forms = all_forms(as_alice, [*pages_of(stage.arguments), *stage.more_pages])
    before = rows()
    with bounded():
        for form in {form.route: form for form in forms if form.method == "post"}.values():
            files = {
                name: SimpleUploadedFile(f"../../{name}.zip", bomb, "application/zip")
                for name, field in form.fields.items()
                if field.kind in {"textarea", "text", "email", "hidden"} and name != "csrfmiddlewaretoken"
            }
            if not files:
                continue
            with undone():
                response = as_alice.post(form.action, files)
                assert response.status_code < 500, form.route
    assert rows() == before


def test_an_archive_sent_to_the_api_is_refused_and_nothing_is_stored(as_alice, stage, bomb):
    before = rows()
    with bounded():
        for kind in ("application/json", "application/zip", "application/x-www-form-urlencoded"):
            for path, method, _ in operations(True):
                address = api_address(path, stage)
                with undone():
                    response = as_alice.generic(method.upper(), address, bomb, content_type=kind)
                    # Where everything may be left out, a body that says nothing asks for what is usual.
                    assert response.status_code < 500, (path, kind)
                    if kind == "application/zip":
                        assert response.status_code in {404, 409, 415}, path
    assert rows() == before


BODIES = {
    ("api-concept-comments", "post"): b'{"body": "A remark with $x^2$ and \\u00e9"}',
    ("api-concept-note", "put"): b'{"body": "A note", "confidence": 3, "review_needed": true}',
    ("api-concept-status", "put"): b'{"status": "learning"}',
    (
        "api-quizzes",
        "post",
    ): b'{"questions": 1, "minutes": 5, "weeks": [1], "sections": ["math"], "focus": "all", "seed": 3}',
    ("api-quiz-answer", "put"): b'{"answer": ["a", "b"], "confidence": "sure"}',
    ("api-card-review", "post"): b'{"rating": "good", "idempotency_key": "0123456789abcdef"}',
    (
        "api-mock-work",
        "put",
    ): b'{"pad": "Text", "board": {"height": 2400, "strokes": [{"colour": 0, "width": 1, "points": [1, 2, 3, 4]}]}}',
    (
        "api-mock-rating",
        "put",
    ): b'{"intuition": 1, "derivation": 2, "implementation": 3, "practice": 4, "clarity": 0, "note": "x"}',
    (
        "api-plan",
        "post",
    ): b'{"kind": "made", "minutes": [60, 60, 60, 60, 60, 0, 0], "days_off": ["2026-12-24"], "focus": "all"}',
}


def test_600_corrupted_bodies_are_taken_or_refused_and_never_a_fault(as_alice, stage):
    refused = 0
    for (route, method), sound in BODIES.items():
        address = reverse(route, kwargs=stage.arguments(route))
        for body in corrupted(sound, 68, seed=7):
            with undone():
                response = as_alice.generic(method.upper(), address, body, content_type="application/json")
            assert response.status_code < 500, (route, body)
            refused += response.status_code >= 400
    print(f"{len(BODIES) * 68} bodies, {refused} refused")
    assert refused > 300


def test_a_body_that_is_larger_than_the_site_takes_is_refused(as_alice, stage):
    with bounded():
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            body = b'{"body": "' + b"x" * 40 * MEGABYTE + b'"}'
            address = reverse("api-concept-comments", args=["SAFE-001"])
            assert as_alice.post(address, body, content_type=kind).status_code in {400, 413}
        fields = b"&".join(b"a%d=1" % number for number in range(5_000))
        kind = "application/x-www-form-urlencoded"
        assert as_alice.post(reverse("flashcards:new"), fields, content_type=kind).status_code == 400


def test_500_corrupted_tracker_pages_import_whole_or_not_at_all(db, tmp_path):
    path, refused, changed = tmp_path / "page.txt", [], False
    short_page = b"\n".join(PAGE.read_bytes().split(b"\n")[:16])
    with bounded(seconds=60):
        for page in corrupted(short_page, 500, seed=11):
            path.write_bytes(page)
            before = rows()
            with undone():
                try:
                    call_command("import_tracker", path, stdout=io.StringIO(), stderr=io.StringIO())
                except CommandError as error:
                    refused.append(str(error))
                    changed |= rows() != before
    print(f"500 pages, {len(refused)} refused")
    assert len(refused) > 100
    assert min(map(len, refused)) > 20
    assert not changed


def test_an_archive_is_no_tracker_page(db, tmp_path, bomb):
    path = tmp_path / "page.txt"
    path.write_bytes(bomb)
    with bounded(), pytest.raises(CommandError, match="Give a text file in UTF-8|longer than"):
        call_command("import_tracker", path)
    with path.open("wb") as sparse:
        sparse.truncate(1 << 32)
    with bounded(), pytest.raises(CommandError, match="longer than 5,000,000 bytes"):
        call_command("import_tracker", path)


@pytest.mark.django_db(transaction=True)
def test_400_corrupted_backups_are_refused_or_whole_and_the_database_stays(tmp_path, alice):
    sound = make_backup(tmp_path).path.read_bytes()
    path, refused = tmp_path / "broken", []
    # A dump is read by another program, which takes longer to start than to read it.
    count = 400 if connection.vendor == "sqlite" else 40
    with bounded(seconds=60):
        for content in corrupted(sound, count, seed=13):
            path.write_bytes(content)
            try:
                look_at(path)
            except BackupError as error:
                refused.append(str(error))
    print(f"{count} backups, {len(refused)} refused")
    assert len(refused) > count * 0.2
    assert min(map(len, refused)) > 20
    assert type(alice).objects.get() == alice


@pytest.mark.django_db(transaction=True)
def test_an_archive_is_no_backup(tmp_path, bomb):
    path = tmp_path / "backup"
    path.write_bytes(bomb)
    with bounded(), pytest.raises(BackupError, match="is no SQLite database|is no dump"):
        look_at(path)
