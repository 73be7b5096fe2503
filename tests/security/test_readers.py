"""Every reader of files takes whatever a file holds: it is read, or refused with what is wrong, and nothing breaks.

What is read is a real file with some of it changed. FUZZ_SECONDS says how long each reader is tried; `make fuzz` tries
long.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from concepts.domain.topic_text import parse_text
from concepts.domain.tracker import format_tracker, parse_tracker
from concepts.library.files import FileFaults
from concepts.library.loader import read_file
from concepts.library.registry import shelves
from mlprep.keeping.copies import BackupError, make_backup
from mlprep.keeping.restoring import look_at
from progress.domain.note_files import note_file, read_note_file

pytestmark = pytest.mark.same_anywhere

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
PATIENCE = 5
"""Seconds of processor time that no file from outside may take to be read."""
A_FEW = 20
"""Examples at least, and between two looks at the clock."""
FILES_OF_A_SHELF = 12

PIECES = (
    *(b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\x85", b"\xe2\x80\xa8", b"\t"),
    *(b"---\n", b"...\n", b"- ", b": ", b"? ", b"&a ", b"*a", b"<<: *a\n", b"!!binary x", b"!!python/none "),
    *(b"{", b"}", b"[", b"]", b"[" * 1500, b"{a: " * 1500, b"- " * 1500, b"&a [*a, *a]", b"|\n", b">-\n", b"'", b'"'),
    *(b"%YAML 9", b"null", b"~", b"true", b"-1", b"0", b"9" * 5000, b"1e999", b".nan", b".inf", b"-0.0", b"0x7f"),
    *(b"2026-02-30", b"12:60:60", b"$", b"$$", b"\\frac{", b"\\def\\x{\\x\\x}\\x", b"```\n", b"~~~\n", b"## "),
    *(b"### Overview\n", b"![a](figure:b)\n", b"[[X-1]]", b" :: ", b"(High, Learning, Week 1)"),
    *(b"\xe2\x80\xa2 MATH-001 ", b"Week 99999999999999999999", b"\xc2\xa0", b"\xd9\xa3"),
)  # fmt: skip

_change = st.tuples(
    st.floats(0, 1, exclude_max=True),
    st.one_of(st.just(0), st.integers(1, 12), st.integers(1, 400)),
    st.one_of(st.sampled_from(PIECES), st.binary(max_size=12), st.floats(0, 1, exclude_max=True)),
)
"""Where, how many bytes go, and what comes: bytes, or the line that stands at another place."""
changes = st.lists(_change, min_size=1, max_size=6)


def changed(content: bytes, how: list[tuple[float, int, bytes | float]]) -> bytes:
    for place, gone, new in how:
        at = int(place * (len(content) + 1))
        if isinstance(new, float):
            lines = content.splitlines(keepends=True) or [b""]
            new = lines[int(new * len(lines))]
        content = content[:at] + new + content[at + gone :]
    return content


def try_long(contents: list[bytes], read: Callable[[bytes], object], patience: float = PATIENCE) -> int:
    """Read changed files until the time is over; gives how many. `read` raises what may not be."""
    count = 0

    @settings(
        max_examples=A_FEW,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(which=st.integers(0, len(contents) - 1), how=changes)
    def check(which: int, how: list[tuple[float, int, bytes | float]]) -> None:
        nonlocal count
        count += 1
        began = time.process_time()
        content = changed(contents[which], how)
        try:
            read(content)
        except Exception as error:
            error.add_note(f"reading {content[:3000]!r}")
            raise
        assert time.process_time() - began < patience, "it took too long to read"

    until = time.monotonic() + SECONDS
    check()
    while time.monotonic() < until:
        check()
    return count


@pytest.fixture
def told() -> Callable[[str, int], None]:
    began = time.monotonic()

    def tell(reader: str, count: int) -> None:
        print(f"{reader}: {count} files in {(time.monotonic() - began) / 60:.1f} minutes")

    return tell


@pytest.mark.parametrize("name", [shelf.name for shelf in shelves()])
def test_the_library_reads_a_file_or_names_its_faults(name, tmp_path, told):
    shelf = next(shelf for shelf in shelves() if shelf.name == name)
    paths = shelf.paths(django_settings.LIBRARY_DIR)
    chosen = paths[:: max(1, len(paths) // FILES_OF_A_SHELF)]
    by_content = {path.read_bytes(): path.relative_to(django_settings.LIBRARY_DIR) for path in chosen}
    place = tmp_path / next(iter(by_content.values()))
    place.parent.mkdir(parents=True, exist_ok=True)

    def read(content: bytes) -> None:
        place.write_bytes(content)
        with suppress(FileFaults):
            read_file(shelf, place)

    # Their Markdown is the repository's own; Python-Markdown takes longer for thousands of brackets.
    told(f"library, {name}", try_long(list(by_content), read, patience=120))


def test_a_tracker_page_is_read_or_its_faults_are_named(told):
    page = (Path(__file__).parent.parent / "concepts" / "tracker_page.txt").read_bytes()

    def read(content: bytes) -> None:
        parsed = parse_tracker(content.decode(errors="replace"))
        if not parsed.faults:
            assert parse_tracker(format_tracker(parsed.tracker)).tracker == parsed.tracker

    told("tracker page", try_long([page, page[:3000]], read))


def test_a_topics_text_is_always_parsed(told):
    paths = sorted(django_settings.LIBRARY_DIR.glob("topics/**/*.md"))[:FILES_OF_A_SHELF]
    told(
        "topic text",
        try_long([path.read_bytes() for path in paths], lambda content: parse_text(content.decode(errors="replace"))),
    )


def test_a_note_file_is_read_or_refused(told):
    files = [
        note_file({"concept": "ML-001", "changed": "2026-01-01", "tags": ["a", "b"]}, "Text\n\n---\n\n$x$").encode()
    ]

    def read(content: bytes) -> None:
        with suppress(ValueError):
            front, body = read_note_file(content.decode(errors="replace"))
            assert isinstance(front, dict)
            assert isinstance(body, str)

    told("note file", try_long(files, read))


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_looked_at_or_refused(tmp_path, alice, told):
    copy = make_backup(tmp_path / "backups").path
    content = copy.read_bytes()
    place = tmp_path / "changed"

    def read(content: bytes) -> None:
        place.write_bytes(content)
        with suppress(BackupError):
            look_at(place)

    told("backup", try_long([content], read))
