"""Rates as settings write them."""

import re
from dataclasses import dataclass

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
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


def parse_limits(text: str, known: set[str]) -> dict[str, str]:
    """`comments=20/10m; login=30/m/ip` by name. Raises ValueError for what is no limit or not known."""
    limits = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in known or not value:
            raise ValueError(f"LIMITS: {part!r} is not known; write name=rate with one of {', '.join(sorted(known))}.")
        for rate in value.split(","):
            parse_rate("/".join(rate.split("/")[:2]))
        limits[name] = value
    return limits
