"""Notes that save themselves, the focus timer, and a weekly review, in a real browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from progress.models import FocusSession, KeptText, Note, ReviewRequest, User, WeeklyReview
from progress.reviews.services import due_week
from tests.browser.conftest import sign_in
from tests.factories import make_concept, make_evidence, make_topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(context: BrowserContext, live_server, grace: User) -> str:
    """Grace, who has been here for a month, and a small library."""
    grace.date_joined = timezone.now() - timedelta(days=30)
    grace.save()
    make_concept("DL-021", name="Softmax")
    make_concept("ML-001", name="Bias and variance")
    make_topic(4, slug="attention", title="Attention")
    sign_in(context, grace, live_server.url)
    return live_server.url


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text=re.compile(r"^\s*Saved"))).to_be_visible()


def test_a_note_saves_itself_and_two_tabs_lose_nothing(page: Page, context: BrowserContext, site, grace):
    page.goto(f"{site}/concepts/DL-021/")
    page.get_by_role("link", name="Write a note").click()
    other = context.new_page()
    other.goto(page.url)

    # What is typed is saved, and shown as it reads.
    note = page.get_by_label("Your note")
    note.press_sequentially("The temperature $T$ flattens it: ", delay=5)
    saved(page)
    expect(page.locator("#rendered .katex")).to_be_visible()
    page.get_by_label("4 well").check()
    page.get_by_label("Review needed").check()

    # A chosen concept becomes a link where the cursor is.
    page.get_by_label("Connect to").fill("ML-001")
    page.get_by_role("button", name="Add a link").click()
    expect(page.locator("#rendered").get_by_role("link", name="Bias and variance").first).to_be_visible()
    expect(note).to_be_focused()
    stored = Note.objects.get()
    assert stored.body == "The temperature $T$ flattens it: [[ML-001]]"
    assert (stored.confidence, stored.review_needed) == (4, True)

    # Another tab that was opened before is told, and what is typed there is kept.
    other.get_by_label("Your note").press_sequentially("From the other tab", delay=5)
    expect(other.get_by_text("Nothing is overwritten")).to_be_visible()
    other.get_by_role("link", name="Open the note").click()
    expect(other.get_by_label("Your note")).to_have_value(stored.body)
    other.get_by_role("button", name="Put it below the note").click()
    expect(other.get_by_label("Your note")).to_have_value(f"{stored.body}\n\nFrom the other tab")
    assert not KeptText.objects.exists()
    other.close()

    # What was typed last is not lost with the page.
    page.reload()
    note.press("Control+End")
    note.press_sequentially(" Last words.", delay=1)
    page.goto(f"{site}/notes/")
    expect(page.get_by_role("link", name="Softmax")).to_be_visible()
    page.get_by_label("Search").fill("last words")
    expect(page.get_by_text("1 note.")).to_be_visible()
    page.get_by_label("Search").fill("nowhere")
    expect(page.get_by_text("No note fits")).to_be_visible()


@pytest.mark.console_errors("Failed to fetch", "ERR_INTERNET_DISCONNECTED", "NetworkError")
def test_a_lost_connection_is_told_and_the_note_is_sent_again(page: Page, context: BrowserContext, site):
    page.goto(f"{site}/notes/concepts/DL-021/")
    context.set_offline(True)
    page.get_by_label("Your note").press_sequentially("On a train", delay=5)
    expect(page.get_by_text("Not saved: no connection")).to_be_visible()
    context.set_offline(False)
    saved(page)
    assert Note.objects.get().body == "On a train"


def test_the_timer_counts_down_in_the_tab(page: Page, site, grace):
    page.goto(f"{site}/topics/attention/")
    page.get_by_role("button", name="25 min").click()
    expect(page).to_have_title(re.compile(r"^2[45]:\d\d Attention"))
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"2[45]:\d\d"))
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused.")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    FocusSession.objects.update(started_at=timezone.now() - timedelta(minutes=10))
    page.get_by_role("button", name="Stop and log").click()
    expect(page.get_by_text("10 minutes logged on Attention.")).to_be_visible()
    expect(page.get_by_text("10 minutes by the timer")).to_be_visible()


def test_a_timer_shows_when_its_time_is_up(page: Page, site, grace):
    FocusSession.objects.create(
        learner=grace,
        concept=make_concept(name="Dropout"),
        day=grace.day_of(timezone.now()),
        planned_minutes=25,
        started_at=timezone.now() - timedelta(minutes=25) + timedelta(seconds=3),
    )
    page.goto(f"{site}/notes/focus/")
    expect(page.get_by_text("25 minutes on Dropout are logged.")).to_be_visible()


def test_a_weekly_review(page: Page, site, grace):
    week = due_week(grace, grace.day_of(timezone.now()))
    ago = (grace.day_of(timezone.now()) - week.last).days + 2
    softmax = make_concept("NLP-009", name="Perplexity")
    for credit in (0.0, 0.0, 1.0):
        make_evidence(grace, softmax, credit, days_ago=ago)

    page.goto(f"{site}/notes/")
    page.get_by_role("link", name="Weekly review").click()
    page.get_by_role("link", name="Look back").click()
    expect(page.get_by_text("1 of 3 right this week")).to_be_visible()
    expect(page.get_by_label("Perplexity")).to_be_checked()
    page.get_by_label("Can I derive its key equations?").press_sequentially("Not without a look", delay=5)
    saved(page)
    assert WeeklyReview.objects.get().derive == "Not without a look"

    page.get_by_label("Something else").fill("Attention")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_label("Attention")).to_be_checked()
    page.get_by_role("button", name="Done for this week").click()
    expect(page.get_by_text("2 things go into your plan")).to_be_visible()
    assert ReviewRequest.objects.of(grace).open().count() == 2

    page.get_by_label("Attention").uncheck()
    expect(page.get_by_text("Saved; 1 in your plan")).to_be_visible()
    assert ReviewRequest.objects.of(grace).open().get().concept == softmax

    page.goto(f"{site}/notes/reviews/")
    expect(page.get_by_text("A review waits")).to_be_hidden()
