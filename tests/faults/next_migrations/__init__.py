"""The migrations of `progress`, and the one that a next version might bring: a column, an index, filled in steps."""

from pathlib import Path

from progress import migrations

__path__ = [*migrations.__path__, str(Path(__file__).parent)]
