"""Probability."""

from math import log, pi

import numpy as np

from tests.quizzes.references.base import reference, root


@reference("bayes-base-rate", "transactions {n} % are … flags {n} % of … passes {n} % of")
def bayes_base_rate(prior, sensitivity, specificity):
    """In natural frequencies, out of 100,000 transactions."""
    fraudulent = 1000 * prior
    caught = fraudulent * sensitivity / 100
    alarms = (100_000 - fraudulent) * (100 - specificity) / 100
    return caught / (caught + alarms)


@reference("naive-bayes-posterior", "P(spam) = {n}. … are {l} in spam and {l} in other mail")
def naive_bayes_posterior(prior, spam, other):
    odds = prior / (1 - prior)
    for a, b in zip(spam, other, strict=True):
        odds *= a / b
    return odds / (1 + odds)


@reference("binomial-probability", "heads {i} … in {i} independent throws. … P(heads) = {n}?")
def binomial_probability(heads, throws, p):
    counts = np.array([1.0])
    for _ in range(throws):
        counts = np.convolve(counts, [1 - p, p])
    return counts[heads]


@reference("beta-bernoulli-map", "Beta({i}, {i}) prior. Then {i} of {i} visitors click")
def beta_bernoulli_map(a, b, clicks, visitors):
    def gradient(rate: float) -> float:
        return (a - 1 + clicks) / rate - (b - 1 + visitors - clicks) / (1 - rate)

    return root(gradient, 1e-9, 1 - 1e-9)


@reference("second-moment", "values {l} with probabilities {l}. What is $E[X^2]$")
def second_moment(x, p):
    mean = np.average(x, weights=p)
    return np.average((np.array(x) - mean) ** 2, weights=p) + mean**2


@reference(
    "variance-of-combination",
    r"$\text{Var}(X) = {i}$, $\text{Var}(Y) = {i}$ and $\text{Cov}(X, Y) = {i}$. What is $\text{Var}({i}X - {i}Y)$",
)
def variance_of_combination(var_x, var_y, covariance, a, b):
    factors = np.array([a, -b])
    return factors @ np.array([[var_x, covariance], [covariance, var_y]]) @ factors


@reference("normal-interval", "mean {n} and **standard deviation** {n}. What is $P({n} < X < {n})$")
def normal_interval(mean, deviation, low, high):
    x = np.linspace(low, high, 20_001)
    density = np.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * (2 * pi) ** 0.5)
    return np.trapezoid(density, x)


@reference("kl-divergence", r"$P = {v}$ and $Q = {v}$. What is $D_{KL}(P\,\|\,Q)$ **in nats**")
def kl_divergence(p, q):
    cross = -sum(a * log(b) for a, b in zip(p, q, strict=True))
    entropy = -sum(a * log(a) for a in p)
    return cross - entropy
