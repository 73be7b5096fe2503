"""A report and what a moderator does about it, in a real browser, in place."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from progress.models import Comment, CommentReport, User
from tests.browser.conftest import sign_in
from tests.factories import make_comment, make_concept

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_comment_is_reported_and_hidden_without_leaving_the_page(
    page: Page, context: BrowserContext, live_server, grace: User
):
    concept = make_concept("DL-021", name="Softmax")
    author = User.objects.create_user("rob")
    for body in ("Buy my course", "Softmax saturates"):
        make_comment(concept, author, body)
    sign_in(context, grace, live_server.url)
    page.goto(f"{live_server.url}/concepts/DL-021/")
    comment = page.get_by_role("article").filter(has_text="Buy my course").last
    comment.get_by_role("link", name="Report").click()
    comment.get_by_label("Advertising or spam").check()
    comment.get_by_role("button", name="Report it").click()
    expect(comment.get_by_text("Thank you.")).to_be_visible()

    mod = User.objects.create_user("milo", is_moderator=True)
    CommentReport.objects.create(comment=Comment.objects.get(body="Softmax saturates"), reporter=mod, reason="wrong")
    make_comment(concept, author, "My first one", held=True)
    sign_in(context, mod, live_server.url)
    page.goto(f"{live_server.url}/concepts/DL-021/")
    page.get_by_role("link", name="Moderation 3 waiting").click()
    queued = page.get_by_role("article").filter(has_text="Buy my course")
    queued.get_by_role("link", name="Hide").click()
    queued.get_by_label("Why it is hidden").fill(" ")
    queued.get_by_role("button", name="Hide it").click()
    expect(queued.get_by_role("alert")).to_have_text("Say why; the author is told.")
    queued.get_by_label("Why it is hidden").fill("Advertising")
    queued.get_by_role("button", name="Hide it").click()
    expect(page.get_by_role("status")).to_have_text("rob on DL-021 is hidden.")
    expect(page.locator("#waiting-side")).to_have_text("2 waiting")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Leave it").click()
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    expect(page.locator("#waiting-side")).to_be_empty()
    page.goto(f"{live_server.url}/comments/moderation/?show=hidden")
    page.get_by_role("link", name="History").click()
    page.goto(f"{live_server.url}/concepts/DL-021/")
    comment = page.get_by_role("article").filter(has_text="Softmax saturates").last
    comment.get_by_role("link", name="Hide").click()
    comment.get_by_label("Why it is hidden").fill("Off topic")
    comment.get_by_role("button", name="Hide it").click()
    expect(comment.get_by_text("A moderator hid this: Off topic.")).to_be_visible()
    assert set(Comment.objects.values_list("body", "hidden", "held")) == {
        ("Buy my course", True, False),
        ("Softmax saturates", True, False),
        ("My first one", False, False),
    }
