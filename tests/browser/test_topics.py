"""Topics in the browser: on paper nothing is cut off, and an address that points at a question opens it."""

import pytest
from playwright.sync_api import Page, expect

from tests.library_snapshot import put_library

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A4 = 687
"""The width between the margins of an A4 page (182 mm) in CSS pixels."""
CUT_OFF = """() => [...document.querySelectorAll('.prose :is(.formula, pre, table, figure)')].filter(block => {
  const edge = block.getBoundingClientRect().right + 1
  const inner = [...block.querySelectorAll('.katex-base, img, svg, td')]
  return block.scrollWidth > block.clientWidth + 1 || edge > document.documentElement.clientWidth + 2
    || inner.some(part => part.getBoundingClientRect().right > edge)
}).map(block => block.textContent.slice(0, 60))"""
TOPICS = ("derivatives-gradients", "rnns-gradient-flow", "attention", "bias-variance")


def test_topics_print_whole_and_links_open_questions(page: Page, transactional_db, live_server):
    """One load of the library for all that is asked of it."""
    put_library()
    check_that_nothing_is_cut_off_on_paper(page, live_server.url)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    check_that_an_address_opens_its_question(page, live_server.url)
    check_that_the_map_fits(page, live_server.url)


def check_that_nothing_is_cut_off_on_paper(page: Page, site: str):
    page.set_viewport_size({"width": A4, "height": 1000})
    page.emulate_media(media="print")
    for slug in TOPICS:
        page.goto(f"{site}/topics/{slug}/")
        assert page.locator(".prose .katex-base").count() > 50
        assert page.evaluate(CUT_OFF) == []
        answer = page.locator("details.question > .stack").first
        assert answer.bounding_box()["height"] > 20


def check_that_an_address_opens_its_question(page: Page, site: str):
    page.goto(f"{site}/topics/attention/")
    questions = page.locator("details.question")
    first, second = (questions.nth(place).get_attribute("id") for place in (0, 1))
    page.goto(f"{site}/topics/attention/?again#{second}")
    expect(questions.nth(1)).to_have_attribute("open", "")
    expect(questions.nth(1)).to_be_in_viewport()
    expect(questions.nth(0)).not_to_have_attribute("open", "")
    page.evaluate(f"location.hash = '{first}'")
    expect(questions.nth(0)).to_have_attribute("open", "")


def check_that_the_map_fits(page: Page, site: str):
    """Nothing of it is cut at either width, and no title leaves its box."""
    for width, drawing in ((1280, "layers"), (390, "column")):
        page.set_viewport_size({"width": width, "height": 844})
        for show in ("", "?show=concepts", "?show=both"):
            page.goto(f"{site}/concepts/map/{show}")
            expect(page.locator("svg.map:visible")).to_have_count(1)
            expect(page.locator(f"svg.map.{drawing}")).to_be_visible()
            assert (
                page.evaluate("(map => map.scrollWidth - map.clientWidth)(document.querySelector('.map-frame'))") <= 1
            )
            spilling = page.evaluate(
                """drawing => [...document.querySelectorAll(`svg.map.${drawing} g.node`)].filter(node => {
                  const box = node.querySelector('rect').getBoundingClientRect()
                  return [...node.querySelectorAll('text')].some(text => {
                    const own = text.getBoundingClientRect()
                    return own.left < box.left + 2 || own.right > box.right - 2
                  })
                }).map(node => node.textContent)""",
                drawing,
            )
            assert spilling == [], (width, show)
