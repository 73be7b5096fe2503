"""Hostile texts in every field that a learner fills, in a real browser: nothing runs, fetches or leads away."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import pytest
from django.contrib.admin import site as administration
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from concepts.models import Topic
from progress.comments.services import post_comment
from progress.models import User
from quizzes.domain.mocks.script import CRITERIA
from quizzes.flashcards.own_cards import reword_card, write_card
from tests.browser.conftest import sign_in
from tests.factories import learned, make_card, make_note
from tests.quizzes.examples import EXAMPLES
from tests.security.payloads import PAYLOADS, SHORT, pages_of_payloads
from tests.security.stage import Stage
from tests.security.tripwire import Tripwire
from tests.security.walking import Field, Form, all_forms, pages_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TYPED = {"textarea", "text", "search", "email"}
BLANKS = ("<img src=x onerror=trip()>", "[x](javascript:trip())", "<svg onload=trip()>", "</script><script>trip()")
ROUNDS = len(pages_of_payloads(10_000))
ONE_LINE = " ".join(SHORT)


@pytest.fixture
def stage(transactional_db, alice, mona) -> Stage:
    return Stage(alice, mona)


def text_for(field: Field, place: int, number: int) -> str:
    """What goes into a field: all payloads in the course of the rounds, where it takes more than a line."""
    if field.kind == "textarea":
        texts = pages_of_payloads(field.longest or 50_000)
        return texts[(place + number) % len(texts)]
    start = number * 150
    return (ONE_LINE[start:] + ONE_LINE)[: field.longest or 200].strip()


Answer = tuple[str, str, dict[str, str]]
"""The path of an answer, its HTML and its headers."""
NOT_TYPED = {"concept": "", **dict.fromkeys(CRITERIA, "3")}
"""What a form needs besides, so that it is taken: a concept that exists or none, and marks."""


def fill(client: Client, forms: list[Form], number: int) -> Iterator[Answer]:
    """Send every form with payloads in every field that is typed; the pages that come back are yielded."""
    for form in forms:
        typed = [name for name, field in form.fields.items() if field.kind in TYPED]
        changed = {name: text_for(form.fields[name], place, number) for place, name in enumerate(typed)}
        response = form.send(client, **changed | {key: text for key, text in NOT_TYPED.items() if key in form.fields})
        assert response.status_code < 500, form.route
        if response.status_code in {200, 422} and response.headers["Content-Type"].startswith("text/html"):
            yield urlsplit(form.action).path, response.content.decode(), dict(response.headers)


def write_cards(learner: User, topic: Topic) -> Iterator[str]:
    """Own cards, with blanks and without, and library cards in own words; the pages that show them are yielded."""
    front_texts = [text.replace("{{c", "{ {c") for text in pages_of_payloads(10_000)]
    blanks = " ".join(f"{{{{c{n}::{text}::{text}}}}}" for n, text in enumerate(BLANKS, start=1))
    texts = [*zip(front_texts, pages_of_payloads(10_000), strict=False), (blanks, blanks.replace("{{c", ""))]
    for front, back in texts:
        card = learned(learner, write_card(learner=learner, front=front, back=back, tags=SHORT[:8])[0])
        yield f"{reverse('flashcards:review')}?card={card.pk}"
    yield reverse("flashcards:edit", args=[card.pk])
    reword_card(learner=learner, card=(library := make_card()), front=blanks, back=texts[0][1])
    yield f"{reverse('flashcards:review')}?card={learned(learner, library).pk}"
    make_note(learner, topic, pages_of_payloads(50_000)[0])


def typed_forms(client: Client, stage: Stage) -> list[Form]:
    """The forms in which something is typed, but for buttons that end what the others are about."""
    forms = [*all_forms(client, [*pages_of(stage.arguments), *stage.more_pages]), *stage.made_by_scripts()]
    return [
        form
        for form in forms
        if any(field.kind in TYPED for field in form.fields.values())
        and not any(field.kind == "button" for field in form.fields.values())
    ]


def test_the_tripwire_tells_of_everything_that_may_not_happen(browser: Browser, live_server, transactional_db):
    context = browser.new_context(bypass_csp=True)
    wire = Tripwire(context, live_server.url)
    wrong = {
        "script at": "<script>trip()</script>",
        "script at /": "<img src=/static/x onerror=trip()>",
        "alert()": "<svg onload=alert(1)>",
        "link to javascript:": "<a href='java\tscript:trip()'>x</a>",
        "link to data:": "<a href=data:text/html,x>x</a>",
        "fetches https://evil.example": "<img src=https://evil.example/x.png>",
        "fetches http://": "<link rel=stylesheet href=/tripwire.css>",
        "leads to": f"<meta http-equiv=refresh content='0;url={live_server.url}/healthz'>",
        "onclick": "<p onclick=trip()>x</p>",
        "hx-get": "<p hx-get=/tripwire>x</p>",
        "formaction": "<button formaction=/tripwire>x</button>",
        "style": "<p style='position:fixed'>x</p>",
        "endorsed link": "<div class=prose><a href=https://a.example>x</a></div>",
        "shadow root": "<div class=prose><div><template shadowrootmode=open>x</template></div>",
    }
    for told, markup in wrong.items():
        wire.told.clear()
        wire.show(f"{live_server.url}/", f"<!doctype html><body>{markup}", {"Content-Type": "text/html"})
        wire.page.wait_for_timeout(50)
        assert any(told in what for what in wire.told), (told, wire.told)
    wire.told.clear()
    wire.show(f"{live_server.url}/", "<!doctype html><p>Nothing</p>", {"Content-Type": "text/html"})
    assert wire.told == []
    context.close()
    strict = Tripwire(browser.new_context(), live_server.url)
    headers = {"Content-Type": "text/html", "Content-Security-Policy": "default-src 'none'"}
    strict.show(f"{live_server.url}/", "<!doctype html><script>trip()</script>", headers)
    assert any("CSP: script-src-elem inline" in what for what in strict.told), strict.told


def test_nothing_that_a_learner_writes_acts(browser: Browser, live_server, alice, mona, stage):
    assert len(PAYLOADS) >= 600
    as_alice, as_mona = Client(), Client()
    as_alice.force_login(alice)
    as_mona.force_login(mona)
    for payload in PAYLOADS:
        post_comment(author=alice, concept=stage.library.concept, body=payload, now=timezone.now())
    User.objects.filter(pk=alice.pk).update(first_name=ONE_LINE[:150], last_name=ONE_LINE[150:300])
    cards = list(write_cards(alice, stage.library.topic))
    forms = typed_forms(as_alice, stage)
    eyes = {who: eyes_of(browser, who, live_server.url) for who in (alice, mona)}
    for number in range(ROUNDS):
        answers = list(fill(as_alice, forms, number))
        look_at(eyes[alice], live_server.url, many_rounds(stage), answers if number == 0 else ())
    everything = [*pages_of(stage.arguments), *stage.more_pages, *cards]
    pages = [page for page in everything if holds_payloads(as_alice.get(page))]
    look_at(eyes[alice], live_server.url, pages)
    of_mona = [stage.library.concept.get_absolute_url(), *admin_pages(as_mona)]
    look_at(eyes[mona], live_server.url, of_mona)
    assert len(pages) > 20
    told = [what for watching in eyes.values() for eye in watching for what in eye.told]
    print(f"{len(PAYLOADS)} payloads, {len(forms)} forms, {len(pages)} pages, {len(of_mona)} of the administrator's")
    assert told == []


def look_at(eyes: list[Tripwire], site: str, pages: Iterable[str], answers: Iterable[Answer] = ()) -> None:
    """Show these pages to each watching page, and answers that were given already to the first."""
    for path, body, headers in answers:
        # Without the policy; that the pages keep to it is seen where they are asked for.
        eyes[0].show(f"{site}{path}", body, headers)
    for eye in eyes:
        for page in pages:
            eye.visit(f"{site}{page}")


def eyes_of(browser: Browser, who: User, site: str) -> list[Tripwire]:
    """Two pages that watch as this user: without the policy that browsers enforce, and with it."""
    contexts = [browser.new_context(bypass_csp=bypass) for bypass in (True, False)]
    for context in contexts:
        context.set_default_timeout(20_000)
        sign_in(context, who, site)
    return [Tripwire(context, site) for context in contexts]


def many_rounds(stage: Stage) -> list[str]:
    """Pages whose fields take several rounds to hold all payloads."""
    names = ("reviews:detail", "mocks:interview")
    open_answer = list(EXAMPLES).index("open") + 1
    quiz = f"{stage.quiz.get_absolute_url()}?question={open_answer}"
    return [*(reverse(name, kwargs=stage.arguments(name)) for name in names), quiz]


def holds_payloads(response) -> bool:
    return response.status_code == 200 and not response.streaming and b"trip()" in response.content


def admin_pages(client: Client) -> Iterator[str]:
    """The administration's lists, and its pages of what holds payloads."""
    learners = [model for model in administration._registry if model._meta.app_label in {"progress", "quizzes"}]
    for model in learners:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listed = reverse(f"{name}_changelist")
        if holds_payloads(client.get(listed)):
            yield listed
        if thing := model._default_manager.last():
            page = reverse(f"{name}_change", args=[thing.pk])
            if holds_payloads(client.get(page)):
                yield page
