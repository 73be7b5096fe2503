"""Which script comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

SETTLED_AFTER = 7.0
"""Days after which a topic that was studied is asked as in an interview: what was only read is forgotten by then."""
RESTS_FOR = 28.0
"""Days for which a script that was sat is asked only where there is nothing else."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A script that fits the wishes.

    studied: days since its topics or concepts were last studied; None where they never were.
    sat: days since the learner last sat it; None where they never did.
    is_general: it has neither topic nor concept, such as a behavioural one.
    """

    key: int
    studied: float | None
    sat: float | None
    is_general: bool = False


def choose(candidates: Sequence[Candidate], rng: Random) -> int | None:
    """The key of the script to sit; None where there is none.

    First come those on what was studied a week or more ago, then those on what nobody studies, those studied of
    late, and those not studied yet. One that was sat of late comes after all others, the longest ago first.
    """
    if not candidates:
        return None
    best = min(_rank(candidate) for candidate in candidates)
    return rng.choice([candidate.key for candidate in candidates if _rank(candidate) == best])


def _rank(candidate: Candidate) -> tuple[float, int]:
    rested = candidate.sat is None or candidate.sat >= RESTS_FOR
    return (0.0 if rested else RESTS_FOR - (candidate.sat or 0.0), _freshness(candidate))


def _freshness(candidate: Candidate) -> int:
    if candidate.is_general:
        return 1
    if candidate.studied is None:
        return 3
    return 0 if candidate.studied >= SETTLED_AFTER else 2
