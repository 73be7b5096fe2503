"""The site's forms, found by reading its pages as a browser does; so that no field is forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from tests.security.access import HIDDEN, TABLE

ACCOUNT_PAGES = (
    *("account_login", "account_signup", "account_reset_password", "account_change_password", "account_email"),
    *("account_reauthenticate", "mfa_activate_totp", "usersessions_list"),
)


@dataclass(frozen=True)
class Field:
    """kind: the input's type, `textarea` or `select`. longest: as the page says."""

    kind: str
    values: tuple[str, ...] = ()
    longest: int | None = None


@dataclass(frozen=True)
class Form:
    """A form as its page sends it when nothing is changed."""

    page: str
    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def route(self) -> str:
        return resolve(urlsplit(self.action).path).view_name

    @property
    def sent(self) -> dict[str, list[str]]:
        return {name: list(field.values) for name, field in self.fields.items()}

    def send(self, client: Client, **changed: str | list[str]) -> HttpResponse:
        """The answer to the form with these fields changed; halves of surrogate pairs go as bytes that are no UTF-8."""
        body = urlencode(self.sent | changed, doseq=True, errors="surrogatepass")
        if self.method == "get":
            return client.get(f"{self.action.partition('?')[0]}?{body}")
        return client.post(self.action, body, content_type="application/x-www-form-urlencoded")


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: dict[str, Form] = {}
        self.buttons: list[tuple[str, dict[str, str]]] = []
        self._open = ""
        self._text: tuple[str, str] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        owner, name = given.get("form", self._open), given.get("name", "")
        if tag == "form":
            self._open = given.get("id") or f"#{len(self.forms)}"
            action = urljoin(self.page, given.get("action") or self.page)
            self.forms[self._open] = Form(self.page, action, given.get("method", "get").lower())
        elif tag in {"input", "textarea", "select"} and name:
            self._take(owner, tag, name, given)
        elif tag == "option" and self._select and "selected" in given:
            self._add(*self._select_place, given.get("value", ""))
        elif tag == "button":
            self.buttons.append((owner, given))

    def _take(self, owner: str, tag: str, name: str, given: dict[str, str]) -> None:
        if owner not in self.forms:
            self.forms[owner] = Form(self.page, self.page, "get")
        kind = given.get("type", "text") if tag == "input" else tag
        known = self.forms[owner].fields.get(name, Field(kind))
        longest = int(given["maxlength"]) if given.get("maxlength", "").isdigit() else known.longest
        self.forms[owner].fields[name] = replace(known, longest=longest)
        if tag == "textarea":
            self._text = (owner, name)
        elif tag == "select":
            self._select, self._select_place = name, (owner, name)
        elif kind not in {"checkbox", "radio"} or "checked" in given:
            self._add(owner, name, given.get("value", ""))

    def _add(self, owner: str, name: str, value: str) -> None:
        known = self.forms[owner].fields[name]
        self.forms[owner].fields[name] = replace(known, values=(*known.values, value))

    def handle_data(self, data: str) -> None:
        if self._text:
            self._add(*self._text, data.removeprefix("\n"))
            self._text = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = ""
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._text:
            self._add(*self._text, "")
            self._text = None


def forms_of(page: str, markup: str) -> Iterator[Form]:
    """The forms of a page; one more for each button that sends them elsewhere."""
    reader = _Reader(page)
    reader.feed(markup)
    for name, form in reader.forms.items():
        if form.fields:
            yield form
        for owner, button in reader.buttons:
            if owner != name:
                continue
            fields = (
                {**form.fields, button["name"]: Field("button", (button.get("value", ""),))}
                if button.get("name")
                else form.fields
            )
            if "formaction" in button:
                method = button.get("formmethod", form.method)
                yield replace(form, action=urljoin(page, button["formaction"]), method=method, fields=fields)
            elif fields is not form.fields:
                yield replace(form, fields=fields)


def pages_of(arguments_of) -> Iterator[str]:
    """The address of every page, where `arguments_of` says what stands in a route's address."""
    for route, methods in TABLE.items():
        if "GET" in methods and methods["GET"] is not HIDDEN and not route.startswith("api-"):
            yield reverse(route, kwargs=arguments_of(route))
    yield from (reverse(name) for name in ACCOUNT_PAGES)


def all_forms(client: Client, pages: Iterator[str]) -> list[Form]:
    """Each form once: those that go to the same address with the same fields are one."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for page in pages:
        response = client.get(page)
        if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            for form in forms_of(page, response.content.decode()):
                found.setdefault((form.action, tuple(sorted(form.fields))), form)
    return list(found.values())
