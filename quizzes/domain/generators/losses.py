"""Generated questions on softmax, sigmoid and losses."""

from math import log

import numpy as np
from numpy.typing import NDArray

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import listed, num, power, signed, vector
from quizzes.domain.numbers import Tolerance

CLOSE = Tolerance(absolute=0.005)


def softmax(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Softmax, shifted by the maximum."""
    shifted = np.exp(z - z.max())
    return np.asarray(shifted / shifted.sum())


def _logits(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    return np.asarray(rng.integers(-20, 31, count) / 10)


def _probabilities(rng: np.random.Generator, count: int) -> list[float]:
    cuts = sorted(int(cut) for cut in rng.choice(np.arange(5, 96, 5), count - 1, replace=False))
    return [(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]


@generator("softmax-with-temperature", concept="DL-006", difficulty=1, title="Softmax at a temperature", version=2)
def softmax_with_temperature(rng: np.random.Generator) -> Draw:
    """One component of a tempered softmax."""
    z, i, temperature = _logits(rng, 3), int(rng.integers(3)), float(rng.choice([0.5, 2.0]))
    p = float(softmax(z / temperature)[i])
    if not 0.03 < p < 0.95:
        raise Redraw("nearly 0 or 1")
    return Draw(
        prompt=f"The logits are $z = {vector(z)}$. What is the softmax probability of class {i + 1} at temperature "
        f"$T = {num(temperature)}$?",
        answer=p,
        tolerance=CLOSE,
        mistakes=(
            Mistake(float(softmax(z)[i]), "That is at temperature 1: divide the logits by $T$ first."),
            Mistake(float(softmax(z * temperature)[i]), "Logits are divided by the temperature, not multiplied."),
        ),
        solution=f"$z/T = {vector(z / temperature)}$, exponentials ${vector(np.exp(z / temperature))}$ with sum "
        f"${num(np.exp(z / temperature).sum())}$.\n\n"
        f"$$\\frac{{{num(np.exp(z[i] / temperature))}}}{{{num(np.exp(z / temperature).sum())}}} = {num(p)}$$\n\n"
        f"{'A low temperature sharpens' if temperature < 1 else 'A high temperature flattens'} the distribution.",
    )


@generator("softmax-jacobian-entry", concept="DL-006", difficulty=3, title="An entry of softmax's Jacobian", version=2)
def softmax_jacobian_entry(rng: np.random.Generator) -> Draw:
    """Derivative of one probability by one logit."""
    p = _probabilities(rng, 3)
    i, j = (int(index) for index in rng.integers(0, 3, 2))
    value = p[i] * ((i == j) - p[j])
    other = -p[i] * p[j] if i == j else p[i] * (1 - p[i])
    return Draw(
        prompt=f"A softmax gives $p = {vector(p)}$. What is $\\partial p_{i + 1} / \\partial z_{j + 1}$?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(other, "The diagonal is $p_i(1-p_i)$, all else $-p_i p_j$; you took the other one."),
            Mistake(-value, "The sign is turned round: a logit raises its own probability and lowers the others."),
        ),
        solution=f"$\\partial p_i/\\partial z_j = p_i(\\delta_{{ij}} - p_j)$, here "
        f"${num(p[i])}\\,({int(i == j)} - {num(p[j])}) = {num(value)}$. Each row sums to 0, because the probabilities keep "
        "summing to 1.",
    )


@generator("cross-entropy-from-logits", concept="DL-006", difficulty=2, title="Cross-entropy from logits", version=2)
def cross_entropy_from_logits(rng: np.random.Generator) -> Draw:
    """Cross-entropy of one example in nats."""
    z, y = _logits(rng, 3), int(rng.integers(3))
    p = softmax(z)
    loss = -log(p[y])
    if not 0.1 < loss < 4:
        raise Redraw("too sure")
    return Draw(
        prompt=f"The logits are $z = {vector(z)}$ and class {y + 1} is the true one. What is the cross-entropy loss "
        "**in nats**?",
        answer=loss,
        tolerance=Tolerance(absolute=0.01),
        unit="nats",
        mistakes=(
            Mistake(loss / log(2), "Those are bits; a loss in nats takes the natural logarithm."),
            Mistake(-float(z[y]), "The logit is not a log-probability yet: subtract the log-sum-exp."),
            Mistake(float(p[y]), "That is the probability of the true class; the loss is minus its logarithm."),
        ),
        solution=f"$\\log\\sum_k e^{{z_k}} = \\log({' + '.join(num(value) for value in np.exp(z))}) = "
        f"{num(log(np.exp(z).sum()))}$, so\n\n$$L = {num(log(np.exp(z).sum()))} - {signed(z[y])} = {num(loss)}\\text{{ nats}}$$",
    )


@generator(
    "cross-entropy-logit-gradient",
    concept="DL-006",
    difficulty=2,
    title="Gradient of cross-entropy by a logit",
    version=2,
)
def cross_entropy_logit_gradient(rng: np.random.Generator) -> Draw:
    """Gradient of a batch's mean cross-entropy by one logit."""
    p, batch = _probabilities(rng, 3), int(rng.choice([2, 4, 5]))
    y, i = (int(index) for index in rng.integers(0, 3, 2))
    value = (p[i] - (i == y)) / batch
    return Draw(
        prompt=f"The loss is the **mean** cross-entropy of a batch of {batch}. For one example softmax gives $p = {vector(p)}$ "
        f"and class {y + 1} is true. What is $\\partial L/\\partial z_{i + 1}$ for this example's logit?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(value * batch, f"The mean over the batch divides by {batch}."),
            Mistake(-value, "The sign is turned round: it is $p - y$."),
            Mistake(
                p[i] * (1 - p[i]) * (p[i] - (i == y)) / batch,
                "The softmax's slope cancels; it is not multiplied in again.",
            ),
        ),
        solution=f"$\\partial L/\\partial z_i = (p_i - y_i)/B = ({num(p[i])} - {int(i == y)})/{batch} = {num(value)}$.",
    )


@generator("sigmoid-derivative", concept="DL-007", difficulty=1, title="Slope of the sigmoid", version=3)
def sigmoid_derivative(rng: np.random.Generator) -> Draw:
    """Derivative of the sigmoid at a point."""
    x = int(rng.choice([-1, 1]) * rng.integers(40, 311)) / 100
    s = 1 / (1 + float(np.exp(-x)))
    return Draw(
        prompt=f"What is $\\sigma'({num(x)})$, the derivative of the logistic sigmoid?",
        answer=s * (1 - s),
        tolerance=Tolerance(absolute=0.002),
        mistakes=(
            Mistake(s, "That is $\\sigma$ itself; its derivative is $\\sigma(1-\\sigma)$."),
            Mistake(1 - float(np.tanh(x)) ** 2, "That is the derivative of tanh."),
            Mistake(1 - s, "One factor is missing: $\\sigma(1-\\sigma)$."),
        ),
        solution=f"$\\sigma({num(x)}) = {num(s)}$, so $\\sigma' = {num(s)}\\,(1 - {num(s)}) = {num(s * (1 - s))}$. It is at most "
        "0.25, at 0: that is what makes gradients fade through many sigmoid layers.",
    )


@generator("binary-cross-entropy", concept="ML-002", difficulty=2, title="Binary cross-entropy")
def binary_cross_entropy(rng: np.random.Generator) -> Draw:
    """Mean binary cross-entropy over three points in nats."""
    y = [int(label) for label in rng.integers(0, 2, 3)]
    p = [int(cent) / 20 for cent in rng.integers(2, 19, 3)]
    if len(set(y)) == 1:
        raise Redraw("both classes should be there")
    terms = [log(b) if a else log(1 - b) for a, b in zip(y, p, strict=True)]
    loss = -sum(terms) / 3
    return Draw(
        prompt=f"Three points have labels $y = {vector(y)}$ and predicted probabilities of class 1 $\\hat y = {vector(p)}$. "
        "What is the **mean** binary cross-entropy in nats?",
        answer=loss,
        tolerance=Tolerance(absolute=0.005),
        unit="nats",
        mistakes=(
            Mistake(
                -sum(log(b) for a, b in zip(y, p, strict=True) if a) / 3,
                "That drops the term $(1-y)\\log(1-\\hat y)$: negatives count too.",
            ),
            Mistake(3 * loss, "That is the sum; the mean divides by 3."),
            Mistake(loss / log(2), "Those are bits; nats take the natural logarithm."),
        ),
        solution="Each point gives the log of the probability of its own label: "
        f"{listed([num(b if a else 1 - b) for a, b in zip(y, p, strict=True)])}.\n\n"
        f"$$-\\tfrac13\\left({' + '.join(signed(term) for term in terms)}\\right) = {num(loss)}$$",
    )


@generator("focal-loss", concept="DL-006", difficulty=2, title="Focal loss", version=2, tags=("tier-2",))
def focal_loss(rng: np.random.Generator) -> Draw:
    """Focal loss of one example."""
    p, gamma = int(rng.integers(15, 86)) / 100, int(rng.choice([1, 2, 3]))
    loss = -((1 - p) ** gamma) * log(p)
    if loss < 0.03:
        raise Redraw("nearly nothing")
    return Draw(
        prompt=f"The model gives the true class $p_t = {num(p)}$. What is the focal loss with $\\gamma = {gamma}$ and "
        "$\\alpha = 1$, in nats?",
        answer=loss,
        tolerance=Tolerance(absolute=0.002),
        unit="nats",
        mistakes=(
            Mistake(-log(p), "That is plain cross-entropy; the factor $(1-p_t)^\\gamma$ is missing."),
            Mistake(-(p**gamma) * log(p), "That weights easy examples up; the factor is $(1-p_t)^\\gamma$."),
            Mistake(-gamma * (1 - p) * log(p), "$\\gamma$ is an exponent, not a factor.")
            if gamma > 1
            else Mistake(-((1 - p) ** 2) * log(p), "That is $\\gamma = 2$."),
        ),
        solution=f"$$-(1 - p_t)^\\gamma \\log p_t = {power(num(1 - p), gamma)}\\cdot{num(-log(p))} = {num(loss)}$$\n\n"
        f"Cross-entropy would be {num(-log(p))}: the surer the model, the more the example is weighted down.",
    )


@generator("label-smoothing-loss", concept="DL-006", difficulty=3, title="Cross-entropy with label smoothing")
def label_smoothing_loss(rng: np.random.Generator) -> Draw:
    """Cross-entropy with smoothed targets."""
    p, y, smoothing = _probabilities(rng, 4), int(rng.integers(4)), float(rng.choice([0.1, 0.2]))
    target = np.full(4, smoothing / 4)
    target[y] += 1 - smoothing
    loss = float(-(target * np.log(p)).sum())
    return Draw(
        prompt=f"Softmax over four classes gives $p = {vector(p)}$; class {y + 1} is true. With label smoothing "
        f"$\\varepsilon = {num(smoothing)}$ the target is $(1-\\varepsilon)$ one-hot plus $\\varepsilon/4$ on **every** class. "
        "What is the cross-entropy in nats?",
        answer=loss,
        tolerance=Tolerance(absolute=0.01),
        unit="nats",
        mistakes=(
            Mistake(-log(p[y]), "That is without smoothing."),
            Mistake(
                -(1 - smoothing) * log(p[y]), "The other classes carry $\\varepsilon/4$ each and cost something too."
            ),
        ),
        solution=f"The target is {num(target[y])} on the true class and {num(smoothing / 4)} on each other:\n\n"
        f"$$L = -{num(target[y])}\\cdot{signed(log(p[y]))} - {num(smoothing / 4)}\\cdot"
        f"({' + '.join(signed(log(q)) for k, q in enumerate(p) if k != y)}) = {num(loss)}$$",
    )
