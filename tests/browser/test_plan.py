"""A plan for an interview in 18 days: made, followed, missed for two days, laid anew."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import BrowserContext, Page, expect

from progress.models import PlanTask, StudyPlan, User
from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import AXE
from tests.factories import make_card, make_concept, make_exercise, make_question, make_topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def course(transactional_db) -> None:
    """Six topics in a row, each with a concept, questions and an exercise."""
    before = None
    for number in range(1, 7):
        topic = make_topic(number, slug=f"topic-{number}", title=f"Topic {number}")
        concept = make_concept(f"C-{number:03}", name=f"Concept {number}")
        for _ in range(4):
            make_question(concept)
        topic.concepts.add(concept)
        make_exercise(topic, slug=f"double_{number}", title=f"Doubling {number}")
        if before:
            topic.prerequisites.add(before)
        before = topic
    make_card(make_concept("C-100"))


def days_pass(days: int) -> None:
    """As if so many days had gone by: everything of the plan lies that much further back."""
    span = timedelta(days=days)
    for plan in StudyPlan.objects.all():
        plan.made_at -= span
        plan.starts_on -= span
        plan.save()
    for task in PlanTask.objects.all():
        task.day -= span
        task.done_at = task.done_at and task.done_at - span
        task.save()
    for learner in User.objects.exclude(interview_date=None):
        learner.interview_date -= span
        learner.save()


def findings(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    report = page.evaluate("axe.run()")
    return [f"{found['id']}: {node['target']}" for found in report["violations"] for node in found["nodes"]]


def test_a_plan_is_made_followed_missed_and_laid_anew(
    page: Page, context: BrowserContext, grace: User, course, live_server
):
    site = live_server.url
    sign_in(context, grace, site)

    # Make a plan for an interview in 18 days.
    page.goto(site)
    page.get_by_role("link", name="Make a plan").click()
    today = grace.day_of(timezone.now())
    page.get_by_label("Interview date").fill(f"{today + timedelta(days=18)}")
    for weekday in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        page.get_by_label(weekday, exact=True).fill("60")
    page.get_by_label("Role").select_option("Applied scientist")
    assert not findings(page)
    page.get_by_role("button", name="Lay the plan").click()
    expect(page.get_by_role("heading", name="18 days to go")).to_be_visible()
    expect(page.get_by_text("Your plan is laid.")).to_be_visible()
    assert not findings(page)

    # Do today's tasks: read the first topic, and see it ticked; the rest by hand.
    page.get_by_role("link", name="Today").first.click()
    session = page.locator("#session")
    tasks = PlanTask.objects.filter(day=today)
    expect(session.get_by_text(f"0 of {tasks.count()} done")).to_be_visible()
    assert not findings(page)
    session.get_by_role("link", name="Topic 1").first.click()
    expect(page.get_by_role("heading", name="Topic 1", level=1)).to_be_visible()
    for part in ("Overview", "Worked examples"):
        with page.expect_response(re.compile("/read/")):
            page.get_by_role("button", name=re.compile(f"Mark as read *: {part}")).click()
    page.goto(site)
    expect(session.get_by_text(f"1 of {tasks.count()} done")).to_be_visible()
    for count in range(2, tasks.count() + 1):
        session.locator("button[aria-pressed=false]").first.click()
        expect(session.get_by_text(f"{count} of {tasks.count()} done")).to_be_visible()
    expect(session.get_by_text("All done for today.")).to_be_visible()

    # Two days go by without study.
    days_pass(3)
    page.goto(site)
    expect(session.get_by_text(re.compile("of earlier days are still open"))).to_be_visible()
    expect(page.get_by_text("days until the interview")).to_be_visible()
    expect(page.locator(".countdown b")).to_have_text("15")
    session.get_by_role("link", name="What would move?").click()
    expect(page.get_by_role("heading", name="What would move")).to_be_visible()
    assert page.locator(".moves tbody tr").count() > 3
    before = list(PlanTask.objects.values_list("pk", flat=True))
    assert not findings(page)
    page.get_by_role("button", name="Lay the plan anew").click()
    expect(page.get_by_text("The plan is laid anew")).to_be_visible()
    assert set(before) != set(PlanTask.objects.values_list("pk", flat=True))
    assert not PlanTask.objects.filter(done_at=None, day__lt=grace.day_of(timezone.now())).exists()
    assert PlanTask.objects.get(key="read:topic-1").done_at
    page.goto(site)
    expect(session.get_by_text("still open")).to_have_count(0)

    # The list keeps the focus on what was ticked; the calendar's address works until it is taken back.
    page.goto(f"{site}/plan/?view=list")
    tick = page.locator(".plan-day button.tick-mark").first
    name = tick.get_attribute("id")
    tick.focus()
    page.keyboard.press("Space")
    expect(page.locator(f"#{name}")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"#{name}")).to_be_focused()
    assert not findings(page)
    page.get_by_role("button", name="Make an address").click()
    address = page.get_by_label("Secret address").input_value()
    path = address.removeprefix(site)
    events = Calendar.from_ical(Client().get(path).content).walk("VEVENT")
    assert len(events) >= 14
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("address is taken back")).to_be_visible()
    assert Client().get(path).status_code == 404
