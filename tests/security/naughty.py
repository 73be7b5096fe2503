"""Strings that trip software up: more than 500, made here, and values that are none."""

import unicodedata
from collections.abc import Iterator
from itertools import product

NUL = "\x00"
HALF = "\ud800"
"""Half of a surrogate pair: Python holds it, UTF-8 does not."""


def _odd_characters() -> Iterator[str]:
    for number in (*range(0x01, 0x20), 0x7F, *range(0x80, 0xA0)):
        yield f"control{chr(number)}character"
    marks = (*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), *range(0xFFF9, 0xFFFE), 0xFEFF)
    for number in (*marks, 0xAD, 0x34F, 0x61C, 0x115F, 0x180E, 0x3164, 0xFFFE, 0xFFFF, 0x1FFFF, 0xE0001, 0x10FFFF):
        yield f"mark{chr(number)}inside"
    spaces = [chr(number) for number in range(0x3001) if unicodedata.category(chr(number)) == "Zs"]
    yield from (f"{space}space{space}" for space in spaces)
    yield from spaces


def _stacks() -> Iterator[str]:
    for base, mark, count in product("aΩ文", "\u0300\u0336\u0489\u20dd\u0e49", (1, 30, 300)):
        yield base + mark * count
    yield from ("\u0300 alone", "n\u0303 and \u00f1", "e\u0301\u0323 and e\u0323\u0301", "\ufb01 \u2126 \u212b \u1e9e")


def _scripts() -> Iterator[str]:
    yield from ("שלום עולם", "مرحبا بالعالم", "نص عربي with English و 123", "סוף (start) סוף", "田中さんにあげて下さい")
    yield from ("Ⱥ ⱥ İ ı ß ẞ ŉ ǰ ΐ", "ПРИВЕТ", "สวัสดี", "ไปไป", "ᚻᛖ ᚳᚹᚫᚦ", "𝔐𝕒𝓉𝒽", "₀₁² ³½", "𒐫", "﷽", "௵", "꧅")
    for opening, closing in product("\u202a\u202b\u202d\u202e\u2066\u2067\u2068", "\u202c\u2069"):
        yield f"{opening}turned{closing} around"
    yield from (f"{mark}{'nested' * 3}" * 20 for mark in "\u202e\u2067\u200f")


def _emoji() -> Iterator[str]:
    people, joiner = "👩👨👧👦🧑", "\u200d"
    for first, second in product(people, people):
        yield f"{first}{joiner}❤️{joiner}{second}"
    yield from (f"👍{chr(tone)}" for tone in range(0x1F3FB, 0x1F400))
    yield from (
        "🏳️‍🌈",
        "🏴" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbeng") + "\U000e007f",
        "🇩🇪🇫🇷",
        "1️⃣",
        "👩‍" * 40,
    )


def _numbers() -> Iterator[str]:
    for power in (7, 8, 15, 16, 31, 32, 53, 62, 63, 64, 128, 1024):
        yield from (str(2**power), str(-(2**power)), str(2**power - 1))
    yield from (
        "NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "inf",
        "1e400",
        "-1e400",
        "1e-400",
        "0x7f",
        "0b1",
        "1_000",
        "٣",
        "²",
    )
    yield from (
        "1,000.5",
        "1.000,5",
        "+1",
        "-0",
        "--1",
        "1/0",
        "00",
        " 1 ",
        "1\n",
        "½",
        "Ⅷ",
        "𝟙",
        "9" * 400,
        "." * 3,
        "1e",
    )


def _dates() -> Iterator[str]:
    for year, month, day in product(
        ("0000", "0001", "1582", "9999", "10000", "-2026"), ("01", "12", "13"), ("01", "31")
    ):
        yield f"{year}-{month}-{day}"
    yield from (
        "2026-02-30",
        "2026-11-24T25:00:00Z",
        "9999-12-31T23:59:59.999999999+23:59",
        "0001-01-01T00:00:00+14:00",
    )
    yield from ("2026-W60-1", "tomorrow", "24:00", "1e9-01-01", "٢٠٢٦-١١-٢٤")


def _languages() -> Iterator[str]:
    for quote, rest in product(
        ("'", '"', "`", "\\'", "%27", "’"), (" OR 1=1 --", "; DROP TABLE progress_user; --", ")) --", "||'")
    ):
        yield f"x{quote}{rest}"
    yield from (
        "%s",
        "%d%n%s%x",
        "%(body)s",
        "%",
        "%%",
        "100%",
        "_%_",
        "{}",
        "{0}",
        "{0.__class__}",
        "{body!r:>9999999}",
    )
    yield from (
        "{{ 7|add:7 }}",
        "{% load static %}",
        "{{ request.user.password }}",
        "{% debug %}",
        "{# note #}",
        "${7*7}",
        "#{7*7}",
    )
    yield from (
        "<%= 7*7 %>",
        "{{constructor.constructor('x')()}}",
        "$(id)",
        "`id`",
        "; id",
        "| id",
        "&& id",
        "\\",
        "\\\\",
        "\\0",
    )
    yield from (
        "\\u0000",
        "\\ud800",
        "&#0;",
        "&#xD800;",
        "%00",
        "%0d%0aSet-Cookie: a=b",
        "a\r\nX-Header: b",
        "a\rb",
        "a\nb",
        "a\tb",
    )
    yield from (
        "()",
        "[]",
        "[[",
        "]]",
        "[[[[DL-001]]]]",
        "{",
        "}",
        "{{c1::",
        "{{c1::}}",
        "{{c1::a::b::c}}",
        "{{c999::a}}",
        "{{c1::{{c2::a}}}}",
    )
    yield from (
        "null",
        "None",
        "undefined",
        "true",
        "False",
        "[object Object]",
        "NULL",
        "(null)",
        "nil",
        "\\N",
        "''",
        '""',
        "-",
        "--",
    )
    for word in ("tag", "is", "lapses", "due", "added", "concept", "prop", "state"):
        yield from (f"{word}:", f"{word}:*", f"{word}:>", f"-{word}:{'9' * 30}", f'{word}:"', f"{word}::{word}:")
    yield from (
        "(",
        ")",
        "a (b",
        "OR OR",
        "-",
        "--",
        "*",
        "a*b*c",
        "NOT",
        "AND",
        "NEAR(a b)",
        '"',
        '"a',
        "a:b:c",
        "^a",
        "a & | !b",
        "<->",
    )


def _paths() -> Iterator[str]:
    for up, target in product(
        ("../", "..\\", "....//", "%2e%2e/", "/", "file:///", "\\\\"), ("etc/passwd", "var/mlprep.sqlite3", "C:\\con")
    ):
        yield f"{up * 3}{target}"
    yield from (
        ".",
        "..",
        "/",
        "//",
        "~",
        "~root",
        "CON",
        "aux.txt",
        "a/b",
        "a\\b",
        ".htaccess",
        "-rf",
        "--help",
        "a" * 256,
        "*",
        "?",
    )


def _addresses() -> Iterator[str]:
    for scheme, host in product(
        ("http", "https", "ftp", "gopher", "jar", ""),
        ("127.0.0.1:6379/", "[::1]/", "0/", "2130706433/", "a@b/", "xn--/"),
    ):
        yield f"{scheme}://{host}"
    yield from (
        "a@b",
        "@",
        "a@",
        "@b",
        "a@b@c",
        '"a b"@c',
        f"{'a' * 65}@b.example",
        f"a@{'b.' * 130}example",
        "a@b\nBcc: c@d.example",
    )


def _long() -> Iterator[str]:
    yield from (
        "x" * 1_000,
        "é" * 1_000,
        "😀" * 1_000,
        " " * 1_000 + "x",
        "\n" * 1_000 + "x",
        "a b " * 500,
        "x" * 5_001,
        "\t" * 2_000,
    )


PLAIN = tuple(
    dict.fromkeys(
        text
        for maker in (
            _odd_characters,
            _stacks,
            _scripts,
            _emoji,
            _numbers,
            _dates,
            _languages,
            _paths,
            _addresses,
            _long,
        )
        for text in maker()
    )
)
"""What UTF-8 and every database can hold."""

UNFIT = tuple(
    form.replace("_", piece)
    for piece in (NUL, HALF, "\udfff", f"{HALF}{HALF}", "\udc00\ud800", f"{NUL}{HALF}")
    for form in ("_", "a_b", "_ _", "_" * 50, "x_\n", "'_", "%_s", "<_>", "1_", "2026-11-_24")
)
"""What some store cannot hold: it is refused, or comes back without that."""

SHARP = (
    *(NUL, f"a{NUL}b", HALF, "a\udfffb", "", " ", "\n", "x" * 100_000, "9" * 30, "-1", "0", "1e400", "NaN", "²", "٣"),
    *(
        "9999-12-31",
        "0001-01-01",
        "2026-02-30",
        "\uffff",
        "\u202e\U0001f600\u0300",
        "%s{0}{{ x }}",
        "'; --",
        "../..",
        "[]",
        "null",
    ),
)
"""One of each sort."""

NO_TEXTS = (
    *(
        "null",
        "true",
        "0",
        "-1",
        "1e400",
        "NaN",
        "Infinity",
        "-Infinity",
        "9" * 30,
        "-" + "9" * 30,
        "1.5",
        "1e-320",
        "[]",
        "{}",
    ),
    *(
        '""',
        "[[]]",
        "[null]",
        '["\\u0000"]',
        '["\\ud800"]',
        '{"\\ud800": "\\u0000"}',
        '{"": 1}',
        "[1e400]",
        f"[{'9' * 30}]",
    ),
    *(
        "[" * 200 + "]" * 200,
        '"' + "x" * 100_000 + '"',
        '["a", "a", "a"]',
        '[{"a": 1}]',
        '"\\ud83d\\ude00"',
        "[true]",
        "[0.1]",
    ),
)
"""JSON, as it is sent, of whatever is not the text that is asked for."""


def chunks(texts: tuple[str, ...], longest: int) -> Iterator[str]:
    """All of them, line by line, in as few texts of that length as it takes; those that are longer are left out."""
    lines: list[str] = []
    size = 0
    for text in texts:
        if len(text) > longest:
            continue
        if size + len(text) + 1 > longest and lines:
            yield "\n".join(lines)
            lines, size = [], 0
        lines.append(text)
        size += len(text) + 1
    if lines:
        yield "\n".join(lines)
