"""Generated questions on derivatives and convexity."""

from math import exp, sqrt

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import num, power, signed, summed, term, vector
from quizzes.domain.numbers import Tolerance

CLOSE = Tolerance(absolute=0.01)


@generator("chain-rule-value", concept="MATH-011", difficulty=1, title="A derivative by the chain rule", version=2)
def chain_rule_value(rng: np.random.Generator) -> Draw:
    """Derivative of (a x + b)^n at a point."""
    a, b, n, x = (
        int(rng.choice([-3, -2, 2, 3])),
        int(rng.integers(-4, 5)),
        int(rng.integers(2, 5)),
        int(rng.integers(-2, 3)),
    )
    u = a * x + b
    if abs(u) < 2:
        raise Redraw("a power of 0 or 1")
    value = n * u ** (n - 1) * a
    return Draw(
        prompt=f"$f(x) = ({summed([f'{a}x', num(b)])})^{n}$. What is $f'({x})$?"
        if b
        else f"$f(x) = ({a}x)^{n}$. What is $f'({x})$?",
        answer=value,
        tolerance=Tolerance(exact=True),
        mistakes=(
            Mistake(n * u ** (n - 1), "The inner derivative is missing: multiply by it."),
            Mistake(
                n * a ** (n - 1), "The outer derivative is taken at the inner function's value, not at its derivative."
            ),
            Mistake(u**n * a, "The power loses 1 and its exponent comes down as a factor."),
        ),
        solution=f"Inner value $u = {u}$, inner derivative {a}.\n\n$$f'({x}) = {n}\\,{power('u', n - 1)}\\cdot{signed(a)} = {n}\\cdot{power(signed(u), n - 1)}\\cdot{signed(a)} = {value}$$",
    )


@generator("directional-derivative", concept="MATH-012", difficulty=2, title="A directional derivative", version=2)
def directional_derivative(rng: np.random.Generator) -> Draw:
    """Directional derivative of a quadratic at a point."""
    a, b, c = int(rng.integers(1, 4)), int(rng.integers(-3, 4)), int(rng.integers(1, 4))
    x, y = (int(v) for v in rng.integers(-2, 4, 2))
    direction = [(3, 4), (4, -3), (1, 2), (2, -1), (1, 1), (-3, 4)][int(rng.integers(6))]
    g = (2 * a * x + b * y, b * x + 2 * c * y)
    dot, length = g[0] * direction[0] + g[1] * direction[1], sqrt(direction[0] ** 2 + direction[1] ** 2)
    if dot == 0:
        raise Redraw("no change in this direction")
    formula = summed([term(a, "x^2"), term(b, "xy"), term(c, "y^2")]) if b else f"{term(a, 'x^2')} + {term(c, 'y^2')}"
    return Draw(
        prompt=f"$f(x, y) = {formula}$. What is its directional derivative at $({x}, {y})$ in the direction of ${vector(direction)}$ "
        "(made a unit vector)?",
        answer=dot / length,
        tolerance=CLOSE,
        mistakes=(
            Mistake(dot, f"The direction's length, {num(length)}, must be divided out."),
            Mistake(
                sqrt(g[0] ** 2 + g[1] ** 2), "That is the gradient's length: the steepest direction, not this one."
            ),
            Mistake(-dot / length, "The sign is turned round."),
        ),
        solution=f"$\\nabla f({x}, {y}) = {vector(g)}$.\n\n$$\\frac{{{signed(g[0])}\\cdot{signed(direction[0])} + {signed(g[1])}\\cdot{signed(direction[1])}}}{{{num(length)}}} = {num(dot / length)}$$",
    )


@generator("gradient-component", concept="MATH-012", difficulty=1, title="A component of a gradient", version=2)
def gradient_component(rng: np.random.Generator) -> Draw:
    """One partial derivative of a two-variable function."""
    a, b = int(rng.integers(2, 6)), int(rng.choice([-3, -2, 2, 3]))
    x, y = int(rng.integers(-2, 4)), int(rng.integers(-2, 4))
    by_x = bool(rng.integers(2))
    dx, dy = 2 * a * x * y + b, a * x * x + 3 * y * y
    value, other = (dx, dy) if by_x else (dy, dx)
    if value == 0:
        raise Redraw("zero")
    name = "x" if by_x else "y"
    return Draw(
        prompt=f"$f(x, y) = {summed([f'{a}x^2y', f'{b}x', 'y^3'])}$. What is $\\partial f/\\partial {name}$ at $({x}, {y})$?",
        answer=value,
        tolerance=Tolerance(exact=True),
        mistakes=(
            Mistake(other, f"That is the derivative by ${'y' if by_x else 'x'}$."),
            Mistake(dx + dy, "That adds both partial derivatives; one is asked for."),
            Mistake(
                2 * a * x + b if by_x else 2 * a * x + 3 * y * y,
                "The other variable is held fixed; it does not vanish from the product.",
            ),
        ),
        solution=(
            f"$\\partial f/\\partial x = {summed([f'{2 * a}xy', num(b)])}$"
            if by_x
            else f"$\\partial f/\\partial y = {a}x^2 + 3y^2$"
        )
        + f", at $({x}, {y})$ that is **{value}**.",
    )


@generator("jensen-gap", concept="MATH-013", difficulty=2, title="Gap in Jensen's inequality", version=2)
def jensen_gap(rng: np.random.Generator) -> Draw:
    """Gap between chord and curve of a convex function."""
    low, high = sorted(int(v) for v in rng.choice(np.arange(-3, 5), 2, replace=False))
    weight, square = float(rng.choice([0.25, 0.3, 0.4, 0.5, 0.7])), bool(rng.integers(2))
    middle = weight * low + (1 - weight) * high

    def f(x: float) -> float:
        return x * x if square else exp(x)

    chord = weight * f(low) + (1 - weight) * f(high)
    gap = chord - f(middle)
    if not 0.1 < gap < 60:
        raise Redraw("too flat or too steep")
    name = "x^2" if square else "e^x"
    return Draw(
        prompt=f"$f(x) = {name}$, $\\lambda = {num(weight)}$, $x = {low}$, $y = {high}$. By how much does $\\lambda f(x) + (1-\\lambda)f(y)$ "
        "exceed $f(\\lambda x + (1-\\lambda)y)$?",
        answer=gap,
        tolerance=Tolerance(relative=0.01),
        mistakes=(
            Mistake(chord, "That is the chord; subtract the curve's value below it."),
            Mistake(
                (1 - weight) * f(low) + weight * f(high) - f((1 - weight) * low + weight * high),
                "$\\lambda$ belongs to $x$; you gave it to $y$.",
            )
            if weight != 0.5 and not square
            else Mistake(f(middle), "That is the curve's value, not the gap."),
        ),
        solution=f"Chord: {num(chord)}. Curve at ${num(middle)}$: {num(f(middle))}.\n\n$${num(chord)} - {num(f(middle))} = {num(gap)}$$\n\n"
        "It is never negative: that is convexity.",
    )


@generator("hessian-eigenvalue-step", concept="MATH-013", difficulty=3, title="Largest stable step")
def hessian_eigenvalue_step(rng: np.random.Generator) -> Draw:
    """Supremum of stable learning rates on a quadratic."""
    a, b, c = int(rng.integers(2, 9)), int(rng.integers(2, 9)), int(rng.choice([-1, 1, 2]))
    if a * b <= c * c:
        raise Redraw("not convex")
    top = (a + b + sqrt((a - b) ** 2 + 4 * c * c)) / 2
    low = a + b - top
    return Draw(
        prompt=f"$f(w) = \\tfrac12 w^\\top H w$ with $H = \\begin{{pmatrix}} {a} & {c} \\\\ {c} & {b} \\end{{pmatrix}}$. Below which learning "
        "rate does gradient descent converge from every start?",
        answer=2 / top,
        tolerance=Tolerance(absolute=0.003),
        mistakes=(
            Mistake(1 / top, "That converges too, but the bound is twice as large."),
            Mistake(2 / low, "The steepest direction decides: the **largest** eigenvalue."),
            Mistake(2 / max(a, b), "The diagonal is not the spectrum: the off-diagonal adds curvature."),
        ),
        solution=f"Each step multiplies by $1 - \\eta\\lambda$ along an eigenvector; $|1 - \\eta\\lambda| < 1$ needs $\\eta < 2/\\lambda_{{\\max}}$. "
        f"Here $\\lambda_{{\\max}} = {num(top)}$, so $\\eta < {num(2 / top)}$.",
    )
