"""Rates as settings write them."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_PER = re.compile(r"/(ip|user|key)$")
_RATE = re.compile(r"([1-9]\d{0,6})/(\d{0,4})([smhd])")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `amount` in any stretch of `seconds`, wherever it begins."""

    amount: int
    seconds: float


def parse_rate(text: str) -> Rate:
    """`20/10m` is 20 in ten minutes, `600/m` 600 in one. Raises ValueError."""
    found = _RATE.fullmatch(text.strip())
    if not found or found[2] == "0":
        raise ValueError(f"{text!r} is no rate; write it as 20/10m: a number, and a time in s, m, h or d.")
    return Rate(int(found[1]), int(found[2] or 1) * _UNITS[found[3]])


def parse_limits(text: str, *, ours: set[str], accounts: set[str]) -> dict[str, str]:
    """`comments=20/10m; login=30/m/ip` by name. Raises ValueError for what is no limit or not known.

    ours: names with one rate. accounts: names with rates, each of an address (`/ip`, as where nothing is said), a
    learner (`/user`) or a name that was typed (`/key`).
    """
    limits = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in ours | accounts or not value:
            known = ", ".join(sorted(ours | accounts))
            raise ValueError(f"LIMITS: {part!r} is not known; write name=rate with one of {known}.")
        if name in limits:
            raise ValueError(f"LIMITS: {name} is there twice.")
        for rate in value.split(",") if name in accounts else [value]:
            parse_rate(_PER.sub("", rate.strip()) if name in accounts else rate)
        limits[name] = value.replace(" ", "")
    return limits


def redis_address(text: str) -> str:
    """The address of a Redis, as it is. Raises ValueError."""
    url = urlsplit(text)
    if url.scheme not in {"redis", "rediss", "unix"} or not (url.hostname or url.path):
        raise ValueError
    return text
