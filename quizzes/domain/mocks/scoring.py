"""What an interview was worth, by the learner's own marks and by the tests of code."""

from collections.abc import Mapping, Sequence

TOP_MARK = 4
FOLLOW_UP_WORTH: Mapping[str, float] = {"yes": 1.0, "partly": 0.5, "no": 0.0}
FOLLOW_UPS_WEIGH = 0.3
TESTS_WEIGH = 0.3
REVIEW_BELOW = 0.75
"""Below this score the script's concepts are proposed for review."""
READ_BELOW = 0.5
"""Below this one its topics are, too."""


def own_score(marks: Sequence[int], follow_ups: Sequence[str]) -> float:
    """The learner's own rating from 0 to 1: the rubric's marks (0 to 4 each), and with 0.3 how follow-ups went.

    follow_ups: yes, partly or no for each that was asked; where none was, the marks alone count.
    """
    rubric = sum(marks) / (TOP_MARK * len(marks))
    if not follow_ups:
        return rubric
    answered = sum(FOLLOW_UP_WORTH[answer] for answer in follow_ups) / len(follow_ups)
    return (1 - FOLLOW_UPS_WEIGH) * rubric + FOLLOW_UPS_WEIGH * answered


def whole_score(own: float, tests: float | None) -> float:
    """The score from 0 to 1: the own rating, and with 0.3 the share of tests that passed where there is code."""
    return own if tests is None else (1 - TESTS_WEIGH) * own + TESTS_WEIGH * tests
