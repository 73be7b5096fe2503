"""References of all generators, one module for each of theirs."""

from tests.quizzes.references import (  # noqa: F401 (importing a module registers its references)
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
from tests.quizzes.references.base import REFERENCES

__all__ = ["REFERENCES"]
