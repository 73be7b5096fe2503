"""LaTeX to HTML by KaTeX, in one V8 that lives in this process and starts when first needed."""

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local

from django.conf import settings
from py_mini_racer import JSEvalException, JSOOMException, MiniRacer

MAX_FORMULA_LENGTH = 5_000
MAX_FORMULAS = 1_000
MAX_HTML_LENGTH = 6_000_000
"""Characters of one formula, formulas of one text, and characters of HTML that all of a text's formulas may become."""
MAX_HTML_AMONG_MANY = 200_000
"""The last of these for texts that stand on a page beside many others: comments, sides of cards, answers of a quiz."""

_TIMEOUT_SECONDS = 2
_OPTIONS = {"throwOnError": True, "strict": "ignore", "trust": False, "maxSize": 20}
# One call for all formulas of a text, and no error that leaves V8: both cost far more than a formula.
_TYPESET = """
function typeset(formulas, options, longest) {
  let length = 0, full = false;
  return JSON.stringify(formulas.map(([latex, displayMode]) => {
    if (full) return [null, "the formulas before it fill the page"];
    try {
      const markup = katex.renderToString(latex, {...options, displayMode});
      full = length + markup.length > longest;
      if (full) return [null, length ? "the formulas before it fill the page" : "it alone would fill the page"];
      length += markup.length;
      return [markup, ""];
    } catch (error) {
      return [null, error instanceof RangeError ? "it is nested too deeply" : String(error.message)];
    }
  }));
}
"""
# A macro that repeats its argument can make a page of any size out of a line.
_COMMAND = re.compile(r"\\([a-zA-Z@]+|.)", re.DOTALL)
_DEFINING = set("def gdef edef xdef let futurelet global long newcommand renewcommand providecommand".split())
# One thread of its own: V8 takes one call at a time, and refuses time limits where an event loop runs.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="katex")
# V8 must be freed in the thread that used it, or the process crashes on its way out: so it goes with its thread.
_own = local()


class MathError(ValueError):
    """The LaTeX cannot be typeset; the message says why, in KaTeX's words."""


def render_math(latex: str, *, display: bool = False) -> str:
    """Typeset one formula as HTML with MathML for screen readers.

    KaTeX runs without trust (no links, no raw HTML) and with bounded sizes and expansions, so the result
    is safe for any input. Raises MathError where KaTeX cannot read the formula.
    """
    (rendered,) = render_formulas([(latex, display)])
    if isinstance(rendered, MathError):
        raise rendered
    return rendered


def render_formulas(formulas: Sequence[tuple[str, bool]], longest: int = MAX_HTML_LENGTH) -> list[str | MathError]:
    """Typeset the formulas of one text, each with whether it is displayed, as `render_math` does.

    A formula that is too long, defines macros, comes after MAX_FORMULAS others, or with which there were more than
    `longest` characters of HTML, is an error that says so.
    """
    refused = [_refusal(latex, place) for place, (latex, _) in enumerate(formulas)]
    sent = [formula for formula, why in zip(formulas, refused, strict=True) if not why]
    done = iter(_thread.submit(_call_katex, sent, longest).result() if sent else [])
    return [MathError(why) if why else next(done) for why in refused]


def _refusal(latex: str, place: int) -> str:
    """Why a formula is not given to KaTeX at all; empty for most."""
    if place >= MAX_FORMULAS:
        return f"only the first {MAX_FORMULAS:,} formulas of a text are typeset"
    if len(latex) > MAX_FORMULA_LENGTH:
        return f"it has {len(latex):,} characters; at most {MAX_FORMULA_LENGTH:,} are typeset"
    if any(match[1] in _DEFINING for match in _COMMAND.finditer(latex)):
        return "macros cannot be defined in a formula; write out what they stand for"
    return ""


def _call_katex(formulas: Sequence[tuple[str, bool]], longest: int) -> list[str | MathError]:
    try:
        answer = _katex().call("typeset", formulas, _OPTIONS, longest, timeout_sec=_TIMEOUT_SECONDS)
    except JSEvalException as error:
        if isinstance(error, JSOOMException):
            # What ran out of memory once does not recover.
            del _own.engine
        return [MathError("the formulas of this text take too long to typeset") for _ in formulas]
    return [
        MathError(problem.removeprefix("KaTeX parse error: ")) if markup is None else str(markup)
        for markup, problem in json.loads(str(answer))
    ]


def _katex() -> MiniRacer:
    if not hasattr(_own, "engine"):
        script = settings.KATEX_SCRIPT
        if not script.exists():
            raise RuntimeError(f"{script} is missing: run `make assets`, which copies KaTeX there.")
        engine = MiniRacer()
        engine.eval(script.read_text() + _TYPESET)
        _own.engine = engine
    own: MiniRacer = _own.engine
    return own
