"""The faults' settings, with dead workers noticed sooner."""

from datetime import timedelta

from tests.faults.settings import *  # noqa: F403

TASK_LEASE = timedelta(seconds=3)
