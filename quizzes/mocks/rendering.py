"""A script's texts as HTML."""

from collections.abc import Iterator
from typing import Any

from mlprep.shared.maths import MathError
from mlprep.shared.rendering import render_library_text
from quizzes.domain.mocks.script import CRITERIA, Script


def render_script(script: Script) -> dict[str, Any]:
    """The texts as HTML, in the script's shape. Raises MathError."""
    return {
        "opening": _render(script.opening),
        "hints": [_render(hint) for hint in script.hints],
        "model_answer": _render(script.model_answer),
        "follow_ups": [
            {"ask": _render(item.ask), "hint": _render(item.hint), "answer": _render(item.answer)}
            for item in script.follow_ups
        ],
        "rubric": {name: _render(getattr(script.rubric, name)) for name in CRITERIA},
        "self_questions_note": _render(script.self_questions_note),
    }


def maths_problems(script: Script) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where a formula cannot be typeset: the place in the file, and why."""
    for place, text in _texts(script):
        try:
            render_library_text(text)
        except MathError as error:
            yield place, str(error)


def _texts(script: Script) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for name in ("opening", "model_answer", "self_questions_note"):
        yield (name,), getattr(script, name)
    for place, hint in enumerate(script.hints):
        yield ("hints", place), hint
    for place, item in enumerate(script.follow_ups):
        for name in ("ask", "hint", "answer"):
            yield ("follow_ups", place, name), getattr(item, name)
    for name in CRITERIA:
        yield ("rubric", name), getattr(script.rubric, name)


def _render(text: str) -> str:
    # Code that is wider than the page is scrolled by keyboard, too.
    return render_library_text(text).replace("<pre>", '<pre tabindex="0">') if text else ""
