"""A question's texts as HTML."""

from functools import lru_cache
from typing import Any

from mlprep.shared.maths import MathError
from mlprep.shared.rendering import render_library_text

_TEXTS = {"prompt", "text", "explanation", "left", "right", "steps", "distractors", "model_answer", "rubric"}
_IN_A_LABEL = {"left", "right", "steps", "distractors", "rubric"}


class QuestionTextError(ValueError):
    """A text of a question cannot be rendered; `location` says which, as keys and indexes."""

    def __init__(self, location: tuple[str | int, ...], problem: str) -> None:
        super().__init__(problem)
        self.location = location


def render_question(content: dict[str, Any]) -> dict[str, Any]:
    """The same shape with every text as HTML. Raises QuestionTextError at the first that cannot be."""
    rendered: dict[str, Any] = _render(content, ())
    return rendered


def _render(part: Any, location: tuple[str | int, ...]) -> Any:
    if isinstance(part, dict):
        return {key: _render(value, (*location, key)) for key, value in part.items()}
    if isinstance(part, list):
        return [_render(value, (*location, index)) for index, value in enumerate(part)]
    name = next((step for step in reversed(location) if isinstance(step, str)), "")
    if not isinstance(part, str) or name not in _TEXTS | {"code"}:
        return part
    try:
        markup = _markup(f"```\n{part}\n```" if name == "code" else part)
    except MathError as error:
        raise QuestionTextError(location, str(error)) from error
    stands_in_a_label = name in _IN_A_LABEL or (name == "text" and "options" in location)
    return _one_paragraph(markup) if stands_in_a_label else markup


@lru_cache(maxsize=8192)
def _markup(text: str) -> str:
    """A text is rendered when it is checked and again when it is stored; the second time is free."""
    return str(render_library_text(text))


def _one_paragraph(markup: str) -> str:
    """A text of one paragraph without its <p>: it stands inside a label."""
    single = markup.startswith("<p>") and markup.endswith("</p>") and markup.count("<p>") == 1
    return markup.removeprefix("<p>").removesuffix("</p>") if single else markup
