"""The installation's secret key, made once and kept beside the data."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from mlprep.environment import SettingsRefused


def read_or_create_secret_key(path: Path) -> str:
    """Return the key in `path`; the first call writes a random one that only the owner can read.

    Raises SettingsRefused where that cannot be done.
    """
    try:
        return _read_or_create(path)
    except OSError as error:
        raise SettingsRefused(
            f"DATA_DIR is {str(path.parent)!r}, where no secret key can be kept: "
            f"{(error.strerror or str(error)).lower()}. Set a folder that this user may write to."
        ) from error


def _read_or_create(path: Path) -> str:
    if not path.exists():
        # The database will stand beside it.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written whole before it gets its name, so that a second process never reads half a key.
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
            file.write(get_random_secret_key())
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(file.name, path)
    if not (key := path.read_text()).strip():
        raise SettingsRefused(
            f"{path} is empty. Put the key back that was in it, from where you keep it; if it is lost, remove the "
            "file: a new one is made, everybody signs in anew and second steps have to be set up again."
        )
    return key
