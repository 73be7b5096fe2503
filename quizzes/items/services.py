"""Item statistics of the bank, out of all closed quizzes."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quizzes.attempts.models import AttemptQuestion
from quizzes.bank.models import Question
from quizzes.domain.intervals import wilson
from quizzes.domain.item_statistics import Estimate, ItemStatistics, Response, item_statistics
from quizzes.domain.questions.options import keyed


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option of a choice: what share chose it, and whether it is right."""

    number: int
    text: str
    rate: Estimate
    correct: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A question and how it does."""

    question: Question
    statistics: ItemStatistics

    @property
    def options(self) -> list[OptionRow]:
        """A choice's options in the library's order; none before there are enough answers."""
        right = _right_options(self.question)
        rates = self.statistics.choice_rates
        never = Estimate(0.0, wilson(0, max(1, self.statistics.answers)))
        options = self.question.current.content.get("options", []) if self.question.current else []
        return [
            OptionRow(index + 1, option["text"], rates.get(index, never), correct=index in right)
            for index, option in enumerate(options if self.statistics.facility else [])
        ]

    @property
    def certainty(self) -> tuple[int, int]:
        """How suspicious it is: the number of sure suspicions, then of all."""
        return sum(suspicion.sure for suspicion in self.statistics.suspicions), len(self.statistics.suspicions)


def statistics_of(questions: Iterable[Question]) -> list[ItemRow]:
    """How each question does as it stands now, over every answer that was given to it in a closed quiz.

    Answers to earlier versions are left out: a mended key or option would be judged by what it no longer says.
    """
    current = {question.current_id: question for question in questions if question.current_id}
    responses, left_open = _responses(set(current))
    unrated = Counter(
        AttemptQuestion.objects.unrated()
        .filter(attempt__finished_at__isnull=False, version__in=current)
        .values_list("version", flat=True)
    )
    return [
        ItemRow(
            question,
            item_statistics(
                responses.get(version, []),
                right_options=_right_options(question),
                left_open=left_open[version],
                unrated=unrated[version],
                seed=question.pk,
            ),
        )
        for version, question in current.items()
    ]


def _responses(versions: set[int]) -> tuple[dict[int, list[Response]], Counter[int]]:
    """The answers given to each version, and how often it was left open."""
    graded = AttemptQuestion.objects.filter(attempt__finished_at__isnull=False, credit__isnull=False)
    graded = graded.exclude(pk__in=AttemptQuestion.objects.unrated())
    totals: dict[int, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for attempt, credit in graded.values_list("attempt", "credit"):
        total, count = totals[attempt]
        totals[attempt] = (total + (credit or 0.0), count + 1)
    rows = graded.filter(version__in=versions)
    left_open: Counter[int] = Counter()
    found: dict[int, list[Response]] = defaultdict(list)
    for version, attempt, credit, seconds, answer, presentation in rows.values_list(
        "version", "attempt", "credit", "seconds", "answer", "presentation"
    ):
        if answer is None:
            left_open[version] += 1
            continue
        given = credit or 0.0
        total, count = totals[attempt]
        rest = (total - given) / (count - 1) if count > 1 else float("nan")
        found[version].append(Response(given, rest, seconds, _chosen(answer, presentation)))
    return found, left_open


def _chosen(answer: Any, presentation: dict[str, Any]) -> tuple[int, ...]:
    """The library's indexes of the options chosen; nothing for other kinds."""
    keys = answer if isinstance(answer, list) else [answer]
    index_of = dict(keyed(presentation)) if "order" in presentation else {}
    return tuple(index_of[key] for key in keys if isinstance(key, str) and key in index_of)


def _right_options(question: Question) -> frozenset[int]:
    options = question.current.content.get("options", []) if question.current else []
    return frozenset(index for index, option in enumerate(options) if option["correct"])
