"""How credit is named, and how well learners judge their own answers."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizzes.domain.intervals import Interval, wilson

RIGHT_FROM = 0.999
"""Credit from which an answer is called right; shares of a whole may sum to a hair below 1."""

CONFIDENCES = ("sure", "think", "guess")


def verdict(credit: float, *, answered: bool) -> str:
    """One of right, partly right, wrong, not answered."""
    if not answered:
        return "not answered"
    if credit >= RIGHT_FROM:
        return "right"
    return "partly right" if credit > 0 else "wrong"


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """Answers given with one confidence: how many, how many of them right, and the plausible share of right ones."""

    confidence: str
    answers: int
    right: int
    share: float
    interval: Interval

    @property
    def share_percent(self) -> int:
        return round(100 * self.share)


def calibration(answers: Iterable[tuple[str, float]]) -> list[CalibrationRow]:
    """A row for each confidence that was given, from pairs of confidence and credit."""
    credits: dict[str, list[float]] = {confidence: [] for confidence in CONFIDENCES}
    for confidence, credit in answers:
        if confidence in credits:
            credits[confidence].append(credit)
    rows = []
    for confidence, given in credits.items():
        right = sum(credit >= RIGHT_FROM for credit in given)
        if given:
            share = right / len(given)
            rows.append(CalibrationRow(confidence, len(given), right, share, wilson(right, len(given))))
    return rows
