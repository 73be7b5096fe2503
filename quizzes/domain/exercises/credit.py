"""What a first pass of an exercise shows about the learner."""

HINT_COSTS = 0.12
RUN_COSTS = 0.03
LEAST_UNAIDED = 0.4
AFTER_SOLUTION = 0.2


def credit_of_pass(*, hints: int, runs_before: int, solution_seen: bool) -> float:
    """0 to 1: whole for a pass at the first run without a hint; each of the hints and failed runs takes some.

    A pass after the solution was shown counts little, whatever went before.
    """
    if solution_seen:
        return AFTER_SOLUTION
    return max(LEAST_UNAIDED, 1.0 - HINT_COSTS * hints - RUN_COSTS * runs_before)
