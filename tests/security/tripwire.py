"""A browser's page that tells when a script runs, something is fetched, or it is led away."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Page

WATCH = """
const tell = (what) => console.log(`TRIPWIRE ${what}`);
window.trip = () => tell(`script at ${location.pathname}`);
for (const name of ["alert", "prompt", "confirm", "print", "open"]) window[name] = () => tell(`${name}()`);
document.addEventListener("securitypolicyviolation", (event) =>
  tell(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""

# What a browser would do on a click, or does as soon as the pointer comes, is read off the page.
LOOK = r"""() => {
  const found = [];
  const safe = ["http:", "https:", "mailto:"];
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
  const shadows = [...document.querySelectorAll(".prose *")].filter((element) => element.shadowRoot);
  for (const element of shadows) say("shadow root", element);
  for (const element of document.querySelectorAll("*")) {
    for (const {name, value} of element.attributes) {
      if (/^on/i.test(name)) say(name, element);
      // What is searched for may stand in the query of an address of ours.
      const place = value.replace(/^(\/[\w/-]*)?\?[^\s"'<>]*$/, "$1");
      if (/^(data-)?hx-/i.test(name) && /tripwire|trip\(|js:/.test(place)) say(name, element);
      if (/^(src|srcset|srcdoc|data|action|formaction|background|ping|poster|xlink:href)$/i.test(name)) {
        if (/tripwire|trip\(/.test(value)) say(name, element);
      }
      if (name === "style" && /tripwire|url\(|fixed/.test(value)) say(name, element);
    }
    const href = element.getAttribute("href") ?? element.getAttribute("xlink:href");
    if (href === null) continue;
    if (element.matches("a, area") && element.namespaceURI === "http://www.w3.org/1999/xhtml") {
      if (!safe.includes(element.protocol)) say(`link to ${element.protocol}`, element);
      const isForeign = element.host && element.host !== location.host;
      if (isForeign && element.closest(".prose") && !/nofollow/.test(element.rel)) say("endorsed link", element);
    } else if (/tripwire|trip\(|script:/i.test(href)) say("href", element);
  }
  return found;
}"""


class Tripwire:
    """Watches one page; `told` is what it noticed, with where it was."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = urlsplit(site).netloc
        self.told: list[str] = []
        self._at = self._before = ""
        context.add_init_script(WATCH)
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self._hear(message.text))
        self.page.on("dialog", lambda dialog: (self._tell(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: self._ask(request.url))
        self.page.on("popup", lambda popup: self._tell(f"window {popup.url}"))
        self.page.on("framenavigated", lambda frame: self._go(frame.url))

    def visit(self, address: str) -> None:
        """Open the page, let it settle, and look it over."""
        self._before, self._at = self._at, address
        self.page.goto(address, wait_until="load")
        self.page.wait_for_timeout(30)
        self.look()

    def look(self) -> None:
        """Tell what the page as it stands would do on a click."""
        try:
            found = self.page.evaluate(LOOK)
        except Error:
            found = ["leads to another page while it is looked at"]
        for what in found:
            self._tell(what)

    def show(self, address: str, body: str, headers: dict[str, str]) -> None:
        """Open an answer that the server has given already, at its address."""
        self.page.route(address, lambda route: route.fulfill(body=body, headers=headers), times=1)
        self.visit(address)

    def _tell(self, what: str) -> None:
        self.told.append(f"{self._at}: {what}")

    def _hear(self, message: str) -> None:
        if message.startswith("TRIPWIRE") or "Content Security Policy" in message:
            self._tell(message)

    def _ask(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"data", "blob", "about"}:
            return
        if parts.netloc != self.site or "tripwire" in parts.path:
            self._tell(f"fetches {url}")

    def _go(self, url: str) -> None:
        # Of the page before, a note may come late.
        asked = {urlsplit(address).path for address in (self._at, self._before)}
        if urlsplit(url).path not in asked and url != "about:blank":
            self._tell(f"leads to {url}")
