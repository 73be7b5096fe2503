"""Every kind of question by mouse and by keyboard alone; a quiz across reloads, tabs, restarts and a wrong clock."""

import re
from datetime import timedelta

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from progress.models import User
from quizzes.domain.questions import KINDS, parse_question
from quizzes.models import Attempt
from tests.browser.conftest import sign_in
from tests.factories import make_attempt_at, make_concept, make_question, make_question_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def quiz(page: Page, context: BrowserContext, grace: User, live_server):
    """Opens a quiz over questions of these kinds, in this order of numbers, and gives its attempt."""

    def open_quiz(*kinds: str, **wishes: object) -> Attempt:
        sign_in(context, grace, live_server.url)
        attempt = make_attempt_at(grace, *(make_question_of(kind) for kind in kinds), **wishes)
        page.goto(f"{live_server.url}{attempt.get_absolute_url()}?question=1")
        # No human presses a key before the page has started.
        page.locator("form[data-htmx-powered]").first.wait_for()
        return attempt

    return open_quiz


def expected_of(attempt: Attempt, number: int = 1):
    question = attempt.questions.select_related("version").get(number=number)
    return parse_question(question.version.content).expected(question.presentation)


def finish(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Finish")).first.click()
    page.get_by_role("button", name="Finish and see the results").click()


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with Tab")


def order_of(page: Page) -> list[str]:
    return page.locator(".steps li").evaluate_all("items => items.map(item => item.dataset.step)")


def answer_by_mouse(page: Page, kind: str, right) -> None:
    if kind in {"single_choice", "multiple_choice"}:
        for key in right if isinstance(right, list) else [right]:
            page.locator(f"label[for=option-1-{key}]").click()
    elif kind == "matching":
        for place, key in enumerate(right, start=1):
            page.locator(f"#pair-1-{place}").select_option(key)
    elif kind == "cloze":
        page.locator("#blank-1-1").fill(right[0])
        page.locator("#blank-1-2").select_option(right[1])
    elif kind == "ordering":
        for place, key in enumerate(right):
            page.locator(f"li[data-step={key}]").drag_to(
                page.locator(".steps li").nth(place), target_position={"x": 60, "y": 3}
            )
        expect(page.locator("#saved")).to_contain_text("Saved")
    else:
        page.locator("[name=answer]").click()
        page.locator("[name=answer]").fill(right["text"] if kind == "open" else right)


def answer_by_keyboard(page: Page, kind: str, right) -> None:  # noqa: C901 (one way a kind)
    if kind in {"single_choice", "multiple_choice"}:
        keys = right if isinstance(right, list) else [right]
        for key in keys:
            with page.expect_response(re.compile("/answers/")):
                page.keyboard.press(str(1 + "abcd".index(key)))
    elif kind == "matching":
        for place, key in enumerate(right, start=1):
            tab_to(page, f"#pair-1-{place}")
            page.keyboard.press(key.upper())
    elif kind == "cloze":
        tab_to(page, "#blank-1-1")
        page.keyboard.type(right[0])
        tab_to(page, "#blank-1-2")
        page.keyboard.type(right[1])
    elif kind == "ordering":
        tab_to(page, ".handle")
        for place, key in enumerate(right):
            page.locator(f"li[data-step={key}] .handle").focus()
            while order_of(page).index(key) > place:
                page.keyboard.press("ArrowUp")
    else:
        tab_to(page, "[name=answer]")
        page.keyboard.type(right["text"] if kind == "open" else right)


@pytest.mark.parametrize("way", [answer_by_mouse, answer_by_keyboard])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_answered(page: Page, quiz, kind, way):
    attempt = quiz(kind)
    right = expected_of(attempt)
    way(page, kind, right)
    if way is answer_by_keyboard:
        tab_to(page, "button.primary")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Finish the quiz?")).to_be_visible()
        page.keyboard.press("Enter")
    else:
        finish(page)
    expect(page.get_by_role("heading", name=re.compile("points"))).to_be_visible()
    question = attempt.questions.get()
    if kind == "open":
        assert question.answer["text"] == right["text"]
        expect(page.get_by_text("to be rated")).to_be_visible()
    else:
        assert question.credit == 1, (question.answer, right)


@pytest.mark.parametrize("is_touched", [False, True], ids=["mouse", "touch"])
def test_an_ordering_says_how_it_is_answered_with_what_is_at_hand(browser, grace, live_server, is_touched):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=is_touched, is_mobile=is_touched)
    sign_in(context, grace, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}{make_attempt_at(grace, make_question_of('ordering')).get_absolute_url()}")
    told = {True: "Give each step its place", False: "Drag each step to its place"}
    expect(page.get_by_text(told[is_touched])).to_be_visible()
    expect(page.get_by_text(told[not is_touched])).to_be_hidden()
    expect(page.locator("[data-place]").first).to_be_visible(visible=is_touched)
    context.close()


def test_enter_in_a_field_saves_and_leads_on(page: Page, quiz):
    attempt = quiz("numeric", "numeric")
    page.locator("[name=answer]").fill("1.5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 2 of 2")).to_be_visible()
    assert attempt.questions.get(number=1).answer == "1.5"
    assert not attempt.questions.get(number=1).flagged


def test_flag_and_arrows_work_from_the_keyboard(page: Page, quiz):
    quiz("single_choice", "single_choice")
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Flagged")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Question 2 of 2")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("Question 1 of 2")).to_be_visible()
    with page.expect_response(re.compile("/answers/")):
        page.keyboard.press("s")
    page.keyboard.press("2")
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.reload()
    expect(page.get_by_label("Sure")).to_be_checked()


def test_a_formula_is_typeset_while_it_is_typed(page: Page, quiz):
    quiz("formula")
    field = page.locator("[name=answer]")
    field.press_sequentially("(y_hat - y", delay=20)
    expect(page.locator("#preview .problem")).to_contain_text("Close the parenthesis")
    field.press_sequentially(")/2")
    expect(page.locator("#preview .katex")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("(y_hat - y)/2")


def test_a_long_answer_is_saved_while_it_is_written(page: Page, quiz):
    attempt = quiz("open")
    field = page.locator("[name=answer]")
    with page.expect_response(re.compile("/answers/")):
        field.press_sequentially("First thoughts")
    expect(page.locator("#saved")).to_contain_text("Saved")
    field.press_sequentially(" and more")
    expect(field).to_have_value("First thoughts and more")
    assert attempt.questions.get().answer["text"].startswith("First")


def test_practice_explains_after_each_answer_without_a_mouse(page: Page, quiz):
    quiz("numeric", "numeric", mode="practice")
    tab_to(page, "[name=answer]")
    page.keyboard.type("1.04")
    page.keyboard.press("Enter")
    expect(page.get_by_text("These are nats.")).to_be_visible()
    page.locator("body").press("Enter")
    expect(page.get_by_text("Question 2 of 2")).to_be_visible()


def test_a_quiz_goes_on_after_a_reload_in_a_second_tab_and_after_the_server_restarted(
    page: Page, context: BrowserContext, grace: User, monkeypatch
):
    # Both servers must let go of the port for the next one to take it at once.
    monkeypatch.setattr(
        LiveServerThread,
        "_create_server",
        lambda thread, *_, **__: ThreadedWSGIServer(
            (thread.host, thread.port), QuietWSGIRequestHandler, allow_reuse_address=True
        ),
    )
    server = LiveServer("localhost")
    port = server.thread.port
    try:
        sign_in(context, grace, server.url)
        attempt = make_attempt_at(grace, *(make_question_of("numeric") for _ in range(3)))
        address = f"{server.url}{attempt.get_absolute_url()}"
        page.goto(address)
        page.locator("[name=answer]").fill("1.5")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Question 2 of 3")).to_be_visible()
        page.reload()
        expect(page.get_by_text("Question 2 of 3")).to_be_visible()

        second = context.new_page()
        second.goto(f"{address}?question=1")
        expect(second.locator("[name=answer]")).to_have_value("1.5")
        second.locator("[name=answer]").fill("2.5")
        second.keyboard.press("Enter")
        expect(second.get_by_text("Question 2 of 3")).to_be_visible()
    finally:
        server.stop()
    again = LiveServer(f"localhost:{port}")
    try:
        page.locator("[name=answer]").fill("7")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Question 3 of 3")).to_be_visible()
        finish(page)
        expect(page.get_by_role("heading", name="0 of 3 points")).to_be_visible()
        second.goto(f"{address}?question=3")
        expect(second.get_by_role("heading", name="0 of 3 points")).to_be_visible()
    finally:
        again.stop()
    assert list(attempt.questions.values_list("answer", flat=True)) == ["2.5", "7", None]


@pytest.mark.parametrize("shift", [timedelta(days=-400), timedelta(days=400)])
def test_a_wrong_clock_in_the_browser_changes_nothing(page: Page, context: BrowserContext, quiz, shift):
    context.clock.install(time=timezone.now() + shift)
    attempt = quiz("single_choice", minutes=10)
    expect(page.locator(".timer")).to_contain_text(re.compile("09:5|10:00"))
    page.keyboard.press("1")
    expect(page.locator("#saved")).to_contain_text("Saved")
    attempt.refresh_from_db()
    assert attempt.finished_at is None


@pytest.mark.console_errors("net::ERR_", "Failed to fetch")
def test_a_dropped_connection_is_told_and_the_answer_sent_once_it_is_back(page: Page, context: BrowserContext, quiz):
    attempt = quiz("single_choice", "single_choice", minutes=10)
    page.keyboard.press("1")
    expect(page.locator("#saved")).to_have_text("Saved")
    context.set_offline(True)
    page.keyboard.press("2")
    expect(page.locator("#saved")).to_contain_text("Not saved: no connection")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#where")).to_have_text("Question 1 of 2")
    context.set_offline(False)
    expect(page.locator("#where")).to_have_text("Question 2 of 2")
    assert attempt.questions.get(number=1).answer == "b"


def test_saved_is_not_said_of_what_is_being_changed(page: Page, quiz):
    quiz("open", minutes=10)
    field = page.locator("textarea[name=answer]")
    field.press_sequentially("Because")
    expect(page.locator("#saved")).to_have_text("Saved")
    field.press_sequentially("!")
    assert "Saved" not in page.locator("#saved").inner_text()
    expect(page.locator("#saved")).to_have_text("Saved")


@pytest.mark.console_errors("403")
def test_one_who_is_signed_out_meanwhile_is_told(page: Page, context: BrowserContext, quiz, grace, live_server):
    attempt = quiz("single_choice", minutes=10)
    context.clear_cookies()
    page.keyboard.press("2")
    expect(page.locator("#saved")).to_contain_text("you are signed out")
    sign_in(context, grace, live_server.url)
    expect(page.locator("#saved")).to_have_text("Saved")
    assert attempt.questions.get().answer == "b"


def test_where_the_browser_says_time_is_up_and_the_server_does_not_the_quiz_goes_on(
    page: Page, context: BrowserContext, quiz
):
    context.clock.install()
    attempt = quiz("single_choice", minutes=10)
    page.clock.fast_forward("11:00")
    page.clock.run_for(5000)
    expect(page.locator("#question")).to_be_visible()
    attempt.refresh_from_db()
    assert attempt.finished_at is None
    page.keyboard.press("1")
    expect(page.locator("#saved")).to_contain_text("Saved")


def test_time_that_is_up_closes_the_quiz_whatever_the_browsers_clock_says(page: Page, context: BrowserContext, quiz):
    context.clock.install(time=timezone.now() - timedelta(days=2))
    attempt = quiz("single_choice", minutes=10)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(seconds=5))
    page.keyboard.press("1")
    expect(page.get_by_text("Time was up before this answer arrived")).to_be_visible()
    assert attempt.questions.get().answer is None


def test_a_second_tab_that_was_not_touched_takes_nothing_back(page: Page, context: BrowserContext, quiz):
    attempt = quiz("numeric", "numeric", minutes=10)
    other = context.new_page()
    other.goto(page.url)
    other.locator("form[data-htmx-powered]").first.wait_for()
    page.locator("#answer-1").fill("0.5")
    expect(page.locator("#saved")).to_have_text("Saved")
    other.keyboard.press("Escape")
    other.get_by_role("button", name="Next").click()
    expect(other.locator("#where")).to_have_text("Question 2 of 2")
    assert attempt.questions.get(number=1).answer == "0.5"


def test_another_confidence_in_a_second_tab_brings_no_old_answer_along(page: Page, context: BrowserContext, quiz):
    attempt = quiz("single_choice")
    old = context.new_page()
    old.goto(page.url)
    old.locator("form[data-htmx-powered]").first.wait_for()
    page.locator("label[for=option-1-b]").click()
    expect(page.locator("#saved")).to_contain_text("Saved")
    for name in ("sure", "guess"):
        with old.expect_response(re.compile("/answers/")):
            old.locator(f"label[for=confidence-{name}]").click()
    question = attempt.questions.get()
    assert (question.answer, question.confidence) == ("b", "guess")


def test_concepts_are_found_while_their_words_are_typed(page: Page, context: BrowserContext, grace, live_server):
    for code, name in (("C-1", "Softmax"), ("C-2", "Dropout")):
        make_question(make_concept(code, name=name))
    sign_in(context, grace, live_server.url)
    page.goto(f"{live_server.url}/quizzes/")
    page.locator("summary", has_text="Concepts").click()
    page.get_by_label("Softmax").check()
    page.get_by_label(re.compile("Find a concept")).press_sequentially("drop")
    expect(page.get_by_text("Chosen: C-1.")).to_be_visible()
    page.get_by_label("Dropout").check()
    page.get_by_label("Softmax").uncheck()
    expect(page.get_by_text("Chosen: C-2.")).to_be_visible()
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Start", exact=True).last.click()
    expect(page.get_by_text("Question 1 of 1")).to_be_visible()
    assert Attempt.objects.get().questions.get().version.question.concept.code == "C-2"


def test_the_back_button_shows_what_was_saved(page: Page, quiz):
    attempt = quiz("numeric", "numeric", minutes=10)
    page.locator("#answer-1").fill("0.5")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#where")).to_have_text("Question 2 of 2")
    page.go_back()
    expect(page.locator("#answer-1")).to_have_value("0.5")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#where")).to_have_text("Question 2 of 2")
    assert attempt.questions.get(number=1).answer == "0.5"


def test_what_is_cleared_on_purpose_is_cleared(page: Page, quiz):
    attempt = quiz("numeric", minutes=10)
    field = page.locator("#answer-1")
    field.fill("0.5")
    expect(page.locator("#saved")).to_have_text("Saved")
    with page.expect_response(lambda response: "/answers/" in response.url):
        field.fill("")
        field.blur()
    page.reload()
    expect(field).to_have_value("")
    assert attempt.questions.get().answer is None
