"""LaTeX to HTML by KaTeX, in one V8 that lives in this process and starts when first needed."""

import threading
from functools import cache

from django.conf import settings
from py_mini_racer import JSEvalException, MiniRacer

_TIMEOUT_SECONDS = 2
_one_at_a_time = threading.Lock()


class MathError(ValueError):
    """The LaTeX cannot be typeset; the message says why, in KaTeX's words."""


def render_math(latex: str, *, display: bool = False) -> str:
    """Typeset one formula as HTML with MathML for screen readers.

    KaTeX runs without trust (no links, no raw HTML) and with bounded sizes and expansions, so the result
    is safe for any input. Raises MathError where KaTeX cannot read the formula.
    """
    options = {"displayMode": display, "throwOnError": True, "strict": "ignore", "trust": False, "maxSize": 20}
    try:
        with _one_at_a_time:
            return str(_katex().call("katex.renderToString", latex, options, timeout_sec=_TIMEOUT_SECONDS))
    except JSEvalException as error:
        first_line = str(error).partition("\n")[0]
        raise MathError(first_line.partition("KaTeX parse error: ")[2] or first_line) from error


@cache
def _katex() -> MiniRacer:
    script = settings.KATEX_SCRIPT
    if not script.exists():
        raise RuntimeError(f"{script} is missing: run `make assets`, which copies KaTeX there.")
    engine = MiniRacer()
    engine.eval(script.read_text())
    return engine
