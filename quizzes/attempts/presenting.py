"""An attempt's questions as they are shown: while it runs without a trace of the answer, and reviewed."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from concepts.models import Concept
from quizzes.attempts.models import AttemptQuestion
from quizzes.domain.questions import parse_question
from quizzes.domain.questions.options import keyed

RIGHT_FROM = 0.999


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option as asked."""

    key: str
    html: SafeString
    chosen: bool


@dataclass(frozen=True, slots=True)
class ReviewedOption(ShownOption):
    """An option once the attempt is closed."""

    correct: bool
    explanation_html: SafeString


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a running attempt; nothing here says what is right."""

    number: int
    kind: str
    prompt_html: SafeString
    options: list[ShownOption]
    answered: bool
    flagged: bool

    @property
    def several(self) -> bool:
        """Whether more than one option may be chosen."""
        return self.kind == "multiple_choice"


@dataclass(frozen=True, slots=True)
class ReviewedQuestion:
    """A question of a closed attempt: what was given, what is right, and why."""

    number: int
    kind: str
    concept: Concept
    prompt_html: SafeString
    options: list[ReviewedOption]
    credit: float
    given: Any
    expected: Any

    @property
    def explanation_html(self) -> SafeString:
        """Every option's explanation, as a list by the options' keys."""
        return format_html_join(
            "\n",
            "<section><h4>{} ({})</h4>{}</section>",
            ((option.key, "right" if option.correct else "wrong", option.explanation_html) for option in self.options),
        )

    @property
    def answered(self) -> bool:
        return self.given is not None

    @property
    def right(self) -> bool:
        return self.credit >= RIGHT_FROM

    @property
    def verdict(self) -> str:
        """One of right, partly right, wrong, not answered."""
        if not self.answered:
            return "not answered"
        if self.right:
            return "right"
        return "partly right" if self.credit > 0 else "wrong"


def as_asked(question: AttemptQuestion) -> AskedQuestion:
    """The question as the learner sees it while the attempt runs."""
    rendered = question.version.rendered
    chosen = _chosen(question)
    return AskedQuestion(
        number=question.number,
        kind=rendered["kind"],
        prompt_html=_safe(rendered["prompt"]),
        options=[
            ShownOption(key, _safe(rendered["options"][index]["text"]), key in chosen)
            for key, index in keyed(question.presentation)
        ],
        answered=question.answer is not None,
        flagged=question.flagged,
    )


def as_reviewed(question: AttemptQuestion) -> ReviewedQuestion:
    """The question of a closed attempt, with answers and explanations."""
    rendered = question.version.rendered
    chosen = _chosen(question)
    return ReviewedQuestion(
        number=question.number,
        kind=rendered["kind"],
        concept=question.version.question.concept,
        prompt_html=_safe(rendered["prompt"]),
        options=[
            ReviewedOption(
                key,
                _safe(rendered["options"][index]["text"]),
                key in chosen,
                rendered["options"][index]["correct"],
                _safe(rendered["options"][index]["explanation"]),
            )
            for key, index in keyed(question.presentation)
        ],
        credit=question.credit or 0.0,
        given=question.answer,
        expected=parse_question(question.version.content).expected(question.presentation),
    )


def _chosen(question: AttemptQuestion) -> list[Any]:
    answer = question.answer
    return answer if isinstance(answer, list) else [answer]


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 (rendered and sanitised when the library was loaded)
