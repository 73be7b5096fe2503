"""Generated questions on optimisers, schedules and clipping."""

from math import copysign, cos, pi, sqrt

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import num, signed, vector
from quizzes.domain.numbers import Tolerance


@generator("adam-first-step", concept="DL-011", difficulty=2, title="First step of Adam", version=2, tags=("tier-2",))
def adam_first_step(rng: np.random.Generator) -> Draw:
    """Parameter after the first step of Adam."""
    theta, g = int(rng.integers(-20, 21)) / 10, int(rng.choice([-1, 1]) * rng.integers(2, 50)) / 10
    lr = float(rng.choice([0.1, 0.05, 0.02]))
    after = theta - copysign(lr, g)
    return Draw(
        prompt=f"Adam starts with $m = v = 0$, $\\beta_1 = 0.9$, $\\beta_2 = 0.999$, learning rate {num(lr)}, and $\\epsilon$ so "
        f"small that it plays no part. The parameter is {num(theta)}, the first gradient {num(g)}. What is the parameter after "
        "this step?",
        answer=after,
        tolerance=Tolerance(absolute=0.001),
        mistakes=(
            Mistake(
                theta - lr * 0.1 * g / sqrt(0.001 * g * g),
                "Without bias correction: divide $m$ by $1-\\beta_1$, $v$ by $1-\\beta_2$.",
            ),
            Mistake(theta - lr * g, "That is a step of plain gradient descent."),
            Mistake(theta + copysign(lr, g), "The step goes against the gradient."),
        ),
        solution=f"$m = 0.1\\cdot{signed(g)}$, $v = 0.001\\cdot{signed(g)}^2$. Corrected, $\\hat m = {num(g)}$ and "
        f"$\\hat v = {num(g * g)}$, so the step is $\\eta\\,\\hat m/\\sqrt{{\\hat v}} = {signed(int(copysign(1, g)))}\\,\\eta$:\n\n"
        f"$${num(theta)} - {signed(copysign(lr, g))} = {num(after)}$$\n\nThe first step has the size of the learning rate, "
        "whatever the size of the gradient.",
    )


@generator("adam-second-step", concept="DL-011", difficulty=3, title="Second step of Adam", version=2, tags=("tier-2",))
def adam_second_step(rng: np.random.Generator) -> Draw:
    """Parameter after two steps of Adam from 0."""
    a, b = (int(rng.choice([-1, 1]) * rng.integers(2, 31)) / 10 for _ in range(2))
    if abs(a) == abs(b):
        raise Redraw("equal sizes are a special case")
    m, v = (0.09 * a + 0.1 * b) / 0.19, (0.000999 * a * a + 0.001 * b * b) / (1 - 0.999**2)
    first, second = -copysign(0.1, a), -0.1 * m / sqrt(v)
    return Draw(
        prompt=f"Adam ($\\beta_1 = 0.9$, $\\beta_2 = 0.999$, learning rate 0.1, $\\epsilon = 0$) starts at $\\theta = 0$ with "
        f"$m = v = 0$. The gradients of the first two steps are {num(a)} and {num(b)}. What is $\\theta$ after both?",
        answer=first + second,
        tolerance=Tolerance(absolute=0.002),
        mistakes=(
            Mistake(
                first - copysign(0.1, b), "From the second step on the moments remember: the step is not just the sign."
            ),
            Mistake(
                first - 0.1 * (0.09 * a + 0.1 * b) / sqrt(0.000999 * a * a + 0.001 * b * b),
                "The second step lacks its bias correction, with $1-\\beta^2$.",
            ),
            Mistake(second, "That is the second step alone."),
        ),
        solution=f"First step: ${num(first)}$. Then $m = 0.09\\cdot{signed(a)} + 0.1\\cdot{signed(b)} = {num(0.09 * a + 0.1 * b)}$ and "
        f"$\\hat m = m/0.19 = {num(m)}$; $\\hat v = {num(v)}$. Second step $-0.1\\cdot{signed(m)}/{num(sqrt(v))} = {num(second)}$.\n\n"
        f"$$\\theta = {num(first)} + {signed(second)} = {num(first + second)}$$",
    )


@generator("adamw-step", concept="DL-011", difficulty=3, title="AdamW's decay", version=2, tags=("tier-3",))
def adamw_step(rng: np.random.Generator) -> Draw:
    """First step of AdamW."""
    theta, g = int(rng.integers(10, 41)) / 10, int(rng.integers(2, 21)) / 10
    lr, decay = float(rng.choice([0.1, 0.05])), float(rng.choice([0.1, 0.2, 0.3]))
    after = theta - lr * (1 + decay * theta)
    return Draw(
        prompt=f"AdamW makes its **first** step with learning rate {num(lr)}, decoupled weight decay {num(decay)} (the decay "
        f"term is multiplied by the learning rate) and $\\epsilon = 0$. The weight is {num(theta)}, its gradient {num(g)}. What is "
        "the weight afterwards?",
        answer=after,
        tolerance=Tolerance(absolute=0.001),
        mistakes=(
            Mistake(theta - lr, "That is Adam with the decay in its gradient: the first step normalises it away."),
            Mistake(
                theta - lr * (g + decay * theta), "That is SGD with weight decay; Adam's first step has size $\\eta$."
            ),
            Mistake(theta - lr - decay * theta, "The decay is multiplied by the learning rate too."),
        ),
        solution=f"Adam's part of the first step is $\\eta\\cdot\\text{{sign}}(g) = {num(lr)}$; the decay acts beside it:\n\n"
        f"$${num(theta)} - {num(lr)} - {num(lr)}\\cdot{num(decay)}\\cdot{num(theta)} = {num(after)}$$",
    )


@generator("momentum-displacement", concept="ML-003", difficulty=2, title="Momentum under a constant gradient")
def momentum_displacement(rng: np.random.Generator) -> Draw:
    """Displacement after three steps of heavy-ball momentum."""
    g, mu, lr = int(rng.integers(5, 31)) / 10, float(rng.choice([0.5, 0.8, 0.9])), float(rng.choice([0.1, 0.05]))
    moved = -lr * g * (3 + 2 * mu + mu**2)
    return Draw(
        prompt=f"SGD with momentum, $v \\leftarrow \\mu v - \\eta g$ and $\\theta \\leftarrow \\theta + v$, starts with $v = 0$. With "
        f"$\\mu = {num(mu)}$, $\\eta = {num(lr)}$ and a constant gradient {num(g)}, by how much has $\\theta$ changed after three steps?",
        answer=moved,
        tolerance=Tolerance(relative=0.005),
        mistakes=(
            Mistake(-3 * lr * g, "That is plain SGD: momentum adds what earlier steps left."),
            Mistake(-lr * g * (1 + mu + mu**2), "That is the third velocity; the displacement sums all three."),
            Mistake(-moved, "The displacement goes against the gradient."),
        ),
        solution=f"In units of $-\\eta g = {num(-lr * g)}$ the velocities are $1$, $1+\\mu = {num(1 + mu)}$ and "
        f"$1+\\mu+\\mu^2 = {num(1 + mu + mu**2)}$; their sum is ${num(3 + 2 * mu + mu**2)}$.\n\n"
        f"$${num(-lr * g)}\\cdot{num(3 + 2 * mu + mu**2)} = {num(moved)}$$\n\nIn the long run each step grows to $1/(1-\\mu)$ of a plain one.",
    )


@generator("cosine-schedule", concept="DL-012", difficulty=2, title="Cosine schedule with warm-up", version=2)
def cosine_schedule(rng: np.random.Generator) -> Draw:
    """Learning rate of a cosine schedule behind a warm-up."""
    peak, total = float(rng.choice([0.1, 0.3, 0.02, 0.05])), int(rng.choice([1000, 2000, 4000, 5000]))
    warm = total // 10
    step = warm + int(rng.integers(4, 18)) * (total - warm) // 20
    share = (step - warm) / (total - warm)
    rate = 0.5 * peak * (1 + cos(pi * share))
    return Draw(
        prompt=f"The learning rate warms up linearly to {num(peak)} over {warm} steps and then follows half a cosine down to 0 at "
        f"step {total}. What is it at step {step}?",
        answer=rate,
        tolerance=Tolerance(relative=0.01),
        mistakes=(
            Mistake(
                0.5 * peak * (1 + cos(pi * step / total)), "The cosine begins after the warm-up: count from there."
            ),
            Mistake(peak * (1 - share), "That decays linearly."),
            Mistake(
                peak * cos(pi / 2 * share), "That is a quarter of a cosine; half of one is $\\tfrac12(1+\\cos\\pi t)$."
            ),
        ),
        solution=f"Progress behind the warm-up: $t = ({step} - {warm})/({total} - {warm}) = {num(share)}$.\n\n"
        f"$$\\tfrac12\\cdot{num(peak)}\\,(1 + \\cos({num(share)}\\,\\pi)) = {num(rate)}$$",
    )


@generator(
    "inverse-square-root-schedule",
    concept="DL-012",
    difficulty=2,
    title="Warm-up and inverse square root",
    tags=("tier-2",),
)
def inverse_square_root_schedule(rng: np.random.Generator) -> Draw:
    """Learning rate of linear warm-up and inverse square root decay."""
    peak, warm = float(rng.choice([0.1, 0.05, 0.02])), 100 * int(rng.integers(2, 21))
    early = bool(rng.integers(2))
    step = warm * int(rng.integers(1, 10)) // 10 if early else warm * int(rng.choice([2, 3, 5, 9]))
    rate = peak * (step / warm if early else sqrt(warm / step))
    return Draw(
        prompt=f"The learning rate rises linearly from 0 to {num(peak)} at step {warm} and then falls with the inverse square root "
        f"of the step, without a jump. What is it at step {step}?",
        answer=rate,
        tolerance=Tolerance(relative=0.01),
        mistakes=(
            Mistake(
                peak * (sqrt(step / warm) if early else warm / step),
                "Up it goes linearly, down with the square root; you mixed the two.",
            ),
            Mistake(
                peak / sqrt(step),
                "Both pieces must meet at the end of the warm-up: scale by $\\sqrt{\\text{warm-up}}$.",
            ),
        ),
        solution=(
            f"Step {step} lies in the warm-up: ${num(peak)}\\cdot{step}/{warm} = {num(rate)}$."
            if early
            else f"Behind the warm-up: ${num(peak)}\\sqrt{{{warm}/{step}}} = {num(rate)}$."
        )
        + " Both pieces equal the peak at the end of the warm-up.",
    )


@generator("clip-by-global-norm", concept="DL-013", difficulty=1, title="Clipping by the norm", version=2)
def clip_by_global_norm(rng: np.random.Generator) -> Draw:
    """One component of a clipped gradient."""
    g = rng.integers(-40, 41, 3) / 10
    threshold, i = float(rng.choice([0.5, 1.0, 2.0])), int(rng.integers(3))
    norm = float(np.linalg.norm(g))
    if norm <= 1.2 * threshold or abs(g[i]) < 0.3:
        raise Redraw("nothing to clip or to see")
    value = float(g[i]) * threshold / norm
    return Draw(
        prompt=f"The gradient is $g = {vector(g)}$. It is clipped by its Euclidean norm to at most {num(threshold)}. What is its "
        f"component {i + 1} afterwards?",
        answer=value,
        tolerance=Tolerance(absolute=0.005),
        mistakes=(
            Mistake(
                float(np.clip(g[i], -threshold, threshold)), "That clips each value by itself and turns the gradient."
            ),
            Mistake(
                float(g[i]) * threshold / float(np.abs(g).sum()),
                "That divides by the sum of absolute values, the 1-norm.",
            ),
            Mistake(float(g[i]) / norm, "That makes the norm 1; it is clipped to the threshold.")
            if threshold != 1
            else Mistake(float(g[i]) * threshold / norm**2, "That divides by the square of the norm."),
        ),
        solution=f"$\\|g\\| = {num(norm)} > {num(threshold)}$, so $g$ is scaled by ${num(threshold)}/{num(norm)} = {num(threshold / norm)}$:\n\n"
        f"$${num(g[i])}\\cdot{num(threshold / norm)} = {num(value)}$$\n\nThe direction stays.",
    )


@generator(
    "gradient-descent-quadratic", concept="ML-003", difficulty=2, title="Gradient descent on a parabola", version=2
)
def gradient_descent_quadratic(rng: np.random.Generator) -> Draw:
    """Position after some steps of gradient descent on a quadratic."""
    a, start, best = int(rng.integers(1, 5)), int(rng.integers(-6, 7)), int(rng.integers(-3, 4))
    lr, steps = float(rng.choice([0.05, 0.1, 0.2])), int(rng.integers(2, 4))
    factor = 1 - 2 * a * lr
    if start == best or abs(factor) in {0.0, 1.0}:
        raise Redraw("it does not move, or is there at once")
    after = best + (start - best) * factor**steps
    return Draw(
        prompt=f"Gradient descent with learning rate {num(lr)} minimises $L(w) = {a}\\,(w - {signed(best)})^2$ from "
        f"$w_0 = {start}$. Where is $w$ after {steps} steps?",
        answer=after,
        tolerance=Tolerance(absolute=0.005),
        mistakes=(
            Mistake(best + (start - best) * (1 - a * lr) ** steps, "The square's derivative has a factor 2."),
            Mistake(best + (start - best) * (1 + 2 * a * lr) ** steps, "That goes up the gradient."),
            Mistake(best + (start - best) * factor, "That is the first step.")
            if steps > 1
            else Mistake(start, "It moves."),
        ),
        solution=f"$L' = {2 * a}\\,(w - {signed(best)})$, so each step multiplies the distance to the minimum by "
        f"$1 - {2 * a}\\cdot{num(lr)} = {num(factor)}$:\n\n"
        f"$$w_{{{steps}}} = {best} + {signed(start - best)}\\cdot{signed(factor)}^{{{steps}}} = {num(after)}$$",
    )


@generator("q-learning-update", concept="ML-003", difficulty=3, title="A Q-learning update", version=2)
def q_learning_update(rng: np.random.Generator) -> Draw:
    """One tabular Q-learning update."""
    q, reward = int(rng.integers(-10, 31)) / 10, int(rng.integers(-10, 21)) / 10
    gamma, alpha = float(rng.choice([0.9, 0.95])), float(rng.choice([0.1, 0.2, 0.5]))
    following = rng.integers(-10, 41, 3) / 10
    value = q + alpha * (reward + gamma * float(following.max()) - q)
    return Draw(
        prompt=f"An update by steps towards a target, as in gradient descent: tabular Q-learning has $Q(s,a) = {num(q)}$, gets the "
        f"reward {num(reward)} and sees next-state values $Q(s',\\cdot) = {vector(following)}$. With $\\gamma = {num(gamma)}$ and "
        f"step size {num(alpha)}, what is $Q(s,a)$ afterwards?",
        answer=value,
        tolerance=Tolerance(absolute=0.005),
        mistakes=(
            Mistake(
                q + alpha * (reward + gamma * float(following.mean()) - q),
                "Q-learning takes the best next action, not the mean over them.",
            ),
            Mistake(
                reward + gamma * float(following.max()), "That is the target; the update goes only part of the way."
            ),
            Mistake(
                q + alpha * (reward + gamma * float(following.max())),
                "The old value is subtracted from the target first.",
            ),
        ),
        solution=f"Target: ${num(reward)} + {num(gamma)}\\cdot{signed(float(following.max()))} = {num(reward + gamma * float(following.max()))}$.\n\n"
        f"$${num(q)} + {num(alpha)}\\,({num(reward + gamma * float(following.max()))} - {signed(q)}) = {num(value)}$$",
    )
