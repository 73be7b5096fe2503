"""The hall's own tables: what counts limits, and what is worked at."""

from mlprep.shared.limits.models import LimitCounter
from mlprep.shared.work.models import Chore, Lease

__all__ = ["Chore", "Lease", "LimitCounter"]
