"""Generated questions on layers: initialisation, normalisation, dropout, forward and backward passes."""

from math import sqrt

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import matrix, num, signed, vector
from quizzes.domain.numbers import Tolerance

CLOSE = Tolerance(absolute=0.01)


@generator(
    "initialisation-std",
    concept="DL-008",
    difficulty=1,
    title="Standard deviation of an initialisation",
    version=2,
    tags=("tier-2",),
)
def initialisation_std(rng: np.random.Generator) -> Draw:
    """Standard deviation of Xavier's or He's normal initialisation."""
    fan_in, fan_out = (16 * int(size) for size in rng.choice(np.arange(1, 65), 2, replace=False))
    he = bool(rng.integers(2))
    variance, other = (2 / fan_in, 2 / (fan_in + fan_out)) if he else (2 / (fan_in + fan_out), 2 / fan_in)
    name = "He's (fan-in, for ReLU)" if he else "Xavier's"
    return Draw(
        prompt=f"A dense layer has {fan_in} inputs and {fan_out} outputs. Which **standard deviation** does {name} normal "
        "initialisation give its weights?",
        answer=sqrt(variance),
        tolerance=Tolerance(relative=0.01),
        mistakes=(
            Mistake(variance, "That is the variance; the standard deviation is its square root."),
            Mistake(sqrt(other), f"That is {'Xavier' if he else 'He'}'s rule."),
            Mistake(
                sqrt(variance / 2),
                "The 2 is missing: "
                + ("ReLU keeps half of the second moment." if he else "Xavier averages fan-in and fan-out."),
            ),
        ),
        solution=(
            f"$\\sqrt{{2/n_\\text{{in}}}} = \\sqrt{{2/{fan_in}}} = {num(sqrt(variance))}$. ReLU lets half of the second moment "
            "through, which the 2 makes good."
            if he
            else f"$\\sqrt{{2/(n_\\text{{in}}+n_\\text{{out}})}} = \\sqrt{{2/{fan_in + fan_out}}} = {num(sqrt(variance))}$: a compromise between "
            "keeping the variance forward ($1/n_\\text{in}$) and backward ($1/n_\\text{out}$)."
        ),
    )


def _spread(rng: np.random.Generator) -> np.ndarray:
    x = rng.integers(-6, 10, 4).astype(float)
    if x.std() < 1:
        raise Redraw("hardly any spread")
    return x


@generator("batch-norm-output", concept="DL-001", difficulty=2, title="Output of batch normalisation", version=2)
def batch_norm_output(rng: np.random.Generator) -> Draw:
    """Batch normalisation of one feature over a batch of four."""
    x, gamma, beta = _spread(rng), float(rng.choice([1.5, 2, 3])), float(rng.choice([-1, 0.5, 1]))
    value = float(gamma * (x[0] - x.mean()) / x.std() + beta)
    return Draw(
        prompt=f"In training, one feature takes the values ${vector(x)}$ over a batch. Batch normalisation has $\\gamma = "
        f"{num(gamma)}$, $\\beta = {num(beta)}$ and a negligible $\\epsilon$. What does it put out for the first value?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(
                float(gamma * (x[0] - x.mean()) / x.std(ddof=1) + beta),
                "In training the variance is divided by $n$, not $n-1$.",
            ),
            Mistake(
                float((x[0] - x.mean()) / x.std()),
                "The learned scale $\\gamma$ and shift $\\beta$ come after normalising.",
            ),
            Mistake(
                float(gamma * (x[0] - x.mean()) / x.var() + beta), "Divide by the standard deviation, not the variance."
            ),
        ),
        solution=f"Mean ${num(x.mean())}$, variance ${num(x.var())}$ (divided by 4), standard deviation ${num(x.std())}$.\n\n"
        f"$${num(gamma)}\\cdot\\frac{{{num(x[0])} - {signed(x.mean())}}}{{{num(x.std())}}} + {signed(beta)} = {num(value)}$$",
    )


@generator(
    "layer-norm-or-rms-norm",
    concept="TRANS-004",
    difficulty=2,
    title="LayerNorm and RMSNorm",
    version=2,
    tags=("tier-3",),
)
def layer_norm_or_rms_norm(rng: np.random.Generator) -> Draw:
    """First component of LayerNorm or RMSNorm without scale and shift."""
    x, rms = _spread(rng), bool(rng.integers(2))
    layer, root = float((x[0] - x.mean()) / x.std()), float(x[0] / np.sqrt((x**2).mean()))
    if abs(layer - root) < 0.05 or x[0] == 0:
        raise Redraw("both give the same")
    name, value, other = ("RMSNorm", root, layer) if rms else ("LayerNorm", layer, root)
    return Draw(
        prompt=f"A token's vector is ${vector(x)}$. What is its first component after **{name}** with gain 1, no bias and a "
        "negligible $\\epsilon$?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(
                other,
                "That is LayerNorm: RMSNorm subtracts no mean."
                if rms
                else "That is RMSNorm: LayerNorm subtracts the mean first.",
            ),
            Mistake(
                float(x[0] / np.linalg.norm(x)),
                "That divides by the norm; the mean of squares divides by the width first.",
            )
            if rms
            else Mistake(
                float((x[0] - x.mean()) / x.std(ddof=1)), "The variance is divided by the width $n$, not $n-1$."
            ),
        ),
        solution=(
            f"$\\text{{RMS}} = \\sqrt{{\\tfrac14\\sum x_i^2}} = {num(np.sqrt((x**2).mean()))}$, so ${num(x[0])}/"
            f"{num(np.sqrt((x**2).mean()))} = {num(root)}$. Leaving the mean out saves work and loses little."
            if rms
            else f"Mean ${num(x.mean())}$, standard deviation ${num(x.std())}$: $({num(x[0])} - {signed(x.mean())})/{num(x.std())} = {num(layer)}$."
        ),
    )


@generator("inverted-dropout", concept="DL-001", difficulty=1, title="Inverted dropout", version=2)
def inverted_dropout(rng: np.random.Generator) -> Draw:
    """Training value of a kept activation."""
    x, p = int(rng.integers(5, 60)) / 10, float(rng.choice([0.1, 0.2, 0.25, 0.4, 0.5, 0.75]))
    return Draw(
        prompt=f"Inverted dropout **drops** each activation with probability {num(p)}. In training an activation of {num(x)} is "
        "kept. Which value goes on to the next layer?",
        answer=x / (1 - p),
        tolerance=CLOSE,
        mistakes=(
            Mistake(
                x * (1 - p),
                "That scales down, as the older form does at test time. Inverted dropout scales up in training.",
            ),
            Mistake(x / p, "Divide by the probability of being **kept**, $1-p$."),
            Mistake(x, "Unscaled, the expected input of the next layer would shrink."),
        ),
        solution=f"$${num(x)}/(1 - {num(p)}) = {num(x / (1 - p))}$$\n\nSo the expected value, $(1-p)\\cdot x/(1-p) = x$, is what "
        "the network sees at test time, where nothing is dropped or scaled.",
    )


@generator("two-layer-forward", concept="DL-001", difficulty=2, title="Forward pass of a small network", version=2)
def two_layer_forward(rng: np.random.Generator) -> Draw:
    """Output of a 2-2-1 network with ReLU."""
    x, w, b = rng.integers(-3, 4, 2), rng.integers(-3, 4, (2, 2)), rng.integers(-2, 3, 2)
    v, c = rng.integers(-3, 4, 2), int(rng.integers(-2, 3))
    z = w @ x + b
    hidden = np.maximum(z, 0)
    out = int(v @ hidden) + c
    if (z > 0).sum() != 1 or out in {0, 1} or 0 in v or not x.any():
        raise Redraw("exactly one hidden unit should be on")
    return Draw(
        prompt=f"A network computes $h = \\text{{ReLU}}(W x + b)$ and $y = v^\\top h + c$ with $W = {matrix(w)}$, $b = {vector(b)}$, "
        f"$v = {vector(v)}$, $c = {c}$. What is $y$ for $x = {vector(x)}$?",
        answer=out,
        tolerance=Tolerance(exact=True),
        mistakes=(
            Mistake(int(v @ z) + c, "ReLU sets the negative unit to 0 before the second layer."),
            Mistake(
                int(v @ np.maximum(w.T @ x + b, 0)) + c, "Rows of $W$ belong to hidden units: that used its transpose."
            ),
            Mistake(
                max(out, 0) if out < 0 else int(v @ hidden),
                "The output is linear." if out < 0 else "The output's bias is missing.",
            ),
        ),
        solution=f"$Wx + b = {vector(z)}$, behind ReLU ${vector(hidden)}$.\n\n$$y = {signed(int(v[0]))}\\cdot{num(hidden[0])} + "
        f"{signed(int(v[1]))}\\cdot{num(hidden[1])} + {signed(c)} = {out}$$",
    )


@generator("backprop-one-weight", concept="DL-002", difficulty=3, title="Gradient of one weight", version=2)
def backprop_one_weight(rng: np.random.Generator) -> Draw:
    """Gradient of a first-layer weight through a sigmoid unit."""
    x, w, v = int(rng.integers(1, 4)), int(rng.integers(-10, 11)) / 10, int(rng.choice([-2, -1, 2, 3]))
    target = int(rng.integers(-2, 3))
    a = 1 / (1 + float(np.exp(-w * x)))
    error = v * a - target
    value = error * v * a * (1 - a) * x
    if abs(value) < 0.05:
        raise Redraw("nearly flat")
    return Draw(
        prompt=f"A network computes $a = \\sigma(w x)$, $\\hat y = v a$ and the loss $L = \\tfrac12(\\hat y - t)^2$. With $x = {x}$, "
        f"$w = {num(w)}$, $v = {v}$ and $t = {target}$, what is $\\partial L/\\partial w$?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(error * v * x, "The sigmoid's slope $a(1-a)$ is missing."),
            Mistake(error * a * (1 - a) * x, "The gradient flows through $v$ and is multiplied by it."),
            Mistake(2 * value, "The $\\tfrac12$ of the loss cancels the 2 of the square."),
            Mistake(error * a, "That is the gradient by $v$."),
        ),
        solution=f"Forward: $a = {num(a)}$, $\\hat y = {num(v * a)}$. Backward, factor by factor:\n\n"
        f"$$(\\hat y - t)\\cdot v\\cdot a(1-a)\\cdot x = {signed(error)}\\cdot{signed(v)}\\cdot{num(a * (1 - a))}\\cdot{x} = {num(value)}$$",
    )


@generator(
    "sigmoid-chain-bound",
    concept="DL-007",
    difficulty=2,
    title="Gradient through many sigmoids",
    version=2,
    tags=("tier-1",),
)
def sigmoid_chain_bound(rng: np.random.Generator) -> Draw:
    """Product of weights and sigmoid slopes through depth."""
    depth, weight = int(rng.integers(3, 8)), int(rng.choice([-1, 1]) * rng.integers(10, 31)) / 10
    z = int(rng.integers(0, 16)) / 10
    s = 1 / (1 + float(np.exp(-z)))
    slope = s * (1 - s)
    value = (weight * slope) ** depth
    if abs(value) < 1e-5:
        raise Redraw("too small to type")
    return Draw(
        prompt=f"A chain of {depth} sigmoid units has the same weight {num(weight)} before each of them, and every unit's "
        f"pre-activation happens to be {num(z)}. By which factor is a gradient multiplied on its way from the last unit's output "
        "back to the chain's input?",
        answer=value,
        tolerance=Tolerance(relative=0.02),
        mistakes=(
            Mistake(slope**depth, "Each layer multiplies by its weight too."),
            Mistake(weight**depth, "Each sigmoid multiplies by its slope $\\sigma(1-\\sigma)$ too."),
            Mistake(depth * weight * slope, "Factors along a path multiply; they do not add."),
        ),
        solution=f"$\\sigma'({num(z)}) = {num(slope)}$, so each unit multiplies by ${num(weight)}\\cdot{num(slope)} = {num(weight * slope)}$:\n\n"
        f"$${signed(weight * slope)}^{{{depth}}} = {num(value)}$$\n\nWith a slope of at most 0.25, weights must exceed 4 to keep a gradient alive.",
    )
