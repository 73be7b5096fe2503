"""A topic's parts and a guide as HTML."""

import re
from collections.abc import Callable, Iterable
from html import escape

from concepts.domain.topic_text import Part, Picture, Prose, Section
from mlprep.shared.rendering import render_library_text

_OPENS = "Interview questions"
_IMAGE_SIZE = re.compile(r'viewBox="[-\d.]+ [-\d.]+ (?P<width>[\d.]+) (?P<height>[\d.]+)"')
_WRAPPED = re.compile(r"^<p>(.*)</p>$", re.DOTALL)

Draw = Callable[[Picture], str]


def render_part(part: Part, draw: Draw, *, anchor_prefix: str = "") -> str:
    """The part without its heading; the answers to interview questions open on demand. Raises MathError."""
    fold = part.title == _OPENS
    return "\n".join(_section(section, draw, f"{anchor_prefix}{section.anchor}", fold) for section in part.sections)


def outline_of(part: Part, *, anchor_prefix: str = "") -> list[list[str]]:
    """Anchor and title of each section."""
    return [[f"{anchor_prefix}{section.anchor}", render_inline(section.title)] for section in part.questions]


def render_inline(text: str) -> str:
    """One line of Markdown without a paragraph around it."""
    html = render_library_text(text)
    wrapped = _WRAPPED.match(html)
    return wrapped[1] if wrapped else html


def figure_html(picture: Picture, svg: str) -> str:
    """A drawing of ours in the page, so that it takes the page's colours."""
    return f'<figure class="plot" tabindex="0" role="group" aria-label="{escape(picture.alt)}">{svg}</figure>'


def diagram_html(picture: Picture, light: tuple[str, str], dark: str) -> str:
    """A drawing as a picture of its own. light: address and SVG; dark: address."""
    address, svg = light
    size = _IMAGE_SIZE.search(svg)
    width, height = (round(float(size["width"])), round(float(size["height"]))) if size else (640, 360)
    return (
        f'<figure class="diagram"><picture><source media="(prefers-color-scheme: dark)" srcset="{dark}">'
        f'<img src="{address}" alt="{escape(picture.alt)}" width="{width}" height="{height}" loading="lazy"></picture>'
        "</figure>"
    )


def _section(section: Section, draw: Draw, anchor: str, fold: bool) -> str:
    body = "\n".join(_pieces(section.pieces, draw))
    if not section.title:
        return body
    title = render_inline(section.title)
    if fold:
        return (
            f'<details class="question" id="{anchor}"><summary><h3>{title}</h3></summary>'
            f'<div class="stack">{body}</div></details>'
        )
    return f'<h3 id="{anchor}">{title}</h3>\n{body}'


def _pieces(pieces: Iterable[object], draw: Draw) -> Iterable[str]:
    for piece in pieces:
        if isinstance(piece, Prose):
            # Code that is wider than the page is scrolled by keyboard, too.
            yield render_library_text(piece.text).replace("<pre>", '<pre tabindex="0">')
        elif isinstance(piece, Picture):
            yield draw(piece)
