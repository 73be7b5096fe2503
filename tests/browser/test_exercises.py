"""Writing NumPy in the browser: wrong, then right; a loop without end; a draft across a reload; no script at all."""

import re
import time

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from progress.models import User
from quizzes.exercises.models import ExerciseRun, ExerciseWork
from quizzes.sandbox.client import Sandbox, Waiting
from tests.browser.conftest import sign_in
from tests.factories import make_exercise, make_topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def exercise(page: Page, context: BrowserContext, grace: User, live_server):
    """Opens an exercise that asks for a function `double`."""
    exercise = make_exercise(make_topic(3, slug="doubling"))
    sign_in(context, grace, live_server.url)
    page.goto(f"{live_server.url}{exercise.get_absolute_url()}")
    return exercise


def write(page: Page, code: str) -> None:
    """Put this into the editor by keyboard, as one would."""
    editor = page.get_by_role("textbox", name="Your code")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(code)


def test_an_exercise_is_solved_wrong_and_then_right(page: Page, exercise):
    write(page, "def double(x):\n    print('trying', x)\n    return x * x\n")
    page.keyboard.press("Control+Enter")
    result = page.get_by_role("region", name="Result")
    expect(result).to_contain_text("1 of 2 tests pass")
    expect(result).to_contain_text("double(-1) is 1, expected -2")
    expect(result).to_contain_text("trying 2")
    write(page, "def double(x):\n    return 2 * x\n")
    page.get_by_role("button", name="Run").click()
    expect(result).to_contain_text("All 2 tests pass")
    assert ExerciseWork.objects.get().solved_at
    assert ExerciseRun.objects.count() == 2
    expect(page.get_by_role("textbox", name="Your code")).to_contain_text("return 2 * x")


def test_keys_in_the_editor_are_letters_and_no_shortcuts(page: Page, exercise):
    address = page.url
    write(page, "")
    page.keyboard.type("jkq")
    expect(page.get_by_role("textbox", name="Your code")).to_contain_text("jkq")
    assert page.url == address


def test_tab_indents_and_escape_then_tab_leaves(page: Page, exercise):
    write(page, "x")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    expect(page.locator("textarea[name=code]")).to_have_value("    x")


def test_a_loop_without_end_is_stopped_and_told(page: Page, exercise, monkeypatch, settings):
    monkeypatch.setattr("quizzes.exercises.services.sandbox", lambda: Sandbox(settings.DATA_DIR, cpu_seconds=5))
    write(page, "def double(x):\n    while True:\n        pass\n")
    page.keyboard.press("Control+Enter")
    result = page.get_by_role("region", name="Result")
    expect(result).to_contain_text("Running")
    expect(result).to_contain_text("did not end within 5 seconds of computing in test_minus_one", timeout=40_000)
    assert page.locator("[id^=look-]").count() == 0


def test_the_place_in_line_moves_on(page: Page, exercise, monkeypatch):
    places = iter([3, 2, 2, 1, 0])
    monkeypatch.setattr(Sandbox, "run", lambda self, **_: Waiting(next(places)))
    monkeypatch.setattr(Sandbox, "ask", lambda self, id, **_: Waiting(next(places, 0)))
    page.get_by_role("button", name="Run").click()
    result = page.get_by_role("region", name="Result")
    for place in (3, 2, 1):
        expect(result).to_contain_text(f"place {place} in line")
    expect(result).to_contain_text("Running")


def test_over_plain_http_each_run_has_its_own_verdict(page: Page, exercise):
    # What a page has not that comes by http from another machine.
    page.add_init_script("delete Crypto.prototype.randomUUID; delete window.crypto.subtle")
    page.reload()
    result = page.get_by_role("region", name="Result")
    for code, verdict in (("x * x", "1 of 2"), ("2 * x", "All 2"), ("x + 1", "0 of 2"), ("2 * x", "All 2")):
        write(page, f"def double(x):\n    return {code}\n")
        page.keyboard.press("Control+Enter")
        expect(result).to_contain_text(f"{verdict} tests pass")
    assert ExerciseRun.objects.count() == 4


def test_a_run_that_takes_longer_is_waited_for(page: Page, exercise):
    write(page, "import time\ntime.sleep(3.5)\n\ndef double(x):\n    return 2 * x\n")
    page.keyboard.press("Control+Enter")
    result = page.get_by_role("region", name="Result")
    expect(result).to_contain_text("Running")
    expect(result).to_contain_text("All 2 tests pass", timeout=15_000)
    assert ExerciseRun.objects.count() == 1


def test_a_draft_survives_a_reload(page: Page, exercise):
    write(page, "def double(x):\n    return 'half written'\n")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Your code")).to_contain_text("half written")


def test_a_reload_right_after_a_key_loses_nothing(page: Page, exercise):
    write(page, "def double(x):\n    return 'just typed'\n")
    page.reload()
    expect(page.get_by_role("textbox", name="Your code")).to_contain_text("just typed")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    assert "just typed" in ExerciseWork.objects.get().code


def test_who_types_without_a_pause_is_saved_all_the_same(page: Page, exercise):
    write(page, "# ")
    until = time.monotonic() + 7
    while time.monotonic() < until:
        page.keyboard.type("x")
        page.wait_for_timeout(300)
    assert ExerciseWork.objects.get().code.count("x") >= 5


@pytest.mark.console_errors("409")
def test_a_stale_page_asks_before_it_overwrites_newer_text(page: Page, context: BrowserContext, exercise):
    other = context.new_page()
    other.goto(page.url)
    write(page, "newer = 1\n")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    write(other, "older = 1\n")
    expect(other.get_by_text("another page has saved newer text")).to_be_visible()
    assert ExerciseWork.objects.get().code == "newer = 1\n"
    other.get_by_role("button", name="Keep this").click()
    expect(other.get_by_text("Draft saved")).to_be_visible()
    assert ExerciseWork.objects.get().code == "older = 1\n"


def test_looking_at_an_old_run_leaves_the_draft_alone(page: Page, exercise):
    write(page, "def double(x):\n    return x * x\n")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Result")).to_contain_text("1 of 2 tests pass")
    write(page, "unrun = 1\n")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.get_by_text("History (1)").click()
    page.locator("#history a").first.click()
    page.get_by_role("textbox", name="Your code").click()
    page.keyboard.type("# a thought\n")
    page.wait_for_timeout(2500)
    page.reload()
    assert ExerciseWork.objects.get().code == "unrun = 1\n"
    page.get_by_role("textbox", name="Your code").click()
    page.keyboard.type("# mine\n")
    page.get_by_role("button", name="Take this code over").click()
    expect(page.get_by_role("button", name="Take this code over")).to_have_count(0)
    assert "x * x" in ExerciseWork.objects.get().code
    assert "# mine" in ExerciseWork.objects.get().code


def test_on_a_telephone_the_result_comes_into_sight(page: Page, exercise):
    page.set_viewport_size({"width": 390, "height": 844})
    verdict, bar = page.get_by_text("1 of 2 tests pass"), page.locator(".side")
    for wait in (0, 3):
        page.evaluate("scrollTo(0, 0)")
        write(page, f"import time\ntime.sleep({wait})\n\ndef double(x):\n    return x * x\n")
        page.get_by_role("button", name="Run").click()
        if wait:
            expect(page.get_by_text("Running…")).to_be_visible()
        expect(verdict).to_be_visible()
        page.wait_for_timeout(500)
        box = verdict.bounding_box()
        assert 0 <= box["y"] < bar.bounding_box()["y"] - 100


def test_two_clicks_on_a_hint_take_one(page: Page, exercise):
    page.get_by_role("button", name="A hint").dblclick()
    expect(page.get_by_text("Multiply.")).to_be_visible()
    page.wait_for_timeout(500)
    assert ExerciseWork.objects.get().hints_taken == 1


def test_the_result_is_there_when_one_comes_back(page: Page, exercise, live_server):
    write(page, "def double(x):\n    return x * x\n")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 of 2 tests pass")).to_be_visible()
    page.goto(f"{live_server.url}/exercises/")
    page.go_back()
    expect(page.get_by_text("1 of 2 tests pass")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your code")).to_contain_text("x * x")


def test_who_is_signed_out_is_told_so_and_goes_on_after_signing_in(
    page: Page, context: BrowserContext, grace: User, exercise, live_server
):
    context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    write(page, "def double(x):\n    return 'kept'\n")
    expect(page.get_by_text("Not saved: you are signed out")).to_be_visible()
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("region", name="Result")).to_contain_text("You are signed out")
    sign_in(context, grace, live_server.url)
    write(page, "def double(x):\n    return 'kept 2'\n")
    expect(page.get_by_text("Draft saved")).to_be_visible(timeout=15_000)
    assert "kept 2" in ExerciseWork.objects.get().code


@pytest.mark.console_errors("ERR_INTERNET_DISCONNECTED")
def test_a_lost_connection_is_said_and_the_draft_sent_again(page: Page, context: BrowserContext, exercise):
    context.set_offline(True)
    write(page, "def double(x):\n    return 'offline'\n")
    expect(page.get_by_text("no connection")).to_be_visible(timeout=10_000)
    context.set_offline(False)
    expect(page.get_by_text("Draft saved")).to_be_visible(timeout=15_000)
    assert "offline" in ExerciseWork.objects.get().code


def test_hints_come_one_by_one_and_the_solution_asks_first(page: Page, exercise):
    page.get_by_role("button", name="A hint").click()
    expect(page.get_by_text("Multiply.")).to_be_visible()
    page.get_by_text("Give up…").click()
    page.get_by_label("Show me the solution without a try").check()
    page.get_by_role("button", name="Give up and show it").click()
    expect(page.get_by_text("# the solution")).to_be_visible()


def test_everything_works_without_a_script(browser: Browser, grace: User, live_server):
    exercise = make_exercise(make_topic(3, slug="doubling"))
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, grace, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}{exercise.get_absolute_url()}")
    page.fill("textarea[name=code]", "def double(x):\n    return 2 * x\n")
    page.get_by_role("button", name=re.compile("Run")).click()
    expect(page.get_by_text("All 2 tests pass")).to_be_visible()
    page.get_by_role("button", name="Show the solution").click()
    expect(page.get_by_text("# the solution")).to_be_visible()
    context.close()


def test_a_part_is_marked_as_read_and_the_contents_show_it(
    page: Page, context: BrowserContext, grace: User, live_server
):
    make_topic(3, slug="doubling")
    sign_in(context, grace, live_server.url)
    page.goto(f"{live_server.url}/topics/doubling/")
    page.get_by_role("button", name=re.compile("Mark as read.*Overview")).click()
    expect(page.get_by_role("button", name=re.compile("Read.*Overview; mark as not read"))).to_be_focused()
    expect(page.locator("#contents li.read")).to_have_text(re.compile("Overview"))
