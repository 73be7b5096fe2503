"""The whole story in a real browser: from the first visit to mastery that moves."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from progress.accounts.middleware import FirstRunMiddleware
from quizzes.models import Attempt
from tests.factories import keys_of
from tests.library_snapshot import put_library

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery"  # noqa: S105 (the cast's)


@pytest.fixture
def installation(transactional_db, live_server, monkeypatch):
    """A new installation with the whole library."""
    put_library()
    monkeypatch.setattr(FirstRunMiddleware, "has_user", False)
    return live_server


def sign_up(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/accounts/signup/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()


def start(page: Page) -> None:
    """Start a quiz of choices alone."""
    page.get_by_text("Kinds and difficulty").click()
    page.get_by_label("Single choice").check()
    page.get_by_label("Multiple choice").check()
    page.get_by_role("button", name="Start", exact=True).click()


def give_answer(page: Page, *, right: bool) -> str:
    """Choose a right or a wrong answer of the question on the page, and wait until it is saved."""
    attempt = Attempt.objects.latest("started_at")
    number = int(re.search(r"Question (\d+) of", page.locator("#where").inner_text())[1])
    rights, wrongs = keys_of(attempt, number)
    for key in rights if right else wrongs[:1]:
        with page.expect_response(re.compile("/answers/")):
            page.locator(f"#option-{number}-{key}").check()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    return attempt.questions.get(number=number).version.question.concept.code


def test_the_whole_story(page: Page, installation):
    site = installation.url

    # The first visit makes the administrator, who signs out again.
    page.goto(site)
    expect(page.get_by_role("heading", name="Welcome to mlprep")).to_be_visible()
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the administrator").click()
    expect(page.get_by_text("0 of 41 concepts mastered")).to_be_visible()
    page.get_by_role("link", name="ada").first.click()
    page.get_by_role("button", name="Sign out").click()

    # A visitor reads, writes a comment, and is asked to sign up; the text is still there.
    page.goto(f"{site}/concepts/DL-002/")
    page.get_by_label("Your comment").fill("Is it $\\delta = W^\\top \\delta$? <script>window.hacked = true</script>")
    page.get_by_role("button", name="Sign in to post").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("Username").fill("grace")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page).to_have_url(re.compile("/concepts/DL-002/"))
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview .katex").first).to_be_visible()
    page.get_by_role("button", name="Post").click()
    comment = page.locator("article.comment")
    expect(comment.locator(".katex").first).to_be_visible()
    expect(comment).to_contain_text("<script>window.hacked = true</script>")
    page.reload()
    assert page.evaluate("window.hacked") is None

    # Browse and filter; the address keeps the filters, and Back takes them away again.
    page.get_by_role("link", name="Concepts").first.click()
    page.get_by_role("group", name="Week").get_by_role("link", name="6", exact=True).click()
    expect(page.locator("tr[id^=row-]")).to_have_count(6)
    expect(page).to_have_url(re.compile(r"week=6"))
    page.get_by_role("searchbox").fill("softmax")
    expect(page).to_have_url(re.compile(r"week=6.*search=softmax|search=softmax.*week=6"))
    expect(page.locator("tr[id^=row-]").first).to_contain_text("Self-Attention")
    expect(page.locator("tr[id^=row-]").filter(has_text="ML-002")).to_have_count(0)
    page.goto(f"{site}/concepts/?week=6")
    page.get_by_role("group", name="Priority").get_by_role("link", name="High").click()
    expect(page).to_have_url(re.compile(r"priority=high"))
    page.go_back()
    expect(page).not_to_have_url(re.compile(r"priority=high"))
    expect(page.locator("#priority-high")).not_to_have_class(re.compile(r"\bon\b"))

    # A status by one click, and one by the keyboard, without leaving the list.
    row = page.locator("#row-TRANS-001")
    row.get_by_role("button", name="Learning").click()
    expect(row.get_by_role("button", name="Learning")).to_have_attribute("aria-pressed", "true")
    expect(row).to_contain_text("40%")
    row.get_by_role("link", name="Self-Attention").focus()
    page.keyboard.press("3")
    expect(row).to_contain_text("89%")
    page.keyboard.press("1")
    expect(row).to_contain_text("0%")

    # Read: the model answer opens on demand.
    row.get_by_role("link", name="Self-Attention").click()
    answer = page.locator("details.answer .prose")
    expect(answer).to_be_hidden()
    page.keyboard.press("a")
    expect(answer).to_be_visible()

    # A quiz on week 6 with a right and a wrong answer; a reload resumes it.
    page.goto(f"{site}/quizzes/?week=6")
    page.get_by_label("Questions", exact=True).fill("3")
    start(page)
    first = give_answer(page, right=True)
    page.get_by_role("button", name="Next").click()
    give_answer(page, right=False)
    page.goto(f"{site}/quizzes/")
    page.get_by_role("link", name="Resume").click()
    expect(page.get_by_text("Question 3 of 3")).to_be_visible()
    page.locator("body").press("f")
    expect(page.get_by_role("button", name="Flagged")).to_be_visible()
    page.get_by_role("button", name="Finish").last.click()
    expect(page.get_by_text("Still open")).to_be_visible()
    page.get_by_role("button", name="Finish and see the results").click()
    expect(page.get_by_role("heading", name="1 of 3 points")).to_be_visible()
    expect(page.locator("article.review")).to_have_count(3)
    expect(page.locator("#q1")).to_contain_text("right")
    expect(page.locator("#q2")).to_contain_text("wrong")

    # Mastery has moved, on the concept and in the week.
    page.goto(f"{site}/concepts/{first}/")
    expect(page.locator("#standing-title")).to_contain_text(re.compile(r"[1-9]\d%"))
    expect(page.locator("#standing")).to_contain_text("1 of 1 right, last practised today")
    page.goto(f"{site}/progress/")
    week = page.get_by_role("row").filter(has_text="Week 6")
    expect(week.get_by_role("meter")).not_to_have_attribute("value", "0")


def test_a_quiz_that_runs_out_closes_by_itself_and_saved_answers_count(page: Page, installation):
    FirstRunMiddleware.has_user = True
    sign_up(page, installation.url, "grace")
    page.goto(f"{installation.url}/quizzes/")
    page.get_by_label("Minutes").fill("1")
    start(page)
    give_answer(page, right=True)
    attempt = Attempt.objects.get()
    Attempt.objects.update(deadline=attempt.started_at - timedelta(minutes=1))
    page.locator("input[name=answer]:not(:checked, [type=hidden])").first.check()
    expect(page.get_by_text("Time was up before this answer arrived")).to_be_visible()
    expect(page.get_by_role("heading", name="1 of 10 points")).to_be_visible()


def test_at_zero_the_page_goes_to_the_results_by_itself(page: Page, installation):
    FirstRunMiddleware.has_user = True
    sign_up(page, installation.url, "grace")
    page.goto(f"{installation.url}/quizzes/")
    start(page)
    expect(page.get_by_text("Question 1 of 10")).to_be_visible()
    Attempt.objects.update(deadline=timezone.now() + timedelta(seconds=1))
    page.reload()
    expect(page.get_by_role("heading", name="0 of 10 points")).to_be_visible(timeout=15_000)


def test_the_story_works_without_javascript(browser, installation):
    FirstRunMiddleware.has_user = True
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_up(page, installation.url, "grace")
    page.goto(f"{installation.url}/concepts/")
    page.get_by_role("group", name="Week").get_by_role("link", name="7").click()
    page.locator("#row-RECSYS-002").get_by_role("button", name="Mastered").click()
    expect(page.locator("#row-RECSYS-002")).to_contain_text("89%")
    expect(page).to_have_url(re.compile(r"week=7"))
    page.goto(f"{installation.url}/quizzes/?week=7")
    page.get_by_label("Questions", exact=True).fill("2")
    start(page)
    page.locator("input[name=answer]:not([type=hidden])").first.check()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Question 2 of 2")).to_be_visible()
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="Finish and see the results").click()
    expect(page.locator("article.review")).to_have_count(2)
    page.goto(f"{installation.url}/concepts/RECSYS-002/")
    page.get_by_label("Your comment").fill("Plain *HTML*")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("article.comment em")).to_have_text("HTML")
    context.close()
