"""Flashcards in a browser: by keyboard, by touch, offline for a moment, in two tabs."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from progress.models import User
from quizzes.flashcards.models import CardEvent
from tests.browser.conftest import sign_in
from tests.factories import make_card, make_concept

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def review(page: Page, context: BrowserContext, grace: User, live_server):
    """Opens the review page over so many new cards, each on a concept of its own."""

    def open_review(cards: int) -> Page:
        for _ in range(cards):
            make_card(make_concept())
        sign_in(context, grace, live_server.url)
        page.goto(f"{live_server.url}/flashcards/review/")
        return page

    return open_review


def shown(page: Page) -> str:
    return page.locator("#card").get_attribute("data-card")


def saved(page: Page, count: int) -> None:
    """Wait until so many answers are stored."""
    for _ in range(200):
        if CardEvent.objects.filter(kind="answer").count() == count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{CardEvent.objects.filter(kind='answer').count()} answers are stored, not {count}")


def test_a_session_by_keyboard_alone(review):
    page = review(3)
    seen = []
    for key in ("4", "4", "4"):
        expect(page.locator("#front")).to_be_visible()
        assert not page.locator(".back").is_visible()
        seen.append(shown(page))
        page.keyboard.press("Space")
        expect(page.locator(".back")).to_be_visible()
        page.keyboard.press(key)
        if len(seen) < 3:
            page.wait_for_function("former => document.querySelector('#card').dataset.card !== former", arg=seen[-1])
    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    assert len(set(seen)) == 3
    saved(page, 3)
    assert set(CardEvent.objects.values_list("rating", flat=True)) == {4}
    assert all(CardEvent.objects.values_list("milliseconds", flat=True))


def test_the_next_card_is_there_at_once_even_if_the_server_is_slow(review):
    page = review(3)
    first = shown(page)
    page.route("**/flashcards/review/", lambda route: (page.wait_for_timeout(600), route.continue_()))
    page.keyboard.press("Space")
    page.keyboard.press("3")
    assert shown(page) != first
    saved(page, 1)


def test_numbers_do_nothing_before_the_answer_is_shown(review):
    page = review(1)
    page.keyboard.press("3")
    assert not page.locator(".back").is_visible()
    assert not CardEvent.objects.exists()


def test_undo_suspend_and_bury_by_key(review):
    page = review(3)
    first = shown(page)
    page.keyboard.press("Space")
    page.keyboard.press("3")
    saved(page, 1)
    page.keyboard.press("z")
    expect(page.locator("#card")).to_have_attribute("data-card", first)
    page.keyboard.press("s")
    expect(page.get_by_text("The card is suspended")).to_be_visible()
    second = shown(page)
    page.keyboard.press("b")
    expect(page.get_by_text("comes back tomorrow")).to_be_visible()
    assert shown(page) not in {first, second}


def slowed(page: Page) -> None:
    """Ratings take a while to arrive."""
    page.route("**/flashcards/review/", lambda route: (page.wait_for_timeout(600), route.continue_()))


def test_undo_pressed_before_the_rating_has_arrived_takes_back_that_rating(review):
    page = review(3)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.keyboard.press("Space")
    page.keyboard.press("3")
    saved(page, 1)
    second = shown(page)
    slowed(page)
    page.keyboard.press("Space")
    page.keyboard.press("1")
    page.keyboard.press("z")
    expect(page.locator("#card")).to_have_attribute("data-card", second)
    assert not asked
    assert list(CardEvent.objects.order_by("pk").values_list("kind", "rating")) == [
        ("answer", 3),
        ("answer", 1),
        ("undo", None),
    ]


def test_a_link_pressed_before_the_rating_has_arrived_waits_for_it(review):
    page = review(3)
    slowed(page)
    page.keyboard.press("Space")
    page.keyboard.press("3")
    second = shown(page)
    page.keyboard.press("i")
    page.wait_for_url(f"**/flashcards/{second}/**")
    assert CardEvent.objects.count() == 1


def test_a_reload_does_not_bring_back_a_card_that_was_taken_back_and_rated_anew(review):
    page = review(3)
    first = shown(page)
    page.keyboard.press("Space")
    page.keyboard.press("4")
    saved(page, 1)
    page.keyboard.press("z")
    expect(page.locator("#card")).to_have_attribute("data-card", first)
    page.keyboard.press("Space")
    page.keyboard.press("4")
    saved(page, 2)
    second = shown(page)
    assert second != first
    page.reload()
    assert shown(page) == second


def test_what_is_done_below_the_card_is_done_to_the_card_shown(review):
    page = review(3)
    page.keyboard.press("Space")
    page.keyboard.press("4")
    second = shown(page)
    saved(page, 1)
    page.keyboard.press("s")
    expect(page.get_by_text("The card is suspended")).to_be_visible()
    assert CardEvent.objects.get(kind="suspend").card_id == int(second)


def test_by_touch_a_tap_turns_and_a_swipe_rates(browser: Browser, grace: User, live_server):
    for _ in range(2):
        make_card(make_concept())
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(context, grace, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/flashcards/review/")
    page.locator("#front").tap()
    expect(page.locator(".back")).to_be_visible()
    first = shown(page)
    page.evaluate(
        """() => {
            const card = document.querySelector('#front');
            const touch = x => new Touch({identifier: 1, target: card, clientX: x, clientY: 200});
            for (const [name, x] of [['touchstart', 100], ['touchend', 260]])
                card.dispatchEvent(new TouchEvent(name, {bubbles: true, changedTouches: [touch(x)]}));
        }"""
    )
    page.wait_for_function("former => document.querySelector('#card').dataset.card !== former", arg=first)
    saved(page, 1)
    assert CardEvent.objects.get().rating == 3
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.console_errors("net::ERR_")
def test_offline_for_a_moment_nothing_is_lost_or_doubled(review, context: BrowserContext):
    page = review(4)
    context.set_offline(True)
    page.keyboard.press("Space")
    page.keyboard.press("3")
    expect(page.get_by_text(re.compile("Not saved yet"))).to_be_visible()
    assert not CardEvent.objects.exists()
    page.keyboard.press("Space")
    page.keyboard.press("3")
    context.set_offline(False)
    saved(page, 2)
    expect(page.locator("#trouble")).to_be_hidden()
    assert CardEvent.objects.values("card").distinct().count() == 2


def test_two_tabs_record_one_answer_a_card(review, context: BrowserContext):
    page = review(3)
    other = context.new_page()
    other.goto(page.url)
    assert shown(other) == shown(page)
    page.keyboard.press("Space")
    page.keyboard.press("3")
    saved(page, 1)
    other.keyboard.press("Space")
    other.keyboard.press("1")
    expect(other.get_by_text("answered in another window")).to_be_visible()
    assert CardEvent.objects.count() == 1


def test_without_javascript_a_card_is_turned_and_rated(browser: Browser, grace: User, live_server):
    make_card(make_concept())
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, grace, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/flashcards/review/")
    page.get_by_text("Show the answer").click()
    page.get_by_role("button", name="Easy").click()
    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    assert CardEvent.objects.get().rating == 4
    context.close()


def test_a_number_by_keyboard_alone(page: Page, context: BrowserContext, grace: User, live_server):
    make_card(make_concept(), kind="generated", content={"generator": "bayes-base-rate"})
    other = make_card(make_concept())
    sign_in(context, grace, live_server.url)
    page.goto(f"{live_server.url}/flashcards/review/")
    expect(page.locator("#typed")).to_be_focused()
    page.keyboard.type("b12")
    assert page.locator("#typed").input_value() == "b12"
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(page.get_by_text("comes back tomorrow")).to_be_visible()
    assert CardEvent.objects.get().kind == "bury"
    page.keyboard.press("z")
    expect(page.locator("#typed")).to_be_focused()
    page.wait_for_timeout(300)
    page.get_by_role("button", name="I don't know").click()
    expect(page.get_by_text("not known")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator("#card .prose.front")).to_contain_text(other.content["front"])
    saved(page, 1)
    answer = CardEvent.objects.get(kind="answer")
    assert answer.rating == 1
    assert answer.milliseconds > 300
