"""The product as gunicorn serves it, on a clock that a file steps.

libfaketime would step the whole process, but under it Python's time.sleep fails once the other clock is left alone.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from mlprep.wsgi import application

__all__ = ["application"]

_true_time = time.time


def _step() -> int:
    return int(Path(os.environ["CLOCK_FILE"]).read_text())


def _now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=_step())


timezone.now = _now
time.time = lambda: _true_time() + _step()
