"""Estimation and testing."""

from itertools import combinations
from math import log

from tests.quizzes.references.base import reference, root


@reference("gaussian-mle-variance", "the sample {l} by **maximum likelihood**")
def gaussian_mle_variance(x):
    return sum((a - b) ** 2 for a, b in combinations(x, 2)) / len(x) ** 2


@reference("exponential-mle-rate", "Waiting times of {l} minutes")
def exponential_mle_rate(times):
    return root(lambda rate: sum(1 / rate - time for time in times), 1e-6, 1e3)


@reference("confidence-half-width", "standard deviation {n} over {i} independent … **half** … $z = {n}$")
def confidence_half_width(deviation, n, z):
    variance_of_sum = sum(deviation**2 for _ in range(n))
    return z * (variance_of_sum / n**2) ** 0.5


@reference("ab-test-sample-size", "lift of {n} over a baseline rate of {n}, … ($z$ values {n} and {n})")
def ab_test_sample_size(lift, p, z_size, z_power):
    def short(n: float) -> float:
        return z_size + z_power - lift / (2 * p * (1 - p) / n) ** 0.5

    return int(root(short, 1, 1e9) + 1 - 1e-6)


@reference("bootstrap-distinct-share", "sample of {i} rows, with replacement, from {i}")
def bootstrap_distinct_share(draws, rows):
    distinct = 0.0
    for _ in range(draws):
        distinct += 1 - distinct / rows
    return distinct


@reference("population-stability-index", "shares of {l} in training and hold {l} now")
def population_stability_index(expected, actual):
    def divergence(p: list[float], q: list[float]) -> float:
        return sum(a * log(a) - a * log(b) for a, b in zip(p, q, strict=True))

    return divergence(expected, actual) + divergence(actual, expected)
