"""LaTeX to HTML by KaTeX, in one V8 that lives in this process and starts when first needed."""

from concurrent.futures import ThreadPoolExecutor
from threading import local

from django.conf import settings
from py_mini_racer import JSEvalException, MiniRacer

_TIMEOUT_SECONDS = 2
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
    options = {"displayMode": display, "throwOnError": True, "strict": "ignore", "trust": False, "maxSize": 20}
    try:
        return _thread.submit(_call_katex, latex, options).result()
    except JSEvalException as error:
        first_line = str(error).partition("\n")[0]
        raise MathError(first_line.partition("KaTeX parse error: ")[2] or first_line) from error


def _call_katex(latex: str, options: dict[str, object]) -> str:
    return str(_katex().call("katex.renderToString", latex, options, timeout_sec=_TIMEOUT_SECONDS))


def _katex() -> MiniRacer:
    if not hasattr(_own, "engine"):
        script = settings.KATEX_SCRIPT
        if not script.exists():
            raise RuntimeError(f"{script} is missing: run `make assets`, which copies KaTeX there.")
        engine = MiniRacer()
        engine.eval(script.read_text())
        _own.engine = engine
    own: MiniRacer = _own.engine
    return own
