"""Classical learners."""

from math import exp, hypot, log

import numpy as np

from tests.quizzes.references.base import reference, root, slope


@reference("ridge-one-dimension", r"$x = {v}$, $y = {v}$ by minimising … + {i}\,w^2$")
def ridge_one_dimension(x, y, penalty):
    rows = np.array([*x, penalty**0.5])[:, None]
    return np.linalg.lstsq(rows, np.array([*y, 0.0]))[0][0]


@reference("lasso-soft-threshold", r"(w - ({n}))^2 + {n}\,|w|$", r"(w - {n})^2 + {n}\,|w|$")
def lasso_soft_threshold(z, penalty):
    return root(lambda w: -(w - z + penalty * np.sign(w)), -10, 10)


@reference("least-squares-slope", "**with intercept** … $x = {v}$ and $y = {v}$")
def least_squares_slope(x, y):
    return np.polyfit(x, y, 1)[0]


@reference(
    "logistic-gradient",
    "$w = {v}$ and two examples: $x_1 = {v}$ with label {i}, $x_2 = {v}$ with label {i}. … first component … **mean**",
)
def logistic_gradient(w, first, first_label, second, second_label):
    def loss(w_1: float) -> float:
        scores = [w_1 * x[0] + w[1] * x[1] for x in (first, second)]
        signs = [2 * label - 1 for label in (first_label, second_label)]
        return sum(log(1 + exp(-sign * score)) for sign, score in zip(signs, scores, strict=True)) / 2

    return slope(loss, w[0])


@reference("hinge-loss", "four points with {l}; their labels are {l}. What is the **sum**")
def hinge_loss(scores, labels):
    total = 0.0
    for score, label in zip(scores, labels, strict=True):
        margin = score if label == 1 else -score
        total += 1 - margin if margin < 1 else 0
    return total


@reference("margin-width", "has $w = {v}$. How wide is the whole margin")
def margin_width(w):
    nearest = [part / sum(v * v for v in w) for part in w]
    return hypot(*(2 * part for part in nearest))


@reference("k-means-step", "points {l}, centroids {n} and {n}. Where is the **first** centroid")
def k_means_step(points, first, second):
    own = [point for point in points if (point - first) ** 2 < (point - second) ** 2]
    return sum(own) / len(own)


@reference("variance-of-correlated-trees", "averages {i} trees, each with variance {n}; any two have correlation {n}")
def variance_of_correlated_trees(trees, variance, rho):
    covariance = np.full((trees, trees), rho * variance)
    np.fill_diagonal(covariance, variance)
    return covariance.mean()


@reference("bias-variance-decomposition", "function is {i} and … noise of variance {i}. … predict {l}; take")
def bias_variance_decomposition(truth, noise, predictions):
    targets = (truth - noise**0.5, truth + noise**0.5)
    errors = [(prediction - target) ** 2 for prediction in predictions for target in targets]
    return sum(errors) / len(errors)


@reference(
    "kernel-value",
    r"RBF kernel … $\gamma = {n}$ for $x = {v}$ and $z = {v}$",
    "polynomial kernel … for $x = {v}$ and $z = {v}$",
)
def kernel_value(*given):
    *gamma, x, z = given
    if gamma:
        return exp(-gamma[0] * (x[0] - z[0]) ** 2) * exp(-gamma[0] * (x[1] - z[1]) ** 2)

    def features(a: float, b: float) -> list[float]:
        return [1, 2**0.5 * a, 2**0.5 * b, a * a, 2**0.5 * a * b, b * b]

    return sum(a * b for a, b in zip(features(*x), features(*z), strict=True))
