"""What each fault did, in figures: told by the tests, printed in one table at the end."""

from collections.abc import Iterable
from typing import Any

NAME = "fault"


def table_of(reports: Iterable[Any]) -> list[str]:
    """The lines `database | fault | figure | expected`, of the reports of tests that told some."""
    rows = [value for report in reports for name, value in getattr(report, "user_properties", ()) if name == NAME]
    return [" | ".join(row) for row in sorted(rows)]
