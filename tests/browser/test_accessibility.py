"""Every page: no finding by axe, no sideways scrolling on a phone, in light and dark."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page

from progress.models import User
from quizzes.attempts.models import Attempt
from quizzes.attempts.services import close_attempt, reveal_answer
from quizzes.domain.questions import KINDS
from tests.factories import make_attempt, make_attempt_at, make_comment, make_question_of
from tests.library_snapshot import put_library

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def signed_in(page: Page, transactional_db, live_server, client):
    """Alice, who has taken a quiz, is in one, and has commented."""
    from concepts.models import Concept

    put_library()
    alice = User.objects.create_superuser("alice", interview_date=timezone.localdate() + timedelta(days=20))
    past = make_attempt(alice)
    close_attempt(attempt=past, now=timezone.now())
    running = make_attempt_at(alice, *(make_question_of(kind) for kind in KINDS), mode="practice")
    for number in range(1, len(KINDS) + 1, 2):
        reveal_answer(attempt=running, number=number, now=timezone.now())
    make_comment(Concept.objects.get(code="ML-002"), alice)
    client.force_login(alice)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    return live_server.url, past, running


def about_practice(past: Attempt, running: Attempt) -> list[str]:
    """Concepts, quizzes, cards."""
    paths = ["/", "/concepts/", "/concepts/?search=sigma", "/concepts/ML-002/", "/formulas/", "/quizzes/"]
    paths += [f"/quizzes/{running.pk}/", f"/quizzes/{running.pk}/finish/", f"/quizzes/{past.pk}/review/"]
    paths += [f"/quizzes/{running.pk}/?question={number}" for number in range(1, len(KINDS) + 1)]
    paths += [f"/quizzes/{past.pk}/print/", "/quizzes/items/", "/settings/"]
    cards = ("", "review/", "browse/", "statistics/", "settings/", "new/", "model/", "cram/")
    cards += (f"{past.learner.cards.order_by('pk')[0].pk}/",)
    return [*paths, *(f"/flashcards/{path}" for path in cards)]


def about_the_course(past: Attempt, running: Attempt) -> list[str]:
    """Topics, plan, mocks, notes, and the account."""
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    return [
        *("/topics/", "/topics/attention/", "/guides/", "/guides/how-to-prepare/"),
        *("/syllabus/", "/progress/readiness/", "/mocks/", "/mocks/scripts/", "/mocks/history/"),
        *("/concepts/map/", "/concepts/map/?show=concepts", "/exercises/", "/exercises/attention/causal_mask/"),
        *("/plan/", "/plan/setup/", "/progress/"),
        *("/accounts/", "/accounts/delete/", "/accounts/password/change/", "/accounts/email/"),
        *("/accounts/2fa/", "/accounts/sessions/", "/accounts/tokens/"),
        *("/notes/", "/notes/concepts/ML-002/", "/notes/focus/", "/notes/reviews/", f"/notes/reviews/{monday}/"),
    ]


@pytest.mark.parametrize("pages", [about_practice, about_the_course])
def test_no_page_has_a_finding_or_scrolls_sideways(page: Page, signed_in, pages):
    site, past, running = signed_in
    findings: list[str] = []
    for path in pages(past, running):
        # Without motion, for colours on their way from light to dark are neither.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(site + path)
        # Evaluated and not loaded as a script: the page's own policy would refuse it.
        page.evaluate(AXE.read_text())
        findings += found(page, f"light {path}", "{rules: {region: {enabled: true}}}")
        # In the dark only the colours are others.
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        findings += found(page, f"dark {path}", "{runOnly: ['color-contrast']}")
        page.set_viewport_size({"width": 390, "height": 844})
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if overflow > 0:
            findings.append(f"{path} is {overflow} pixels too wide for a phone")
    assert not findings, "\n".join(findings)


def found(page: Page, where: str, rules: str) -> list[str]:
    report = page.evaluate(f"axe.run({rules})")
    return [
        f"{where}: {violation['id']}: {node['target']}"
        for violation in report["violations"]
        for node in violation["nodes"][:3]
    ]
