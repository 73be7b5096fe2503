"""Optimisers, schedules and clipping, each step made one by one."""

from collections.abc import Sequence
from math import cos, hypot, pi, sqrt

from tests.quizzes.references.base import reference, slope


def adam(theta: float, gradients: Sequence[float], rate: float, betas: tuple[float, float], decay: float = 0) -> float:
    """Adam as Kingma and Ba write it, with Loshchilov and Hutter's decoupled decay."""
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g * g
        corrected = (m / (1 - betas[0] ** t)) / sqrt(v / (1 - betas[1] ** t))
        theta = theta - rate * corrected - rate * decay * theta
    return theta


@reference(
    "adam-first-step",
    r"$\beta_1 = {n}$, $\beta_2 = {n}$, learning rate {n}, … The parameter is {n}, the first gradient {n}.",
)
def adam_first_step(beta_1, beta_2, rate, theta, gradient):
    return adam(theta, [gradient], rate, (beta_1, beta_2))


@reference(
    "adam-second-step",
    r"$\beta_1 = {n}$, $\beta_2 = {n}$, learning rate {n}, … $\theta = {n}$ … steps are {n} and {n}.",
)
def adam_second_step(beta_1, beta_2, rate, theta, first, second):
    return adam(theta, [first, second], rate, (beta_1, beta_2))


@reference("adamw-step", "learning rate {n}, decoupled weight decay {n} … The weight is {n}, its gradient {n}.")
def adamw_step(rate, decay, theta, gradient):
    return adam(theta, [gradient], rate, (0.9, 0.999), decay)


@reference("momentum-displacement", r"$\mu = {n}$, $\eta = {n}$ and a constant gradient {n}, … after three steps")
def momentum_displacement(mu, rate, gradient):
    theta = velocity = 0.0
    for _ in range(3):
        velocity = mu * velocity - rate * gradient
        theta += velocity
    return theta


@reference("cosine-schedule", "linearly to {n} over {i} steps … at step {i}. What is it at step {i}?")
def cosine_schedule(peak, warm, total, step):
    """By the half-angle: a squared cosine over a quarter of the circle."""
    return peak * cos(pi / 2 * (step - warm) / (total - warm)) ** 2


@reference("inverse-square-root-schedule", "from 0 to {n} at step {i} … What is it at step {i}?")
def inverse_square_root_schedule(peak, warm, step):
    """As in "Attention is all you need": the smaller of both pieces."""
    return peak * warm**0.5 * min(step**-0.5, step * warm**-1.5)


@reference("clip-by-global-norm", "$g = {v}$. … to at most {n}. What is its component {i}")
def clip_by_global_norm(gradient, threshold, component):
    length = hypot(*gradient)
    return gradient[component - 1] / max(1.0, length / threshold)


@reference(
    "gradient-descent-quadratic",
    r"learning rate {n} minimises $L(w) = {n}\,(w - ({n}))^2$ from $w_0 = {n}$. Where is $w$ after {i} steps",
    r"learning rate {n} minimises $L(w) = {n}\,(w - {n})^2$ from $w_0 = {n}$. Where is $w$ after {i} steps",
)
def gradient_descent_quadratic(rate, factor, best, w, steps):
    for _ in range(steps):
        w -= rate * slope(lambda at: factor * (at - best) ** 2, w)
    return w


@reference(
    "q-learning-update",
    r"$Q(s,a) = {n}$, gets the reward {n} and sees next-state values $Q(s',\cdot) = {v}$. With $\gamma = {n}$ and "
    "step size {n}, what",
)
def q_learning_update(q, reward, following, gamma, step):
    best = sorted(following)[-1]
    return (1 - step) * q + step * (reward + gamma * best)
