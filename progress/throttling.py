"""A pace that was too quick, in the API's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import Throttled

from progress.pace import LimitReached


@contextmanager
def told_as_throttled() -> Iterator[None]:
    """What reaches a limit inside is answered by 429 with Retry-After."""
    try:
        yield
    except LimitReached as reached:
        raise Throttled(wait=reached.wait, detail=str(reached)) from reached
