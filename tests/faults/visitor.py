"""Someone at a browser without scripts: signs in by the form, follows redirects, sends forms."""

import re
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.faults.cast import PASSWORD
from tests.faults.installation import Installation


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it arrived, after redirects."""

    status: int
    address: str
    headers: dict[str, str]
    html: str

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The hidden fields of its forms, in their order."""
        tags = re.findall(r'<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?', self.html)
        return [(unescape(name), unescape(value)) for name, value in tags]

    @property
    def token(self) -> str:
        """What a form of this page must send along."""
        return next(value for name, value in self.hidden if name == "csrfmiddlewaretoken")


class Visitor:
    """A browser's cookies, on one installation."""

    def __init__(self, site: Installation) -> None:
        self.site = site
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Page:
        return self._ask(Request(f"http://127.0.0.1:{self.site.port}{path}"))

    def post(self, path: str, fields: list[tuple[str, str]], **headers: str) -> Page:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"http://127.0.0.1:{self.site.port}{path}"
        return self._ask(Request(address, urlencode(fields).encode(), names, method="POST"))

    def sign_in(self, password: str = PASSWORD) -> Page:
        """As the first of the cast."""
        page = self.get("/accounts/login/")
        name = self.site.cast["learners"][0]["name"]
        fields = [("csrfmiddlewaretoken", page.token), ("login", name), ("password", password)]
        return self.post("/accounts/login/", fields)

    def _ask(self, request: Request) -> Page:
        try:
            response = self.opener.open(request, timeout=90)
        except HTTPError as error:
            response = error
        with response:
            return Page(response.status, response.url, dict(response.headers), response.read().decode())
