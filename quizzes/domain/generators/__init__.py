"""Questions that numpy draws anew each time. A new generator is a decorated function in one of these modules."""

from quizzes.domain.generators import (  # noqa: F401 (importing a module registers its generators)
    attention,
    calculus,
    convolutions,
    costs,
    estimation,
    impurity,
    language,
    layers,
    learners,
    losses,
    metrics,
    optimisers,
    parameters,
    probability,
    recommenders,
    vectors,
)
from quizzes.domain.generators.base import Draw, Generator, Mistake, registered

__all__ = ["GENERATORS", "Draw", "Generator", "Mistake"]

GENERATORS = registered()
