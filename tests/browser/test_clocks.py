"""A learner's clock that is wrong by a day changes neither the time shown nor what counts."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.factories import make_attempt

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("days", [-1, 1])
def test_the_time_left_is_the_servers_whatever_the_learners_clock_says(days, page, context, live_server, grace):
    attempt = make_attempt(grace, questions=1, minutes=10)
    sign_in(context, grace, live_server.url)
    page.clock.install(time=timezone.now() + timedelta(days=days))
    page.goto(live_server.url + attempt.get_absolute_url())
    minutes, seconds = map(int, page.locator("[data-face]").inner_text().split(":"))
    assert 9 * 60 < 60 * minutes + seconds <= 10 * 60
    page.get_by_role("radio").first.check()
    expect(page.locator("#saved")).to_contain_text("Saved")
    question = attempt.questions.get()
    assert abs(question.saved_at - timezone.now()) < timedelta(minutes=1)
    attempt.refresh_from_db()
    assert attempt.deadline - attempt.started_at == timedelta(minutes=10)
