"""Generated questions on classical learners."""

from math import copysign, exp

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import listed, num, signed, vector
from quizzes.domain.numbers import Tolerance

CLOSE = Tolerance(absolute=0.005)


@generator("ridge-one-dimension", concept="ML-001", difficulty=2, title="Ridge regression in one dimension", version=2)
def ridge_one_dimension(rng: np.random.Generator) -> Draw:
    """Ridge weight without intercept."""
    x, y = rng.integers(1, 6, 3), rng.integers(-3, 9, 3)
    penalty = int(rng.choice([2, 5, 10]))
    xy, xx = int(x @ y), int(x @ x)
    if abs(xy) < 5:
        raise Redraw("nearly no slope")
    return Draw(
        prompt=f"A model $\\hat y = w x$ without intercept is fitted to $x = {vector(x)}$, $y = {vector(y)}$ by minimising "
        f"$\\sum_i (y_i - w x_i)^2 + {penalty}\\,w^2$. What is $w$?",
        answer=xy / (xx + penalty),
        tolerance=CLOSE,
        mistakes=(
            Mistake(xy / xx, "That is without the penalty."),
            Mistake(
                xy / (xx + penalty / 2),
                "Both squares bring a 2 down, so it cancels: the whole $\\lambda$ stands there.",
            ),
            Mistake((xy - penalty) / xx, "That subtracts the penalty as the lasso's threshold does."),
        ),
        solution=f"$$w = \\frac{{\\sum x_i y_i}}{{\\sum x_i^2 + \\lambda}} = \\frac{{{xy}}}{{{xx} + {penalty}}} = {num(xy / (xx + penalty))}$$\n\nLeast squares gives {num(xy / xx)}.",
    )


@generator("lasso-soft-threshold", concept="ML-001", difficulty=2, title="Soft threshold of the lasso", version=2)
def lasso_soft_threshold(rng: np.random.Generator) -> Draw:
    """Minimiser of a one-dimensional lasso problem."""
    z, penalty = int(rng.choice([-1, 1]) * rng.integers(8, 40)) / 10, int(rng.integers(2, 16)) / 10
    if abs(z) <= penalty:
        raise Redraw("it is 0")
    value = copysign(abs(z) - penalty, z)
    return Draw(
        prompt=f"Which $w$ minimises $\\tfrac12 (w - {signed(z)})^2 + {num(penalty)}\\,|w|$?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(z / (1 + penalty), "That is ridge's shrinkage, by a factor; the lasso subtracts."),
            Mistake(copysign(abs(z) - penalty / 2, z), "With the $\\tfrac12$ the whole $\\lambda$ is subtracted."),
            Mistake(z, "That is without the penalty."),
        ),
        solution=f"$w = \\text{{sign}}(z)\\max(|z| - \\lambda, 0)$, here ${int(copysign(1, z))}\\cdot({num(abs(z))} - {num(penalty)}) = {num(value)}$. "
        "Had $|z|$ been at most $\\lambda$, it would be exactly 0.",
    )


@generator("least-squares-slope", concept="ML-001", difficulty=1, title="Slope of a regression line", version=2)
def least_squares_slope(rng: np.random.Generator) -> Draw:
    """Least-squares slope with an intercept."""
    x, y = np.sort(rng.choice(np.arange(0, 9), 4, replace=False)), rng.integers(-2, 12, 4)
    dx, dy = x - x.mean(), y - y.mean()
    slope = float(dx @ dy / (dx @ dx))
    if abs(slope) < 0.1:
        raise Redraw("nearly flat")
    return Draw(
        prompt=f"What is the slope of the least-squares line **with intercept** through the points with $x = {vector(x)}$ and $y = {vector(y)}$?",
        answer=slope,
        tolerance=Tolerance(absolute=0.01),
        mistakes=(
            Mistake(float(x @ y / (x @ x)), "That is without intercept: centre both variables first."),
            Mistake(float(dx @ dy / (dy @ dy)), "That regresses $x$ on $y$."),
            Mistake(float(dx @ dy / np.sqrt((dx @ dx) * (dy @ dy))), "That is the correlation."),
        ),
        solution=f"Means {num(x.mean())} and {num(y.mean())}; $\\sum (x_i-\\bar x)(y_i-\\bar y) = {num(dx @ dy)}$, $\\sum (x_i-\\bar x)^2 = {num(dx @ dx)}$.\n\n"
        f"$$\\frac{{{num(dx @ dy)}}}{{{num(dx @ dx)}}} = {num(slope)}$$",
    )


@generator("logistic-gradient", concept="ML-002", difficulty=2, title="Gradient of logistic regression")
def logistic_gradient(rng: np.random.Generator) -> Draw:
    """One component of the mean gradient over two examples."""
    x = rng.integers(-3, 4, (2, 2))
    y, w = rng.integers(0, 2, 2), rng.integers(-10, 11, 2) / 10
    p = 1 / (1 + np.exp(-(x @ w)))
    value = float((p - y) @ x[:, 0] / 2)
    if abs(value) < 0.05:
        raise Redraw("nearly zero")
    return Draw(
        prompt=f"Logistic regression without bias has $w = {vector(w)}$ and two examples: $x_1 = {vector(x[0])}$ with label {y[0]}, "
        f"$x_2 = {vector(x[1])}$ with label {y[1]}. What is the first component of the gradient of the **mean** cross-entropy?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(2 * value, "That is the sum; the mean divides by 2."),
            Mistake(-value, "The sign is turned round: $\\hat y - y$."),
            Mistake(
                float(((p - y) * p * (1 - p)) @ x[:, 0] / 2),
                "With cross-entropy the sigmoid's slope cancels; that is the squared error's.",
            ),
        ),
        solution=f"$\\hat y = {vector(p)}$, errors ${vector(p - y)}$.\n\n$$\\tfrac12\\left({signed(float(p[0] - y[0]))}\\cdot{signed(int(x[0, 0]))} + {signed(float(p[1] - y[1]))}\\cdot{signed(int(x[1, 0]))}\\right) = {num(value)}$$",
    )


@generator("hinge-loss", concept="ML-014", difficulty=1, title="Hinge loss", version=2)
def hinge_loss(rng: np.random.Generator) -> Draw:
    """Sum of hinge losses over four points."""
    scores, labels = rng.integers(-25, 26, 4) / 10, rng.choice([-1, 1], 4)
    margins = scores * labels
    losses = np.maximum(0, 1 - margins)
    if not ((margins > 1).any() and (margins < 0).any() and ((margins > 0) & (margins < 1)).any()):
        raise Redraw("all three cases should be there")
    return Draw(
        prompt=f"An SVM scores four points with {listed(scores)}; their labels are {listed([float(v) for v in labels])}. What is the "
        "**sum** of their hinge losses?",
        answer=float(losses.sum()),
        tolerance=CLOSE,
        mistakes=(
            Mistake(
                float(np.maximum(0, -margins).sum()), "That is the perceptron's loss: hinge loss wants a margin of 1."
            ),
            Mistake(float((1 - margins).sum()), "A point beyond its margin costs nothing; it earns nothing either."),
            Mistake(float(losses.mean()), "That is the mean."),
        ),
        solution=f"Margins $y f(x)$: {listed(margins)}; losses $\\max(0, 1 - y f)$: {listed(losses)}; together **{num(losses.sum())}**.",
    )


@generator("margin-width", concept="ML-014", difficulty=1, title="Width of a margin")
def margin_width(rng: np.random.Generator) -> Draw:
    """Width of the margin out of the weights."""
    w = rng.integers(-5, 6, 2)
    norm = float(np.linalg.norm(w))
    if norm < 1.5 or not w.all() or abs(norm - 2) < 0.1:
        raise Redraw("a special length")
    return Draw(
        prompt=f"A linear SVM in canonical form ($|w^\\top x + b| = 1$ at the support vectors) has $w = {vector(w)}$. How wide is the whole "
        "margin, from one side to the other?",
        answer=2 / norm,
        tolerance=CLOSE,
        mistakes=(
            Mistake(1 / norm, "That is from the boundary to one side."),
            Mistake(2 / norm**2, "Divide by the length of $w$, not by its square."),
            Mistake(norm / 2, "A long $w$ means a narrow margin: the ratio is turned round."),
        ),
        solution=f"$\\|w\\| = {num(norm)}$, so the width is $2/{num(norm)} = {num(2 / norm)}$. Making the margin wide is making $\\|w\\|$ small.",
    )


@generator("k-means-step", concept="RECSYS-004", difficulty=1, title="A step of k-means", version=2)
def k_means_step(rng: np.random.Generator) -> Draw:
    """First centroid after one step of Lloyd's algorithm in one dimension."""
    points = np.sort(rng.choice(np.arange(0, 21), 6, replace=False)).astype(float)
    start = (points[0] + 0.5, points[-1] - 0.5)
    own = np.abs(points - start[0]) < np.abs(points - start[1])
    value = float(points[own].mean())
    if own.sum() in {1, 5} or np.any(np.abs(points - start[0]) == np.abs(points - start[1])):
        raise Redraw("a lonely point or a tie")
    return Draw(
        prompt=f"The coarse quantiser of an index is trained by k-means, here on a line: points {listed(points)}, centroids {num(start[0])} and "
        f"{num(start[1])}. Where is the **first** centroid after one step?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(float(np.append(points[own], start[0]).mean()), "The old centroid is no point and has no vote."),
            Mistake(float(np.median(points[own])), "k-means takes the mean; that is the median."),
            Mistake(float(points.mean()), "Only the points nearest to this centroid count."),
        ),
        solution=f"Nearest to the first are {listed(points[own])}; their mean is {num(value)}.",
    )


@generator("variance-of-correlated-trees", concept="ML-006", difficulty=2, title="Variance of an ensemble", version=2)
def variance_of_correlated_trees(rng: np.random.Generator) -> Draw:
    """Variance of an average of equally correlated trees."""
    trees, variance, rho = (
        int(rng.choice([5, 10, 20, 50])),
        int(rng.integers(10, 91)) / 10,
        int(rng.integers(1, 13)) / 20,
    )
    value = rho * variance + (1 - rho) * variance / trees
    return Draw(
        prompt=f"A forest averages {trees} trees, each with variance {num(variance)}; any two have correlation {num(rho)}. What is the "
        "variance of the average?",
        answer=value,
        tolerance=Tolerance(absolute=0.01),
        mistakes=(
            Mistake(variance / trees, "That would need independent trees."),
            Mistake(rho * variance, "That is the limit of endlessly many trees."),
            Mistake((1 - rho) * variance / trees, "The shared part $\\rho\\sigma^2$ does not average away."),
        ),
        solution=f"$$\\rho\\sigma^2 + \\frac{{1-\\rho}}{{B}}\\sigma^2 = {num(rho * variance)} + {num((1 - rho) * variance / trees)} = {num(value)}$$\n\n"
        "More trees lower the second part only; that is why a forest decorrelates them.",
    )


@generator(
    "bias-variance-decomposition",
    concept="ML-006",
    difficulty=2,
    title="Bias and variance out of predictions",
    version=2,
)
def bias_variance_decomposition(rng: np.random.Generator) -> Draw:
    """Expected squared error against noisy targets, decomposed."""
    truth, noise = int(rng.integers(3, 15)), int(rng.integers(1, 5))
    predictions = truth + rng.integers(-4, 6, 4)
    bias, variance = float(predictions.mean() - truth), float(predictions.var())
    value = bias**2 + variance + noise
    if abs(bias) < 0.5 or variance < 0.5:
        raise Redraw("a part is missing")
    return Draw(
        prompt=f"At one input the true function is {truth} and the targets have noise of variance {noise}. Models trained on four samples "
        f"predict {listed(predictions)}; take these as all that can happen. What is the expected squared error on a fresh target?",
        answer=value,
        tolerance=Tolerance(absolute=0.01),
        mistakes=(
            Mistake(value - noise, "The noise of the target cannot be predicted and adds its variance."),
            Mistake(abs(bias) + variance + noise, "The bias counts squared."),
            Mistake(bias**2 + float(predictions.var(ddof=1)) + noise, "These four are all there are: divide by 4."),
        ),
        solution=f"Mean prediction {num(predictions.mean())}, so bias² is ${signed(bias)}^2 = {num(bias**2)}$; variance {num(variance)}; noise {noise}.\n\n"
        f"$${num(bias**2)} + {num(variance)} + {noise} = {num(value)}$$",
    )


@generator("kernel-value", concept="ML-015", difficulty=1, title="Value of a kernel", version=2)
def kernel_value(rng: np.random.Generator) -> Draw:
    """Value of a polynomial or RBF kernel."""
    x, z = rng.integers(-2, 4, 2), rng.integers(-2, 4, 2)
    dot, distance = int(x @ z), int(((x - z) ** 2).sum())
    if distance == 0 or distance > 8 or dot in {0, -1, 1}:
        raise Redraw("a trivial value")
    if rng.integers(2):
        return Draw(
            prompt=f"What is the polynomial kernel $k(x, z) = (x^\\top z + 1)^2$ for $x = {vector(x)}$ and $z = {vector(z)}$?",
            answer=(dot + 1) ** 2,
            tolerance=Tolerance(exact=True),
            mistakes=(
                Mistake(dot**2 + 1, "The 1 is added before squaring."),
                Mistake(dot**2, "That is the kernel without its constant."),
                Mistake((distance + 1) ** 2, "It takes the dot product, not the distance."),
            ),
            solution=f"$x^\\top z = {dot}$, so $({dot} + 1)^2 = {(dot + 1) ** 2}$: a dot product of six features (squares, the mixed "
            "product, the entries, a constant) that were never written down.",
        )
    gamma = float(rng.choice([0.1, 0.25, 0.5]))
    value = exp(-gamma * distance)
    return Draw(
        prompt=f"What is the RBF kernel $k(x, z) = e^{{-\\gamma\\|x-z\\|^2}}$ with $\\gamma = {num(gamma)}$ for $x = {vector(x)}$ and $z = {vector(z)}$?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(exp(-gamma * distance**0.5), "The distance counts squared."),
            Mistake(exp(-distance / (2 * gamma**2)), "That reads $\\gamma$ as a width $\\sigma$."),
            Mistake(1 - value, "Near points have a kernel near 1."),
        ),
        solution=f"$\\|x-z\\|^2 = {distance}$, so $e^{{-{num(gamma)}\\cdot{distance}}} = {num(value)}$.",
    )
