"""The installation's secret key, made once and kept beside the data."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def read_or_create_secret_key(path: Path) -> str:
    """Return the key in `path`; the first call writes a random one that only the owner can read."""
    if not path.exists():
        # The database will stand beside it.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written whole before it gets its name, so that a second process never reads half a key.
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
            file.write(get_random_secret_key())
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text()
