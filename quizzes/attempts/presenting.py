"""An attempt's questions as they are shown: while it runs without a trace of the answer, and reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from concepts.models import Concept
from mlprep.shared.maths import MathError, render_math
from mlprep.shared.rendering import render_learner_text, render_library_text
from quizzes.attempts.models import AttemptQuestion
from quizzes.domain.grades import RIGHT_FROM, verdict
from quizzes.domain.questions import KINDS, parse_question

_TEMPLATES = {
    "single_choice": "choice",
    "multiple_choice": "choice",
    "numeric": "number",
    "generated": "number",
}


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a running attempt; nothing here says what is right."""

    number: int
    kind: str
    prompt_html: SafeString
    shown: dict[str, Any]
    answered: bool
    flagged: bool
    confidence: str

    @property
    def several(self) -> bool:
        """Whether more than one option may be chosen."""
        return self.kind == "multiple_choice"

    @property
    def typed(self) -> bool:
        """Whether something is typed, which is saved while it is being typed."""
        return self.kind not in {"single_choice", "multiple_choice", "ordering", "matching"}

    @property
    def template(self) -> str:
        return f"quizzes/questions/{_TEMPLATES.get(self.kind, self.kind)}.html#ask"


@dataclass(frozen=True, slots=True)
class ReviewedQuestion:
    """A closed question: what was given, what is right, and why."""

    number: int
    kind: str
    concept: Concept
    prompt_html: SafeString
    shown: dict[str, Any]
    feedback_html: SafeString
    confidence: str
    credit: float
    given: Any
    expected: Any

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]

    @property
    def several(self) -> bool:
        """Whether more than one option may be chosen."""
        return self.kind == "multiple_choice"

    @property
    def template(self) -> str:
        return f"quizzes/questions/{_TEMPLATES.get(self.kind, self.kind)}.html#review"

    @property
    def explanation_html(self) -> SafeString:
        """All explanations: the question's own, or those of its options or blanks by their keys."""
        if "explanation_html" in self.shown:
            return SafeString(self.feedback_html + self.shown["explanation_html"])
        parts = [
            (part.get("key", part.get("number")), "right" if part["correct"] else "wrong", part["explanation_html"])
            for part in self.shown.get("options", self.shown.get("blanks", []))
        ]
        return format_html_join("\n", "<section><h4>{} ({})</h4>{}</section>", parts)

    @property
    def answered(self) -> bool:
        return self.given is not None

    @property
    def right(self) -> bool:
        return self.credit >= RIGHT_FROM

    @property
    def to_rate(self) -> bool:
        """Whether it is an open answer that its learner has not rated yet."""
        return self.kind == "open" and self.answered and not self.shown["rated"]

    @property
    def verdict(self) -> str:
        """One of right, partly right, wrong, not answered; `to be rated` for an open answer before its rating."""
        return "to be rated" if self.to_rate else verdict(self.credit, answered=self.answered)


def as_asked(question: AttemptQuestion, *, typed: Sequence[str] = (), empty: bool = False) -> AskedQuestion:
    """The question as the learner sees it while the attempt runs.

    typed: what a form held that could not be saved, so that it can be mended. empty: leave the answer out.
    """
    rendered = question.version.rendered
    saved = None if empty else question.answer
    shown = _with_html(parse_question(question.version.content).ask(rendered, question.presentation, saved))
    if typed and "value" in shown:
        shown["value"] = typed[0]
    typed_places = dict(zip(typed[::2], typed[1::2], strict=False))
    for step in shown.get("steps", []):
        step["place"] = typed_places.get(step["key"], step["place"])
    return AskedQuestion(
        number=question.number,
        kind=rendered["kind"],
        prompt_html=shown.get("prompt_html") or _safe(rendered["prompt"]),
        shown=shown,
        answered=question.answer is not None,
        flagged=question.flagged,
        confidence=question.confidence,
    )


def as_reviewed(question: AttemptQuestion) -> ReviewedQuestion:
    """The question once it is closed, with answers and explanations."""
    rendered, drawn, answer = question.version.rendered, question.presentation, question.answer
    kind = parse_question(question.version.content)
    shown = _with_html(kind.review(rendered, drawn, answer))
    feedback = kind.feedback(answer, drawn) if answer is not None else ""
    return ReviewedQuestion(
        number=question.number,
        kind=rendered["kind"],
        concept=question.version.question.concept,
        prompt_html=shown.get("prompt_html") or _safe(rendered["prompt"]),
        shown=shown,
        feedback_html=_rendered(feedback) if feedback else SafeString(""),
        confidence=question.confidence,
        credit=question.credit or 0.0,
        given=answer,
        expected=kind.expected(drawn),
    )


def typeset(latex: str) -> SafeString:
    """A formula's HTML; its source where it cannot be typeset."""
    try:
        return _safe(render_math(latex, display=False))
    except MathError:
        return SafeString("")


def _with_html(shown: Any) -> Any:
    """The same with HTML that a template may show as it is.

    Entries called `html` or `…_html` are the library's, rendered when it was loaded; beside `prompt` and
    `explanation`, which are Markdown drawn for this attempt, and `latex` or `…_latex`, their HTML is added.
    """
    if isinstance(shown, list):
        return [_with_html(item) for item in shown]
    if not isinstance(shown, dict):
        return shown
    whole: dict[str, Any] = {}
    for name, value in shown.items():
        if name.endswith("html") and isinstance(value, str):
            whole[name] = _safe(value)
        elif name in {"prompt", "explanation"}:
            whole[f"{name}_html"] = _rendered(value)
        elif name.endswith("latex"):
            whole[name.removesuffix("latex") + "html"] = typeset(value) if value else ""
        else:
            whole[name] = _with_html(value)
    return whole


@lru_cache(maxsize=2048)
def _rendered(text: str) -> SafeString:
    """A text of a generator; one that cannot be typeset is shown as it is, rather than not at all."""
    try:
        return render_library_text(text)
    except MathError:
        return render_learner_text(text)


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 (rendered and sanitised when the library was loaded)
