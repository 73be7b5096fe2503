"""The product as gunicorn serves it, on a clock that a file steps: what Django and Python say the time is.

`faketime_server` steps the clock of the whole process, where libfaketime is installed.
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
