"""One Chromium a process, for all tests that look at pages: Playwright begins once in a process, not twice."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.missing import missing

# Playwright's synchronous calls run inside an event loop, where Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A busy machine answers late, and a test that waits is no slower where it does not.
expect.set_options(timeout=15_000)

NAMES = (os.environ.get("CHROMIUM", "/usr/bin/chromium"), "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = next((path for name in NAMES if (path := shutil.which(name))), None)
    if executable is None:
        missing("Chromium is missing: apt-get install chromium, or set CHROMIUM=/path/to/it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()
