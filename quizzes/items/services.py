"""Item statistics of the bank, out of all closed quizzes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quizzes.attempts.models import AttemptQuestion
from quizzes.bank.models import Question
from quizzes.domain.item_statistics import ItemStatistics, Response, item_statistics
from quizzes.domain.questions.options import keyed


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A question and how it does."""

    question: Question
    statistics: ItemStatistics

    @property
    def options(self) -> list[dict[str, int | bool]]:
        """A choice's options in the library's order: how many in 100 chose each, and whether it is right."""
        right = _right_options(self.question)
        count = len(self.question.current.content.get("options", [])) if self.question.current else 0
        return [
            {
                "number": index + 1,
                "percent": round(100 * self.statistics.choice_rates.get(index, 0.0)),
                "correct": index in right,
            }
            for index in range(count if self.statistics.facility else 0)
        ]


def statistics_of(questions: Iterable[Question]) -> list[ItemRow]:
    """How each question does, over every answer that was given in a closed quiz."""
    wanted = {question.pk: question for question in questions}
    responses = _responses(set(wanted))
    return [
        ItemRow(
            question,
            item_statistics(responses.get(pk, []), right_options=_right_options(question), seed=pk),
        )
        for pk, question in wanted.items()
    ]


def _responses(questions: set[int]) -> dict[int, list[Response]]:
    answered = AttemptQuestion.objects.filter(attempt__finished_at__isnull=False).exclude(credit=None)
    totals: dict[int, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for attempt, credit in answered.values_list("attempt", "credit"):
        total, count = totals[attempt]
        totals[attempt] = (total + (credit or 0.0), count + 1)
    rows = answered.filter(version__question__in=questions).exclude(answer=None)
    found: dict[int, list[Response]] = defaultdict(list)
    for question, attempt, credit, seconds, answer, presentation in rows.values_list(
        "version__question", "attempt", "credit", "seconds", "answer", "presentation"
    ):
        if credit is None:
            continue
        total, count = totals[attempt]
        rest = (total - credit) / (count - 1) if count > 1 else float("nan")
        found[question].append(Response(credit, rest, seconds, _chosen(answer, presentation)))
    return found


def _chosen(answer: Any, presentation: dict[str, Any]) -> tuple[int, ...]:
    """The library's indexes of the options chosen; nothing for other kinds."""
    keys = answer if isinstance(answer, list) else [answer]
    index_of = dict(keyed(presentation)) if "order" in presentation else {}
    return tuple(index_of[key] for key in keys if isinstance(key, str) and key in index_of)


def _right_options(question: Question) -> frozenset[int]:
    options = question.current.content.get("options", []) if question.current else []
    return frozenset(index for index, option in enumerate(options) if option["correct"])
