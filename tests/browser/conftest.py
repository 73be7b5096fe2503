"""A real Chromium on a live server."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from progress.models import User


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on which any error in the console, CSP violations included, fails the test.

    A test that provokes errors says so by `@pytest.mark.console_errors("regular expression")`.
    """
    page = context.new_page()
    marker = request.node.get_closest_marker("console_errors")
    # A refused form (422), or one that another page has overtaken (409), is reported by the browser too; the tests look
    # at the page itself.
    expected = re.compile("|".join(["422", "409", *(marker.args if marker else [])]))
    troubles: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not expected.search(message.text):
            troubles.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    assert not troubles


@pytest.fixture
def grace(transactional_db: None) -> User:
    """Who sits at the browser."""
    return User.objects.create_user("grace", password="correct horse battery")


def sign_in(context: BrowserContext, learner: User, site: str) -> None:
    """Give the browser a session of the learner's, without going through the form."""
    client = Client()
    client.force_login(learner)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])
