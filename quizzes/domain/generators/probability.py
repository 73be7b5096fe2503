"""Generated questions on probability."""

from math import comb, erf, log, sqrt

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import counted, listed, num, power, signed, vector
from quizzes.domain.numbers import Tolerance

CLOSE = Tolerance(absolute=0.005)


@generator("bayes-base-rate", concept="MATH-006", difficulty=1, title="Bayes with a base rate", version=3)
def bayes_base_rate(rng: np.random.Generator) -> Draw:
    """Posterior probability of a rare condition after a positive test."""
    prior, sensitivity = int(rng.integers(2, 101)) / 1000, int(rng.integers(70, 100)) / 100
    specificity = int(rng.integers(85, 100)) / 100
    hit, false = prior * sensitivity, (1 - prior) * (1 - specificity)
    return Draw(
        prompt=f"Of all transactions {num(100 * prior)} % are fraudulent. A detector flags {num(100 * sensitivity)} % of the "
        f"fraudulent ones and passes {num(100 * specificity)} % of the honest ones. A transaction is flagged. What is the "
        "probability that it is fraudulent?",
        answer=hit / (hit + false),
        tolerance=CLOSE,
        mistakes=(
            Mistake(sensitivity, "That is P(flag | fraud); asked is P(fraud | flag)."),
            Mistake(sensitivity / (sensitivity + 1 - specificity), "That forgets how rare fraud is."),
            Mistake(hit, "That is P(fraud and flag); divide by P(flag)."),
        ),
        solution=f"Flagged and fraudulent: ${num(prior)}\\cdot{num(sensitivity)} = {num(hit)}$. Flagged and honest: "
        f"${num(1 - prior)}\\cdot{num(1 - specificity)} = {num(false)}$.\n\n"
        f"$$\\frac{{{num(hit)}}}{{{num(hit)} + {num(false)}}} = {num(hit / (hit + false))}$$",
    )


@generator("naive-bayes-posterior", concept="MATH-006", difficulty=2, title="Naive Bayes", version=2)
def naive_bayes_posterior(rng: np.random.Generator) -> Draw:
    """Posterior of a two-word naive Bayes classifier."""
    prior = int(rng.choice([2, 3, 4, 6])) / 10
    a, b = rng.integers(3, 19, 2) / 20, rng.integers(1, 11, 2) / 20
    spam, ham = prior * float(a.prod()), (1 - prior) * float(b.prod())
    if not 0.1 < spam / (spam + ham) < 0.95:
        raise Redraw("nearly sure")
    return Draw(
        prompt=f"A naive Bayes filter has P(spam) = {num(prior)}. Two words stand in a mail; their probabilities are {listed(a)} in "
        f"spam and {listed(b)} in other mail. What is P(spam | both words)?",
        answer=spam / (spam + ham),
        tolerance=CLOSE,
        mistakes=(
            Mistake(float(a.prod() / (a.prod() + b.prod())), "The prior is missing: it is not even to begin with."),
            Mistake(spam, "That is the joint probability; divide by the sum over both classes."),
            Mistake(
                prior * float(a[0]) / (prior * float(a[0]) + (1 - prior) * float(b[0])),
                "That uses the first word alone.",
            ),
        ),
        solution=f"Spam: ${num(prior)}\\cdot{num(a[0])}\\cdot{num(a[1])} = {num(spam)}$; other: "
        f"${num(1 - prior)}\\cdot{num(b[0])}\\cdot{num(b[1])} = {num(ham)}$.\n\n"
        f"$$\\frac{{{num(spam)}}}{{{num(spam)} + {num(ham)}}} = {num(spam / (spam + ham))}$$",
    )


@generator("binomial-probability", concept="MATH-010", difficulty=1, title="A binomial likelihood", version=3)
def binomial_probability(rng: np.random.Generator) -> Draw:
    """Binomial likelihood of a parameter."""
    n, p = int(rng.integers(4, 11)), float(rng.choice([0.2, 0.3, 0.4, 0.6]))
    k = int(rng.integers(1, n))
    value = comb(n, k) * p**k * (1 - p) ** (n - k)
    if value < 0.02:
        raise Redraw("too small")
    return Draw(
        prompt=f"A coin shows heads {counted(k, 'time')} in {n} independent throws. How probable is that count if P(heads) = {num(p)}?",
        answer=value,
        tolerance=Tolerance(absolute=0.002),
        mistakes=(
            Mistake(
                p**k * (1 - p) ** (n - k),
                "That is one particular order of heads and tails; the binomial coefficient counts them.",
            ),
            Mistake(comb(n, k) * p**k, "The tails have a probability as well."),
            Mistake(comb(n, k) * p ** (n - k) * (1 - p) ** k, "Heads and tails are exchanged."),
        ),
        solution=f"$$\\binom{{{n}}}{{{k}}}\\,{power(num(p), k)}\\,{power(num(1 - p), n - k)} = {comb(n, k)}\\cdot{num(p**k * (1 - p) ** (n - k))} = {num(value)}$$"
        "\n\nFor a maximum-likelihood estimate the coefficient does not matter: it does not depend on $p$.",
    )


@generator("beta-bernoulli-map", concept="MATH-010", difficulty=2, title="MAP under a Beta prior", version=2)
def beta_bernoulli_map(rng: np.random.Generator) -> Draw:
    """MAP estimate of a Bernoulli parameter."""
    a, b, n = int(rng.integers(2, 7)), int(rng.integers(2, 7)), int(rng.integers(6, 31))
    k = int(rng.integers(1, n))
    value = (a + k - 1) / (a + b + n - 2)
    return Draw(
        prompt=f"The click rate has a Beta({a}, {b}) prior. Then {k} of {n} visitors click. What is the **maximum a posteriori** "
        "estimate of the rate?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(k / n, "That is maximum likelihood: it leaves the prior out."),
            Mistake(
                (a + k) / (a + b + n), "That is the posterior's mean; its mode is $(\\alpha-1)/(\\alpha+\\beta-2)$."
            ),
        ),
        solution=f"The posterior is Beta({a + k}, {b + n - k}), its mode\n\n$$\\frac{{{a + k} - 1}}{{{a + b + n} - 2}} = {num(value)}$$\n\n"
        f"between the prior's mode and the sample's {num(k / n)}.",
    )


@generator("second-moment", concept="MATH-007", difficulty=1, title="Expectation of a square", version=2)
def second_moment(rng: np.random.Generator) -> Draw:
    """E[X^2] of a discrete variable."""
    x = sorted(int(value) for value in rng.choice(np.arange(-4, 7), 3, replace=False))
    cuts = sorted(int(cut) for cut in rng.choice([2, 3, 4, 5, 6, 7, 8], 2, replace=False))
    p = [cuts[0] / 10, (cuts[1] - cuts[0]) / 10, (10 - cuts[1]) / 10]
    mean = sum(a * b for a, b in zip(x, p, strict=True))
    square = sum(a * a * b for a, b in zip(x, p, strict=True))
    return Draw(
        prompt=f"$X$ takes the values {listed(x)} with probabilities {listed(p)}. What is $E[X^2]$?",
        answer=square,
        tolerance=CLOSE,
        mistakes=(
            Mistake(mean**2, "That is $(E[X])^2$; the two differ by the variance."),
            Mistake(square - mean**2, "That is the variance, $E[X^2] - (E[X])^2$."),
            Mistake(
                sum(a * a * b * b for a, b in zip(x, p, strict=True)),
                "The values are squared, their probabilities are not.",
            ),
        ),
        solution="$$"
        + " + ".join(f"{signed(a)}^2\\cdot{num(b)}" for a, b in zip(x, p, strict=True))
        + f" = {num(square)}$$\n\n"
        f"By comparison $(E[X])^2 = {num(mean**2)}$; the difference {num(square - mean**2)} is the variance.",
    )


@generator(
    "variance-of-combination", concept="MATH-008", difficulty=2, title="Variance of a linear combination", version=2
)
def variance_of_combination(rng: np.random.Generator) -> Draw:
    """Variance of aX - bY with covariance."""
    a, b = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    vx, vy = int(rng.integers(2, 10)), int(rng.integers(2, 10))
    cov = int(rng.choice([-2, -1, 1, 2]))
    value = a * a * vx + b * b * vy - 2 * a * b * cov
    return Draw(
        prompt=f"$\\text{{Var}}(X) = {vx}$, $\\text{{Var}}(Y) = {vy}$ and $\\text{{Cov}}(X, Y) = {cov}$. What is "
        f"$\\text{{Var}}({a}X - {b}Y)$?",
        answer=value,
        tolerance=Tolerance(exact=True),
        mistakes=(
            Mistake(a * a * vx + b * b * vy, "The covariance is missing: $X$ and $Y$ are not uncorrelated."),
            Mistake(a * a * vx + b * b * vy + 2 * a * b * cov, "With a minus sign the covariance term is subtracted."),
            Mistake(a * a * vx - b * b * vy - 2 * a * b * cov, "Variances add even in a difference: $(-b)^2 = b^2$."),
            Mistake(a * vx + b * vy - 2 * a * b * cov, "Factors leave a variance squared."),
        ),
        solution=f"$$a^2\\text{{Var}}(X) + b^2\\text{{Var}}(Y) - 2ab\\,\\text{{Cov}}(X,Y) = {a * a}\\cdot{vx} + {b * b}\\cdot{vy} - "
        f"{2 * a * b}\\cdot{signed(cov)} = {value}$$",
    )


@generator("normal-interval", concept="MATH-009", difficulty=1, title="Share within an interval of a normal", version=2)
def normal_interval(rng: np.random.Generator) -> Draw:
    """Probability of an interval by the normal table."""
    mu, sigma = 5 * int(rng.integers(4, 21)), int(rng.integers(2, 11))
    low, high = sorted(float(z) for z in rng.choice([-2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0], 2, replace=False))
    value = 0.5 * (erf(high / sqrt(2)) - erf(low / sqrt(2)))
    return Draw(
        prompt=f"$X$ is normal with mean {mu} and **standard deviation** {sigma}. What is $P({num(mu + low * sigma)} < X < "
        f"{num(mu + high * sigma)})$? Use $\\Phi(0.5) = 0.6915$, $\\Phi(1) = 0.8413$, $\\Phi(1.5) = 0.9332$, $\\Phi(2) = 0.9772$.",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(
                0.5 * (1 + erf(high / sqrt(2))),
                "That is everything below the upper end; subtract what lies below the lower one.",
            ),
            Mistake(
                0.5 * (erf(high / sqrt(2)) + erf(low / sqrt(2))), "For a negative $z$, $\\Phi(z) = 1 - \\Phi(-z)$."
            ),
        ),
        solution=f"The ends are at $z = {num(low)}$ and $z = {num(high)}$:\n\n$$\\Phi({num(high)}) - \\Phi({num(low)}) = "
        f"{num(0.5 * (1 + erf(high / sqrt(2))))} - {num(0.5 * (1 + erf(low / sqrt(2))))} = {num(value)}$$",
    )


@generator("kl-divergence", concept="ML-008", difficulty=2, title="Kullback-Leibler divergence")
def kl_divergence(rng: np.random.Generator) -> Draw:
    """KL divergence of two Bernoulli distributions in nats."""
    p, q = (int(value) / 20 for value in rng.choice(np.arange(1, 20), 2, replace=False))
    value = p * log(p / q) + (1 - p) * log((1 - p) / (1 - q))
    reverse = q * log(q / p) + (1 - q) * log((1 - q) / (1 - p))
    if value < 0.02:
        raise Redraw("nearly equal")
    return Draw(
        prompt=f"$P = {vector([p, 1 - p])}$ and $Q = {vector([q, 1 - q])}$. What is $D_{{KL}}(P\\,\\|\\,Q)$ **in nats**?",
        answer=value,
        tolerance=Tolerance(absolute=0.002),
        unit="nats",
        mistakes=(
            Mistake(reverse, "That is $D_{KL}(Q\\,\\|\\,P)$; the divergence is not symmetric."),
            Mistake(value / log(2), "Those are bits."),
            Mistake(-value, "A divergence is never negative: the ratio is turned round."),
        ),
        solution=f"$${num(p)}\\log\\tfrac{{{num(p)}}}{{{num(q)}}} + {num(1 - p)}\\log\\tfrac{{{num(1 - p)}}}{{{num(1 - q)}}} = {num(value)}$$\n\n"
        f"The other direction gives {num(reverse)}.",
    )
