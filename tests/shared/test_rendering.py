"""Text rendering: what it makes of Markdown and maths, and that nothing harmful comes through."""

import os
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlprep.shared.maths import MathError, render_math
from mlprep.shared.rendering import render_learner_text, render_library_text

MARKDOWN_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "ul", "ol", "li", "a"),
    *("strong", "em", "del", "table", "thead", "tbody", "tr", "th", "td", "span", "div", "s", "sub", "sup", "kbd"),
}
KATEX_TAGS = {
    *("math", "semantics", "annotation", "mrow", "mi", "mo", "mn", "mtext", "mfrac", "msup", "msub", "msubsup", "svg"),
    *("path", "mspace", "mover", "munder", "munderover", "msqrt", "mroot", "mtable", "mtr", "mtd", "mstyle", "mpadded"),
    *("menclose", "mphantom", "line", "img"),
}
ATTRIBUTES = {
    *("href", "rel", "title", "class", "style", "aria-hidden", "tabindex", "start", "align", "xmlns", "display"),
    *("encoding", "viewbox", "width", "height", "preserveaspectratio", "d", "stretchy", "fence", "separator"),
    *("mathvariant", "lspace", "rspace", "accent", "linebreak", "mathsize", "mathcolor", "mathbackground", "notation"),
    *(
        "scriptlevel",
        "displaystyle",
        "columnalign",
        "columnspacing",
        "rowspacing",
        "columnlines",
        "rowlines",
        "minsize",
    ),
    *("maxsize", "movablelimits", "largeop", "symmetric", "linethickness", "voffset", "depth", "x1", "x2", "y1", "y2"),
    *("stroke-width", "framespacing", "frame", "side", "rowalign", "valign", "bevelled"),
}


class Gatherer(HTMLParser):
    """What tags and attributes a browser would see, and which style attributes stand outside KaTeX's HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.styled_by_users: list[str] = []
        self._open_in_katex: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        given = dict(attrs)
        if "style" in given and not self._open_in_katex:
            self.styled_by_users.append(tag)
        if (self._open_in_katex or (given.get("class") or "").startswith("katex")) and tag not in {"br", "hr", "img"}:
            self._open_in_katex.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open_in_katex and self._open_in_katex[-1] == tag:
            self._open_in_katex.pop()


def assert_harmless(markup: str) -> None:
    seen = Gatherer(markup)
    assert seen.tags <= MARKDOWN_TAGS | KATEX_TAGS, seen.tags
    assert not seen.styled_by_users, markup
    for tag, name, value in seen.attributes:
        assert name in ATTRIBUTES, (tag, name, value)
        if name == "href":
            assert value.startswith(("http://", "https://", "mailto:")), value
        if name == "style":
            assert "url(" not in value, value
            assert "position:fixed" not in value.replace(" ", ""), value


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><path d='M0 0'/></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<a href='javascript:alert(1)'>x</a>",
    "<div hx-get='/admin/' hx-trigger='load'>x</div>",
    "<div data-hx-post='/accounts/delete/' data-hx-trigger=load>x</div>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<iframe src=//evil.example></iframe>",
    "<form action=//evil.example><button>x</button></form>",
    '<span class="arithmatex">\\(\\href{javascript:alert(1)}{x}\\)</span>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org" onmouseover="alert(1))',
    "$\\href{javascript:alert(1)}{x}$",
    "$\\url{javascript:alert(1)}$",
    "$\\includegraphics{https://evil.example/x.png}$",
    "$\\htmlData{hx-get=/admin/}{x}$",
    "$\\htmlStyle{position:fixed;inset:0}{x}$",
    "$\\htmlClass{btn}{x}$",
    "$\\htmlId{main}{x}$",
    '$\\text{<img src=x onerror="alert(1)">}$',
    "$$\n\\text{</span><script>alert(1)</script>}\n$$",
    "$<script>alert(1)</script>$",
    "$x$<script>$y$</script>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"onload=alert(1)\nx\n```',
    "$\\color{red;background:url(https://evil.example)}x$",
    "$\\rule{100000em}{100000em}$",
    "$\\def\\a{\\a\\a}\\a$",
    "$" * 5000,
    "[" * 10_000,
    "*" * 10_000,
    "> " * 3000,
    "\x00\x01\ufeff\u202e",
]


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: text[:30])
def test_no_attack_in_a_learners_text_leaves_anything_that_acts(text):
    assert_harmless(render_learner_text(text))


@pytest.mark.parametrize("text", ATTACKS[:12])
def test_not_even_the_librarys_text_can_act(text):
    try:
        markup = render_library_text(text)
    except MathError:
        return
    assert_harmless(markup)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(st.sampled_from([*ATTACKS[:36], "$", "$$", "\n", "`", "<", ">", "&", "*", "[", "](", ")", "\\", " "]))
        .map("".join)
        .filter(lambda text: len(text) < 3000),
    )
)
def test_any_text_renders_and_is_harmless(text):
    assert_harmless(render_learner_text(text))


def test_links_of_learners_are_not_endorsed():
    assert 'rel="nofollow ugc noopener"' in render_learner_text("[x](https://example.org)")


def test_markdown_and_maths_of_a_learner():
    markup = render_learner_text("**b** `c` ~~d~~\nnext $x^2$\n\n$$\n\\frac{1}{2}\n$$\n\n| a |\n|---|\n| 1 |")
    for part in ["<strong>b</strong>", "<code>c</code>", "<br>", 'class="katex"', 'class="formula"', "<table>"]:
        assert part in markup


def test_money_is_no_maths():
    assert "katex" not in render_learner_text("It costs $5 and then $6 more.")


def test_a_formula_that_cannot_be_typeset_is_shown_as_typed_with_the_reason():
    markup = render_learner_text("$\\frac{1}$ and $x$")
    assert '<code class="maths-error" title="' in markup
    assert r"\frac{1}</code>" in markup
    assert 'class="katex"' in markup


def test_a_library_text_with_a_bad_formula_is_refused_with_the_formula_named():
    with pytest.raises(MathError, match=r"the formula `\\frac\{1\}` cannot be typeset: .*argument"):
        render_library_text("Text $\\frac{1}$.")


def test_a_library_text_has_tables_code_and_maths_with_comparisons():
    markup = render_library_text("| a | b |\n|---|---|\n| $x < y$ | 2 |\n\n```python\nx = 1 < 2\n```\n")
    assert "<table>" in markup
    assert "x &lt; y" in markup
    assert "x = 1 &lt; 2" in markup
    assert "language-" not in markup


def test_display_maths_stands_alone_and_scrolls_where_it_is_wide():
    assert '<div class="formula" tabindex="0"><span class="katex-display">' in render_library_text("$$\nx\n$$")


def test_a_formula_has_mathml_for_screen_readers():
    assert "<math" in render_math("x")
    with pytest.raises(MathError):
        render_math("\\undefined")


def test_a_process_that_typeset_much_ends_cleanly():
    """V8 freed in another thread than its own crashes the process at its end."""
    code = (
        "import django; django.setup()\n"
        "from mlprep.shared.maths import render_math\n"
        "for n in range(600): render_math(rf'\\frac{{{n}}}{{x}} \\sum_i a_i')\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "mlprep.settings"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
