"""Markdown with maths to safe HTML: one path for the library's text, one for what learners write.

Both go Markdown → nh3 (only harmless tags and attributes are left) → maths. The maths comes last because
KaTeX's own HTML needs style attributes, which nh3 takes from everybody else.
"""

import html
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import nh3
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from markdown import Markdown
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath import dollarmath_plugin

from mlprep.shared.maths import MAX_HTML_LENGTH, MathError, render_formulas
from mlprep.shared.tables import bounded_table

RENDERER_VERSION = 1
"""Goes up when the same text gives other HTML, so that stored HTML is made anew."""

LinkTo = Callable[[str], tuple[str, str] | None]

_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "ul", "ol", "li", "dl", "dt", "dd"),
    *("strong", "em", "del", "sub", "sup", "a", "table", "thead", "tbody", "tr", "th", "td", "span", "div", "kbd"),
}
_LIBRARY_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
_MATHS_CLASSES = {"span": {"arithmatex"}, "div": {"arithmatex"}}
_MATHS = re.compile(r'<(?P<tag>span|div) class="arithmatex">(?P<latex>.*?)</(?P=tag)>', re.DOTALL)
# A Markdown instance keeps state while it converts.
_one_at_a_time = threading.Lock()
_remembered: ContextVar[dict[str, SafeString] | None] = ContextVar("remembered", default=None)
_WIKI_LINK = re.compile(r"\[\[([^\[\]\n]{1,150})\]\]")
_DELIMITERS = re.compile(r"^\s*\\[(\[](.*)\\[)\]]\s*$", re.DOTALL)


def render_library_text(text: str) -> SafeString:
    """Render a text of the library (Python-Markdown with tables, fenced code and `$maths$`).

    Links to pages of the site, such as `/topics/`, get the path of SITE_URL before them.

    Raises MathError, naming the formula, where a formula cannot be typeset.
    """
    remembered = _remembered.get()
    if remembered is not None and text in remembered:
        return remembered[text]
    with _one_at_a_time:
        markup = _library_markdown().reset().convert(text)
    rendered = _finish(markup, link_rel=None, on_error=_refuse, prefix=get_script_prefix().rstrip("/"))
    if remembered is not None:
        remembered[text] = rendered
    return rendered


@contextmanager
def rendering_once() -> Iterator[None]:
    """In the block a library text is rendered once: what a check has rendered costs its store no time."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def render_learner_text(
    text: str, *, link_to: LinkTo | None = None, headings_from: int = 1, longest: int = MAX_HTML_LENGTH
) -> SafeString:
    """Render what a learner wrote (CommonMark, no raw HTML, `$maths$`); links get `nofollow ugc`.

    link_to: what `[[name]]` links to, as address and title; None for what it does not know, which stays as typed.
    headings_from: the level that `#` has, so that the text's headings stand below those of its page.
    longest: characters of HTML that all formulas may become, MAX_HTML_AMONG_MANY where many texts stand on one page.

    Never fails: a formula that cannot be typeset is shown as typed, with the reason as its title, and so is a table
    beyond MAX_CELLS. So 50,000 characters of any kind take less than a second.
    """
    markup = _learner_markdown().render(text, {"link_to": link_to, "headings_from": headings_from})
    return _finish(markup, link_rel="nofollow ugc noopener", on_error=_show_source, longest=longest)


def _finish(
    markup: str,
    *,
    link_rel: str | None,
    on_error: Callable[[str, MathError], str],
    prefix: str = "",
    longest: int = MAX_HTML_LENGTH,
) -> SafeString:
    """Cleaned and with its formulas. prefix: goes before links to the site's own pages."""

    def below(_tag: str, attribute: str, value: str) -> str:
        is_page = attribute == "href" and value.startswith("/") and not value.startswith("//")
        return prefix + value if is_page else value

    clean = nh3.clean(
        markup,
        tags=_TAGS,
        attributes=_LIBRARY_ATTRIBUTES,
        allowed_classes=_MATHS_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel=link_rel,
        attribute_filter=below if prefix else None,
    )
    return mark_safe(_typeset(clean, on_error, longest))  # noqa: S308 (nh3 cleaned it)


def _typeset(clean: str, on_error: Callable[[str, MathError], str], longest: int) -> str:
    """The formulas of a cleaned text as HTML; what cannot be typeset becomes what `on_error` makes of it."""
    formulas = [(_latex(match), match["tag"] == "div") for match in _MATHS.finditer(clean)]
    if not formulas:
        return clean
    parts = iter(zip(formulas, render_formulas(formulas, longest), strict=True))

    def markup(_match: re.Match[str]) -> str:
        (latex, display), rendered = next(parts)
        if isinstance(rendered, MathError):
            return on_error(latex, rendered)
        return f'<div class="formula" tabindex="0">{rendered}</div>' if display else rendered

    return _MATHS.sub(markup, clean)


def _latex(match: re.Match[str]) -> str:
    latex = html.unescape(match["latex"])
    delimited = _DELIMITERS.match(latex)
    return (delimited[1] if delimited else latex).strip()


def _refuse(latex: str, error: MathError) -> str:
    raise MathError(f"the formula `{latex}` cannot be typeset: {error}") from error


def _show_source(latex: str, error: MathError) -> str:
    return f'<code class="maths-error" title="{html.escape(str(error))}">{html.escape(latex)}</code>'


@cache
def _library_markdown() -> Markdown:
    return Markdown(
        extensions=["tables", "fenced_code", "sane_lists", "pymdownx.arithmatex"],
        extension_configs={"pymdownx.arithmatex": {"generic": True, "smart_dollar": True}},
        output_format="html",
    )


@cache
def _learner_markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    markdown.use(dollarmath_plugin, allow_space=False, allow_digits=False)
    markdown.add_render_rule("math_inline", _maths_rule("span"))
    markdown.add_render_rule("math_inline_double", _maths_rule("div"))
    markdown.add_render_rule("math_block", _maths_rule("div"))
    markdown.disable("image")
    markdown.block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
    markdown.inline.ruler.before("link", "wiki_link", _wiki_link)
    markdown.core.ruler.push("headings", _lower_headings)
    return markdown


def _lower_headings(state: StateCore) -> None:
    down = state.env.get("headings_from", 1) - 1
    for token in state.tokens if down else ():
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + down)}"


def _wiki_link(state: StateInline, silent: bool) -> bool:
    """`[[name]]`, where the text's reader knows the name; inside code and maths it is none."""
    link_to: LinkTo | None = state.env.get("link_to")
    found = _WIKI_LINK.match(state.src, state.pos) if link_to else None
    target = link_to(found[1]) if link_to and found else None
    if not found or not target:
        return False
    if not silent:
        address, title = target
        state.push("link_open", "a", 1).attrs = {"href": address}
        state.push("text", "", 0).content = title
        state.push("link_close", "a", -1)
    state.pos = found.end()
    return True


def _maths_rule(tag: str) -> Callable[..., str]:
    def render(_renderer: RendererHTML, tokens: list, index: int, *_: object) -> str:
        return f'<{tag} class="arithmatex">{html.escape(tokens[index].content)}</{tag}>'

    return render
