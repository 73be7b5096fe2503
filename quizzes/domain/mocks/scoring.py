"""What an interview was worth, by the learner's own marks and by the tests of code."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import fmean

TOP_MARK = 4
FOLLOW_UP_WORTH: Mapping[str, float] = {"yes": 1.0, "partly": 0.5, "no": 0.0}
FOLLOW_UPS_WEIGH = 0.3
TESTS_WEIGH = 0.3
REVIEW_BELOW = 0.75
"""A concept on which the parts of an interview came to less is proposed for review."""
READ_BELOW = 0.5
"""A topic whose concepts came to less is, too."""


def own_score(marks: Sequence[int], follow_ups: Sequence[str]) -> float:
    """The learner's own rating from 0 to 1: the rubric's marks (0 to 4 each), and with 0.3 how follow-ups went.

    follow_ups: yes, partly or no for each that was asked; where none was, the marks alone count.
    """
    rubric = marks_share(marks)
    if not follow_ups:
        return rubric
    answered = sum(FOLLOW_UP_WORTH[answer] for answer in follow_ups) / len(follow_ups)
    return (1 - FOLLOW_UPS_WEIGH) * rubric + FOLLOW_UPS_WEIGH * answered


def marks_share(marks: Sequence[int]) -> float:
    """The rubric's marks as a share of the most there are, 0 to 1."""
    return sum(marks) / (TOP_MARK * len(marks))


def concept_scores(
    concepts: Iterable[str], main: float, follow_ups: Mapping[int, str], about: Mapping[int, Collection[str]]
) -> dict[str, float]:
    """How each concept went, 0 to 1: the mean of the main question and of the follow-ups on it.

    main: of the main question, 0 to 1. follow_ups: yes, partly or no by number, of those that were asked. about: the
    concepts that a follow-up is about, by its number; one that names none is about all.
    """
    return {
        concept: fmean(
            [
                main,
                *(
                    FOLLOW_UP_WORTH[answer]
                    for number, answer in follow_ups.items()
                    if concept in (about.get(number) or (concept,))
                ),
            ]
        )
        for concept in concepts
    }


def whole_score(own: float, tests: float | None) -> float:
    """The score from 0 to 1: the own rating, and with 0.3 the share of tests that passed where there is code."""
    return own if tests is None else (1 - TESTS_WEIGH) * own + TESTS_WEIGH * tests
