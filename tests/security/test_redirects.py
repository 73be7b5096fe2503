"""Nobody is led to another site by an address that names one."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.security.checking import undone
from tests.security.stage import Stage
from tests.security.walking import all_forms, pages_of

pytestmark = pytest.mark.same_anywhere

HERE = "http://testserver/somewhere/"
AWAY = (
    *("https://evil.example/", "http://evil.example", "//evil.example", "///evil.example", "////evil.example/x"),
    *(
        r"\\evil.example",
        r"/\evil.example",
        r"\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
    ),
    *(" //evil.example", "\x00//evil.example", "/\x0b/evil.example", "https:evil.example", "https:/evil.example"),
    *("https:\\\\evil.example", "http:///evil.example", "HTTPS://EVIL.EXAMPLE", "//evil.example@testserver/"),
    *("https://testserver@evil.example/", "https://testserver.evil.example/", "//evil.example:80\\@testserver/"),
    *("https://evil。example/", "//ⓔvil.example", "javascript:alert(1)", "data:text/html,x", "ftp://evil.example/"),
    *(
        "/concepts/\r\nLocation: https://evil.example/",
        "%2f%2fevil.example",
        "/%09/evil.example",
        "//[::1]/",
        "//2130706433/",
    ),
    *(
        "https://evil.example/#/concepts/",
        "https://evil.example?x=/concepts/",
        "evil.example",
        "https://",
        "//",
        "x" * 5_000,
    ),
)
TAKES_NEXT = ("account_login", "account_signup", "account_logout", "account_reauthenticate", "account_change_password")
NAMES = ("next", "redirect_to", "url", "from", "came_from", "HTTP_REFERER")


@pytest.fixture
def stage(alice, mona) -> Stage:
    return Stage(alice, mona)


def leads_to(response: HttpResponse) -> set[str]:
    """Every host that a browser, or htmx, would go to next."""
    assert response.status_code < 500
    told = [
        response.headers[name]
        for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url")
        if name in response.headers
    ]
    for address in told:
        assert "\n" not in address
        assert urlsplit(address).scheme in {"", "http", "https"}
        # Browsers read a backslash as a slash, and pass over tabs and line ends.
        as_browsers_do = address.replace("\\", "/").translate(dict.fromkeys(map(ord, "\t\r\n")))
        told[told.index(address)] = urlsplit(urljoin(HERE, as_browsers_do)).netloc
    return set(told)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_status_goes_back_to_a_page_of_ours_only(as_alice, stage, htmx):
    headers = {"HX-Request": "true", "HX-Boosted": "true"} if htmx else {}
    address = reverse("concepts:status", args=["SAFE-001"])
    for away in AWAY:
        response = as_alice.post(address, {"status": "learning", "next": away}, headers=headers)
        assert response.status_code == 302, away
        assert leads_to(response) == {"testserver"}, away
    back = as_alice.post(address, {"status": "learning", "next": "/concepts/?week=2"}, headers=headers)
    assert back.headers["Location"] == "/concepts/?week=2#row-SAFE-001"


@pytest.mark.parametrize("away", AWAY)
def test_signing_in_leads_to_a_page_of_ours_only(alice, away):
    for sent_with in ("form", "address"):
        client = Client()
        form = {"login": "alice", "password": "alice's long password"}
        path = reverse("account_login")
        if sent_with == "form":
            response = client.post(path, form | {"next": away})
        else:
            response = client.post(path, form, query_params={"next": away})
        assert response.status_code == 302
        assert leads_to(response) == {"testserver"}, away


@pytest.mark.parametrize("route", TAKES_NEXT)
def test_no_page_of_accounts_leads_away(alice, as_alice, route):
    for away in AWAY:
        for client in (Client(), as_alice):
            with undone():
                path = reverse(route)
                assert leads_to(client.get(path, {"next": away})) <= {"testserver"}, away
                response = client.post(path, {"next": away, "password": "alice's long password"})
                assert leads_to(response) <= {"testserver"}, away
        as_alice.force_login(alice)


def test_no_form_and_no_page_leads_away_by_any_name_for_where_to_go(as_alice, stage):
    for form in all_forms(as_alice, [*pages_of(stage.arguments), *stage.more_pages]):
        with undone():
            answer = form.send(as_alice, **dict.fromkeys(NAMES, "https://evil.example/"))
            assert leads_to(answer) <= {"testserver"}, form.action
        as_alice.force_login(stage.alice)
    for page in [*pages_of(stage.arguments), *stage.more_pages]:
        for client in (as_alice, Client()):
            answer = client.get(
                page, dict.fromkeys(NAMES, "//evil.example"), headers={"referer": "https://evil.example/"}
            )
            assert leads_to(answer) <= {"testserver"}, page
