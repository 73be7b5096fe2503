"""The interviews so far: how scores went, and how own ratings compare with what was measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from concepts.models import Concept
from quizzes.domain.mocks.calibration import MIN_ANSWERS, Judgement, Verdict, judge
from quizzes.domain.mocks.script import KINDS
from quizzes.mocks.models import MockInterview

WIDTH, HEIGHT = 600, 160
_WORDS = {
    Verdict.OVER: "You rate yourself higher than your answers elsewhere show",
    Verdict.UNDER: "You rate yourself lower than your answers elsewhere show",
    Verdict.FITS: "Your own rating fits what your answers elsewhere show",
    Verdict.OPEN: "Too little is known yet to compare",
}


@dataclass(frozen=True, slots=True)
class Sitting:
    """A rated interview, its scores in percent. measured: mean mastery before it; None where too little is known."""

    interview: MockInterview
    own: int
    score: int
    measured: int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A sitting in the drawing; x and y in its units."""

    label: str
    percent: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Trend:
    """Scores over time from the left to the right, and the mean of the last three at each."""

    marks: list[Mark]
    line: str
    smooth: str
    ticks: list[Mark]
    words: str
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Compared:
    """A judgement on one kind or concept, in words."""

    name: str
    judgement: Judgement

    @property
    def words(self) -> str:
        return _WORDS[self.judgement.verdict]

    @property
    def is_open(self) -> bool:
        return self.judgement.verdict is Verdict.OPEN


@dataclass(frozen=True, slots=True)
class Confidence:
    """Own rating compared with measured mastery: over all, and where a word can be said."""

    whole: Compared
    by_kind: list[Compared]
    by_concept: list[Compared]


def sittings_of(interviews: Iterable[MockInterview]) -> list[Sitting]:
    """The rated ones of these, in their order."""
    return [
        Sitting(
            interview,
            own=round(100 * interview.rating.own_score),
            score=round(100 * interview.rating.score),
            measured=None if (known := measured(interview)) is None else round(100 * known),
        )
        for interview in interviews
        if hasattr(interview, "rating")
    ]


def measured(interview: MockInterview) -> float | None:
    """Mean mastery before the interview over its concepts of which enough was known; None where that is none."""
    known = list(_known(interview).values())
    return fmean(known) if known else None


def trend(sittings: Sequence[Sitting]) -> Trend:
    """The scores of these sittings, earliest first."""
    step = WIDTH / max(1, len(sittings) - 1)
    marks = [
        Mark(
            f"{item.interview.started_at:%d %b %Y}",
            item.score,
            x=round(place * step if len(sittings) > 1 else WIDTH / 2, 1),
            y=_height(item.score),
        )
        for place, item in enumerate(sittings)
    ]
    means = [fmean(mark.percent for mark in marks[max(0, place - 2) : place + 1]) for place in range(len(marks))]
    return Trend(
        marks,
        line=_line((mark.x, mark.y) for mark in marks),
        smooth=_line((mark.x, _height(mean)) for mark, mean in zip(marks, means, strict=True)),
        ticks=[marks[0], marks[-1]] if len(marks) > 1 else marks,
        words=_direction([mark.percent for mark in marks]),
    )


def confidence(interviews: Sequence[MockInterview], names: dict[str, str]) -> Confidence:
    """How own ratings compare with what was measured before. names: of concepts, by code."""
    gaps: list[float] = []
    kinds: dict[str, list[float]] = {}
    concepts: dict[str, list[float]] = {}
    for interview in interviews:
        own = interview.rating.own_score
        for code, mastery in _known(interview).items():
            concepts.setdefault(code, []).append(own - mastery)
        if (known := measured(interview)) is not None:
            gaps.append(own - known)
            kinds.setdefault(interview.script.kind, []).append(own - known)
    return Confidence(
        Compared("", judge(gaps)),
        [item for kind, of_kind in kinds.items() if not (item := Compared(KINDS[kind], judge(of_kind))).is_open],
        [
            item
            for code, of_concept in sorted(concepts.items())
            if not (item := Compared(names.get(code, code), judge(of_concept))).is_open
        ],
    )


def concept_names(interviews: Iterable[MockInterview]) -> dict[str, str]:
    """Names of the concepts that these interviews measured, by code."""
    codes = {code for interview in interviews for code in interview.measured}
    return dict(Concept.objects.filter(code__in=codes).values_list("code", "name"))


def _known(interview: MockInterview) -> dict[str, float]:
    return {code: mastery for code, (mastery, answers) in interview.measured.items() if answers >= MIN_ANSWERS}


def _height(percent: float) -> float:
    return round(HEIGHT - HEIGHT * percent / 100, 1)


def _line(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _direction(scores: Sequence[int]) -> str:
    """The mean of the last three beside that of the three before, in words."""
    if len(scores) < 4:
        return "A trend shows from the fourth interview on."
    last, before = fmean(scores[-3:]), fmean(scores[-6:-3])
    change = round(last - before)
    so_far = f"Your last three averaged {last:.0f} %"
    if abs(change) < 3:
        return f"{so_far}, as those before."
    return f"{so_far}, {abs(change)} points {'more' if change > 0 else 'less'} than those before."
