"""Lengths of time in few words, for buttons."""

from datetime import timedelta

_MINUTE, _HOUR, _DAY, _MONTH, _YEAR = 60.0, 3600.0, 86_400.0, 30.44 * 86_400, 365.25 * 86_400
_UNITS = ((_HOUR, _MINUTE, "min", 0), (_DAY, _HOUR, "h", 0), (_MONTH, _DAY, "days", 0), (_YEAR, _MONTH, "months", 1))
"""Up to how long a unit serves, its length, its name, its decimals."""


def describe_wait(wait: timedelta) -> str:
    """`<1 min`, `10 min`, `3 h`, `4 days`, `2.3 months`, `1.4 years`."""
    seconds = wait.total_seconds()
    if seconds < _MINUTE:
        return "<1 min"
    for limit, length, name, decimals in _UNITS:
        if seconds < limit:
            return _counted(seconds / length, name, decimals)
    return _counted(seconds / _YEAR, "years", 1)


def _counted(number: float, name: str, decimals: int) -> str:
    text = f"{number:.{decimals}f}".removesuffix(".0")
    return f"{text} {name.removesuffix('s') if text == '1' else name}"
