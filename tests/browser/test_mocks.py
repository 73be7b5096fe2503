"""A mock interview in the browser: from the start over strokes, a hint and a follow-up to reviews and cards."""

import math
import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from progress.models import Evidence, ReviewRequest, User
from quizzes.mocks.models import MockInterview, MockRating
from quizzes.models import Card
from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import AXE
from tests.factories import MOCK_CODE, make_card, make_concept, make_interview, make_mock_script, make_topic
from tests.quizzes.mocks.test_services import closed_and_rated

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_mock(page: Page, context: BrowserContext, learner: User, site: str, **changes: object) -> None:
    """Start an interview from the list of scripts."""
    concept, topic = make_concept("DL-001", name="Momentum"), make_topic(3, slug="optimizers", title="Optimisers")
    make_card(concept)
    make_mock_script(concepts=[concept], topics=[topic], **changes)
    sign_in(context, learner, site)
    page.goto(f"{site}/mocks/scripts/")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("timer")).to_contain_text(re.compile("2[45]:"))


def stroke(page: Page, points: list[tuple[float, float]]) -> None:
    """Draw a line with the mouse over the board; points as shares of its width and height."""
    board = page.locator("[data-board] svg")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()


def test_a_mock_from_start_to_cards(page: Page, context: BrowserContext, grace: User, live_server):
    open_mock(page, context, grace, live_server.url)
    pad = page.get_by_role("textbox", name="Pad")
    pad.fill("The noise stays: $\\sigma^2$")
    expect(page.locator("#pad-preview .katex")).to_have_count(1)
    expect(page.locator("#saved")).to_have_text("Saved")

    board = page.get_by_role("img", name=re.compile("Whiteboard with"))
    stroke(page, [(0.1 + i / 100, 0.5 + 0.2 * math.sin(i / 9)) for i in range(60)])
    page.get_by_role("button", name="Red", exact=True).click()
    stroke(page, [(0.1, 0.1), (0.5, 0.1)])
    stroke(page, [(0.1, 0.9), (0.5, 0.9)])
    expect(board).to_have_accessible_name("Whiteboard with 3 strokes")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Redo").click()
    page.get_by_role("button", name="Eraser").click()
    stroke(page, [(0.3, 0.05), (0.3, 0.15)])
    expect(board).to_have_accessible_name("Whiteboard with 1 stroke")
    expect(page.get_by_text("Drawing saved")).to_be_visible()

    page.get_by_role("button", name="A hint").click()
    expect(page.get_by_text("Think of the noise near the minimum.")).to_be_visible()
    page.get_by_role("button", name="First follow-up").click()
    expect(page.get_by_text("Follow-up question 1, asked aloud?")).to_be_visible()
    expect(page.get_by_text("Follow-up question 2")).to_have_count(0)
    page.reload()
    expect(pad).to_have_value("The noise stays: $\\sigma^2$")
    expect(board).to_have_accessible_name("Whiteboard with 1 stroke")

    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("2 follow-ups were not asked yet.")).to_be_visible()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="Model answer")).to_be_visible()
    expect(page.get_by_role("img", name="Whiteboard drawing of 1 stroke")).to_be_visible()
    for name, mark in zip(("Intuition", "Derivation", "Implementation", "Practice", "Clarity"), "12021", strict=True):
        page.get_by_role("group", name=name, exact=True).get_by_label(re.compile(rf"\b{mark} ")).check()
    page.get_by_role("group", name="Could you answer follow-up 1?").get_by_label("No").check()
    page.get_by_role("group", name="Was the explanation clear?").get_by_label("Partly").check()
    page.get_by_role("button", name="Save the rating").click()

    wanted = page.get_by_role("form", name="What to look at again")
    expect(wanted.get_by_label("Momentum", exact=True)).to_be_checked()
    expect(wanted.get_by_label("Optimisers")).to_be_checked()
    wanted.get_by_role("button", name="Add these").click()
    expect(page.get_by_text("2 reviews asked for, 1 card brought forward, 1 own card written")).to_be_visible()
    assert {str(request.subject) for request in ReviewRequest.objects.of(grace)} == {"DL-001 Momentum", "3. Optimisers"}
    assert Card.objects.of(grace).get().content["front"].startswith("Follow-up question 1")
    assert Evidence.objects.get(learner=grace).source.endswith(":DL-001")
    page.get_by_role("link", name="Mock interviews").first.click()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("img", name=re.compile("Scores of your interviews"))).to_be_visible()


def test_no_page_has_a_finding_or_scrolls_sideways(page: Page, context: BrowserContext, grace: User, live_server):
    script = make_mock_script(concepts=[make_concept()], kind="implementation", title="A title " + "of length " * 6)
    interview, _ = closed_and_rated(grace, script, 1, first="no", second="partly")
    running = make_interview(grace, script)
    sign_in(context, grace, live_server.url)
    paths = ["", "scripts/", "history/", f"{interview.pk}/review/", f"{running.pk}/", f"{running.pk}/finish/"]
    findings: list[str] = []
    for scheme, width in (("light", 1280), ("dark", 390)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            page.goto(f"{live_server.url}/mocks/{path}")
            page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
            # Evaluated and not loaded as a script: the page's own policy would refuse it.
            page.evaluate(AXE.read_text())
            report = page.evaluate("axe.run({rules: {'region': {enabled: true}}})")
            findings += [
                f"{scheme} {path}: {violation['id']}: {node['target']}"
                for violation in report["violations"]
                for node in violation["nodes"][:3]
            ]
            if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
                findings.append(f"{path} is too wide for {width} pixels")
    assert not findings, "\n".join(findings)


def test_a_finger_draws_and_the_page_stays_where_it_is(browser: Browser, grace: User, live_server):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_mock(page, context, grace, live_server.url)
    board = page.locator("[data-board] svg")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box
    before = page.evaluate("scrollY")
    touch = context.new_cdp_session(page)
    for kind, share in [
        ("touchStart", 0.2),
        *(("touchMove", 0.2 + step / 20) for step in range(1, 11)),
        ("touchEnd", 1),
    ]:
        places = [] if kind == "touchEnd" else [{"x": box["x"] + 60, "y": box["y"] + share * box["height"]}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})
    expect(board).to_have_accessible_name("Whiteboard with 1 stroke")
    assert page.evaluate("scrollY") == before
    expect(page.get_by_text("Drawing saved")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_code_is_written_run_and_kept(page: Page, context: BrowserContext, grace: User, live_server):
    open_mock(page, context, grace, live_server.url, kind="debugging")
    editor = page.get_by_role("textbox", name="Your code")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text("def double(x):\n    return x * x\n")
    page.keyboard.press("Control+Enter")
    result = page.get_by_role("region", name="Result")
    expect(result).to_contain_text("1 of 2 tests pass", timeout=20_000)
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(MOCK_CODE["solution"])
    expect(page.locator("#saved")).to_have_text("Saved")
    page.get_by_role("button", name="Run the tests").click()
    expect(result).to_contain_text("All 2 tests pass", timeout=20_000)
    interview = MockInterview.objects.get()
    assert interview.code == MOCK_CODE["solution"]
    assert interview.runs.count() == 2


def test_a_recording_stays_in_the_page(browser: Browser, grace: User, live_server):
    """Where the browser gives no microphone the page says so; no request carries sound."""
    context = browser.new_context(permissions=[])
    page = context.new_page()
    open_mock(page, context, grace, live_server.url)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.get_by_text("Record yourself").click()
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("gives no microphone")).to_be_visible()
    assert posts == []
    context.close()


def test_everything_but_drawing_and_sound_works_without_a_script(browser: Browser, grace: User, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    concept = make_concept("DL-001")
    make_mock_script(concepts=[concept], kind="implementation")
    sign_in(context, grace, live_server.url)
    page.goto(f"{live_server.url}/mocks/")
    page.get_by_label("Implementation from scratch").check()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Whiteboard", exact=True)).to_be_hidden()
    page.fill("textarea[name=pad]", "Written without a script")
    page.fill("textarea[name=code]", MOCK_CODE["solution"])
    page.get_by_role("button", name="Run the tests").click()
    expect(page.get_by_text("All 2 tests pass")).to_be_visible()
    page.get_by_role("button", name="First follow-up").click()
    expect(page.get_by_text("Follow-up question 1")).to_be_visible()
    expect(page.locator("textarea[name=pad]")).to_have_value("Written without a script")
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="Finish").click()
    for name in ("Intuition", "Derivation", "Implementation", "Practice", "Clarity"):
        page.get_by_role("group", name=name, exact=True).get_by_label("3 most").check()
    page.get_by_role("group", name="Could you answer follow-up 1?").get_by_label("Yes").check()
    page.get_by_role("button", name="Save the rating").click()
    assert MockRating.objects.get().percent == 88
    context.close()
