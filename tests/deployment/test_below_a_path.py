"""Below a path (SITE_URL=https://example.org/prep) every page's links, forms and redirects stay below it."""

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import Client
from django.urls import Resolver404, get_script_prefix, resolve, reverse, set_script_prefix

from concepts.library.loader import load_library
from concepts.models import Guide
from tests.security.access import TABLE
from tests.security.checking import undone
from tests.security.stage import Stage
from tests.security.walking import all_forms, pages_of
from tests.test_safety import run

pytestmark = pytest.mark.same_anywhere

PREFIX = "/prep"
SITE = f"https://example.org{PREFIX}"
_FETCHED = {"href", "src", "action", "formaction", "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "poster"}


class ClientBelow(Client):
    """Asks with the path, which the entry of the app or a proxy takes off (tests/test_safety.py tries both)."""

    def request(self, **environ: Any) -> Any:
        assert environ["PATH_INFO"].startswith(f"{PREFIX}/"), environ["PATH_INFO"]
        return super().request(**environ | {"PATH_INFO": environ["PATH_INFO"].removeprefix(PREFIX)})


@pytest.fixture
def client(settings) -> Iterator[ClientBelow]:
    settings.SITE_URL, settings.FORCE_SCRIPT_NAME, settings.STATIC_URL = SITE, PREFIX, f"{PREFIX}/static/"
    before = get_script_prefix()
    set_script_prefix(f"{PREFIX}/")
    yield ClientBelow()
    set_script_prefix(before)


class _Addresses(HTMLParser):
    """Every attribute of a page that is an address, or could be one because it begins with a slash."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name in _FETCHED:
                self.found.append((f"{tag} {name}", urljoin(self.page, value)))
            elif value and re.match(r"/\w", value):
                self.found.append((f"{tag} {name}", value))


def faults_of(page: str, response: Any) -> Iterator[str]:
    """What of an answer leads elsewhere than below the path, or to no page."""
    for header in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url", "Content-Location"):
        if header in response.headers:
            yield from _faults(page, header, urljoin(page, response.headers[header]))
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        reader = _Addresses(page)
        reader.feed(response.content.decode())
        for place, address in reader.found:
            yield from _faults(page, place, address)
    elif kind.startswith("application/json"):
        for text in _texts(json.loads(response.content)):
            if re.match(r"/[\w/]", text):
                yield from _faults(page, "json", text)


def _faults(page: str, place: str, address: str) -> Iterator[str]:
    url = urlsplit(address)
    if url.scheme not in {"", "http", "https"} or url.netloc not in {"", "testserver", "example.org"}:
        return
    path = url.path.removeprefix(PREFIX)
    if not url.path.startswith(f"{PREFIX}/") or path.startswith(f"{PREFIX}/"):
        yield f"{page}: {place}: {address}"
    elif not path.startswith("/static/"):
        try:
            resolve(path)
        except Resolver404:
            yield f"{page}: {place} leads to no page: {address}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


@pytest.mark.parametrize("who", ["a visitor", "a learner", "an administrator"])
def test_every_page_keeps_its_addresses_below_the_path(who, client, alice, mona):
    stage = Stage(alice, mona)
    if who == "an administrator":
        alice.is_staff = alice.is_superuser = True
        alice.save()
    if who != "a visitor":
        client.force_login(alice)
    faults, answered = [], 0
    for page in [*pages_of(stage.arguments), *stage.more_pages, f"{PREFIX}/admin/", f"{PREFIX}/api/docs/"]:
        response = client.get(page)
        answered += response.status_code == 200
        faults += faults_of(page, response)
    assert not faults, "\n".join(faults)
    assert answered > 20


def test_every_form_goes_and_leads_on_below_the_path(client, alice, mona):
    stage = Stage(alice, mona)
    client.force_login(alice)
    faults, sent = [], 0
    for form in all_forms(client, [*pages_of(stage.arguments), *stage.more_pages]):
        if "/run/" in form.action or urlsplit(form.action).netloc:
            continue
        for by_htmx in (False, True):
            client.defaults = {"HTTP_HX_REQUEST": "true"} if by_htmx else {}
            with undone():
                client.force_login(alice)
                response = form.send(client)
                sent += response.status_code < 400
                faults += faults_of(form.action, response)
    assert not faults, "\n".join(faults)
    assert sent > 40


def test_the_api_keeps_its_addresses_below_the_path(client, alice, mona):
    stage = Stage(alice, mona)
    client.force_login(alice)
    pages = [reverse(route, kwargs=stage.arguments(route)) for route in TABLE if route.startswith("api-")]
    faults = [fault for page in pages for fault in faults_of(page, client.get(page))]
    assert not faults, "\n".join(faults)


DESCRIBE = """
import django, json
django.setup()
from drf_spectacular.generators import SchemaGenerator
schema = SchemaGenerator().get_schema(public=True)
print(json.dumps([schema["servers"][0]["url"], *schema["paths"]]))
"""


@pytest.mark.parametrize(("site", "below"), [(SITE, f"{PREFIX}/"), ("https://prep.example.org", "/")])
def test_the_apis_description_leads_below_the_path(site, below, tmp_path):
    server, *paths = json.loads(run(DESCRIBE, tmp_path, SITE_URL=site).stdout)
    addresses = [server.rstrip("/") + path for path in paths]
    assert len(addresses) > 20
    assert all(address.startswith(f"{below}api/v1/") for address in addresses)


FILES = """
import io, sys
from mlprep.wsgi import application
for path in ("/prep/static/favicon.svg", "/static/favicon.svg", "/prep/prep/static/favicon.svg"):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "x", "SERVER_PORT": "80",
        "HTTP_HOST": "example.org", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "192.0.2.1",
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr}
    body = application(environ, lambda status, *_: print(status[:3], end=" "))
    body.close() if hasattr(body, "close") else None
"""


def test_files_are_served_whether_the_proxy_takes_the_path_off_or_not(tmp_path):
    given = {"SITE_URL": SITE, "TRUSTED_PROXY_COUNT": "1", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    ran = run(FILES, tmp_path, **given)
    assert ran.stdout.split()[:2] == ["200", "200"], ran.stderr


def test_a_guides_links_lead_below_the_path_and_follow_where_it_changes(client, db, tmp_path):
    (tmp_path / "guides").mkdir()
    shutil.copy(settings.LIBRARY_DIR / "guides" / "how-to-study.md", tmp_path / "guides")

    def shown() -> str:
        load_library(tmp_path)
        return str(Guide.objects.get().html)

    assert f'href="{PREFIX}/flashcards/"' in shown()
    set_script_prefix("/")
    assert 'href="/flashcards/"' in shown()
    assert load_library(tmp_path).changed == 0


@pytest.mark.parametrize(
    ("path", "refused"),
    [("/prep", False), ("/note", False), (None, False), ("/notes", True), ("/api", True), ("/static", True)],
)
def test_a_path_that_pages_have_themselves_is_refused(path, refused, settings):
    settings.FORCE_SCRIPT_NAME = path
    found = [each for each in run_checks() if each.id == "mlprep.E002"]
    assert bool(found) == refused


@pytest.mark.parametrize("asked", ["/progress/", "/admin/", "/settings/?a=b"])
def test_after_signing_in_one_is_where_one_was(asked, client, alice):
    sent = client.get(PREFIX + asked, follow=True)
    form = {"login": "alice", "password": "alice's long password"}
    last = sent.redirect_chain[-1][0]
    assert last.startswith(f"{PREFIX}/accounts/login/?next=")
    assert client.post(last, form).url == PREFIX + asked
    assert client.post(f"{PREFIX}/accounts/logout/").url == f"{PREFIX}/"
