"""What a test needs of the machine and does not find there."""

import os
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Leave the test out at somebody's desk; in CI, where everything has to be there, let it fail."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
