"""Softmax, sigmoid and losses."""

from math import exp, log, prod

from tests.quizzes.references.base import reference, slope


def nats(z: list[float], true: int) -> float:
    """Cross-entropy of logits, without a probability on the way: the log of a sum of ratios."""
    return log(sum(exp(value - z[true]) for value in z))


@reference("softmax-with-temperature", "z = {v}$ … class {i} at temperature $T = {n}$")
def softmax_with_temperature(z, i, temperature):
    return 1 / sum(exp((value - z[i - 1]) / temperature) for value in z)


@reference("softmax-jacobian-entry", r"p = {v}$ … $\partial p_{i} / \partial z_{i}$")
def softmax_jacobian_entry(p, i, j):
    z = [log(value) for value in p]
    return slope(lambda by: exp(-nats([v + by * (k == j - 1) for k, v in enumerate(z)], i - 1)), 0)


@reference("cross-entropy-from-logits", "z = {v}$ and class {i} is the true one … **in nats**")
def cross_entropy_from_logits(z, y):
    return nats(z, y - 1)


@reference(
    "cross-entropy-logit-gradient", r"**mean** … batch of {i} … p = {v}$ and class {i} is true … \partial z_{i}$"
)
def cross_entropy_logit_gradient(batch, p, y, i):
    z = [log(value) for value in p]
    return slope(lambda by: nats([v + by * (k == i - 1) for k, v in enumerate(z)], y - 1) / batch, 0)


@reference("sigmoid-derivative", r"\sigma'({n})$")
def sigmoid_derivative(x):
    return slope(lambda at: 1 / (1 + exp(-at)), x)


@reference("binary-cross-entropy", r"labels $y = {v}$ … $\hat y = {v}$ … **mean** … in nats")
def binary_cross_entropy(y, p):
    return -log(prod(b if a else 1 - b for a, b in zip(y, p, strict=True))) / 3


@reference("focal-loss", r"p_t = {n}$ … $\gamma = {i}$ and $\alpha = 1$, in nats")
def focal_loss(p, gamma):
    loss = -log(p)
    for _ in range(gamma):
        loss -= p * loss
    return loss


@reference("label-smoothing-loss", r"p = {v}$; class {i} is true … $\varepsilon = {n}$ … in nats")
def label_smoothing_loss(p, y, smoothing):
    everywhere = sum(-log(value) for value in p) / 4
    return (1 - smoothing) * -log(p[y - 1]) + smoothing * everywhere
