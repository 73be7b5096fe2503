"""How long things take a learner, measured against what they are said to take."""

PRIOR_MINUTES = 120.0
"""So many minutes at the usual pace are assumed to have been measured before the first."""
_SLOWEST, _QUICKEST = 3.0, 0.4


def pace(actual: float, nominal: float, prior: float = PRIOR_MINUTES) -> float:
    """Minutes taken for each nominal minute: the ratio of both sums, drawn towards 1 while little is known."""
    return min(_SLOWEST, max(_QUICKEST, (actual + prior) / (nominal + prior)))


def at_pace(minutes: float, ratio: float) -> int:
    """Minutes at that pace, rounded, 1 at least."""
    return max(1, round(minutes * ratio))
