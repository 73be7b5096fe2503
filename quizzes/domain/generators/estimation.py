"""Generated questions on estimation and testing."""

from math import ceil, log, sqrt

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import listed, num, signed
from quizzes.domain.numbers import Tolerance


@generator("gaussian-mle-variance", concept="MATH-010", difficulty=1, title="Variance by maximum likelihood")
def gaussian_mle_variance(rng: np.random.Generator) -> Draw:
    """Maximum-likelihood variance of a Gaussian."""
    x = rng.integers(0, 13, 5).astype(float)
    if x.var() < 1:
        raise Redraw("hardly any spread")
    return Draw(
        prompt=f"A Gaussian is fitted to the sample {listed(x)} by **maximum likelihood**, mean and variance both unknown. What is the "
        "estimate of the variance?",
        answer=float(x.var()),
        tolerance=Tolerance(absolute=0.01),
        mistakes=(
            Mistake(
                float(x.var(ddof=1)), "That divides by $n-1$: the unbiased estimate. Maximum likelihood divides by $n$."
            ),
            Mistake(float(x.std()), "That is the standard deviation."),
        ),
        solution=f"Mean ${num(x.mean())}$; squared deviations sum to ${num(((x - x.mean()) ** 2).sum())}$.\n\n"
        f"$$\\hat\\sigma^2 = \\frac{{{num(((x - x.mean()) ** 2).sum())}}}{{5}} = {num(x.var())}$$\n\nIt is biased: on average it is "
        "$(n-1)/n$ of the true variance.",
    )


@generator(
    "exponential-mle-rate",
    concept="MATH-010",
    difficulty=2,
    title="Rate of an exponential by maximum likelihood",
    version=2,
)
def exponential_mle_rate(rng: np.random.Generator) -> Draw:
    """Maximum-likelihood rate of an exponential distribution."""
    x = rng.integers(1, 40, 4) / 10
    mean = float(x.mean())
    if abs(mean - 1) < 0.1:
        raise Redraw("rate and mean are nearly equal")
    return Draw(
        prompt=f"Waiting times of {listed(x)} minutes are modelled as exponential with density $\\lambda e^{{-\\lambda t}}$. What is the "
        "maximum-likelihood estimate of the rate $\\lambda$ (per minute)?",
        answer=1 / mean,
        tolerance=Tolerance(absolute=0.005),
        mistakes=(
            Mistake(mean, "That is the mean waiting time; the rate is its reciprocal."),
            Mistake(
                float((1 / x).mean()),
                "That is the mean of the reciprocals; the estimate is the reciprocal of the mean.",
            ),
        ),
        solution=f"The log-likelihood $n\\log\\lambda - \\lambda\\sum t_i$ has its maximum at $\\hat\\lambda = n/\\sum t_i = 4/{num(x.sum())} = {num(1 / mean)}$.",
    )


@generator("confidence-half-width", concept="MATH-009", difficulty=1, title="Half-width of a confidence interval")
def confidence_half_width(rng: np.random.Generator) -> Draw:
    """Half-width of a 95 % interval of a mean."""
    n, sd = int(rng.choice([25, 36, 50, 64, 100, 144, 200, 400])), int(rng.integers(10, 100)) / 10
    half = 1.96 * sd / sqrt(n)
    return Draw(
        prompt=f"A metric has standard deviation {num(sd)} over {n} independent test cases. How wide is **half** of the 95 % confidence "
        "interval of its mean (normal approximation, $z = 1.96$)?",
        answer=half,
        tolerance=Tolerance(relative=0.01),
        mistakes=(
            Mistake(1.96 * sd, "The mean varies less than a single case: divide by $\\sqrt n$."),
            Mistake(2 * half, "That is the whole width."),
            Mistake(1.96 * sd / n, "Divide by the root of $n$."),
            Mistake(sd / sqrt(n), "That is the standard error; multiply by $z$."),
        ),
        solution=f"$$1.96\\cdot\\frac{{{num(sd)}}}{{\\sqrt{{{n}}}}} = {num(half)}$$\n\nHalf the width takes four times as many cases.",
    )


@generator("ab-test-sample-size", concept="MATH-008", difficulty=3, title="Sample size of an A/B test", version=2)
def ab_test_sample_size(rng: np.random.Generator) -> Draw:
    """Sample size an arm for a difference of shares."""
    p, lift = int(rng.integers(4, 41)) / 100, float(rng.choice([0.01, 0.015, 0.02, 0.025, 0.03]))
    n = 2 * 2.8**2 * p * (1 - p) / lift**2
    return Draw(
        prompt=f"An A/B test shall find an absolute lift of {num(lift)} over a baseline rate of {num(p)}, "
        "two-sided at 5 % with power 80 % ($z$ values 1.96 and 0.84), with the baseline's variance $p(1-p)$ in both arms. How many "
        "users does **each arm** need?",
        answer=ceil(n),
        tolerance=Tolerance(relative=0.01),
        mistakes=(
            Mistake(n / 2, "Two arms vary: the variance of a difference is twice that of one."),
            Mistake(2 * n, "That is both arms together."),
            Mistake(
                2 * 1.96**2 * p * (1 - p) / lift**2, "That leaves the power out, and finds the lift only half the time."
            ),
        ),
        solution=f"$$n = \\frac{{2\\,(1.96 + 0.84)^2\\,p(1-p)}}{{\\delta^2}} = \\frac{{2\\cdot7.84\\cdot{num(p * (1 - p))}}}{{{num(lift)}^2}} \\approx {ceil(n)}$$",
    )


@generator(
    "bootstrap-distinct-share", concept="ML-007", difficulty=2, title="Distinct rows of a bootstrap sample", version=4
)
def bootstrap_distinct_share(rng: np.random.Generator) -> Draw:
    """Expected number of distinct rows in a bootstrap sample."""
    n = int(rng.integers(4, 401))
    distinct = n * (1 - (1 - 1 / n) ** n)
    return Draw(
        prompt=f"A random forest draws a bootstrap sample of {n} rows, with replacement, from {n}. How many **different** rows does it "
        "hold on average?",
        answer=distinct,
        tolerance=Tolerance(absolute=0.08),
        unit="rows",
        mistakes=(
            Mistake(n - distinct, "Those are the rows left out, the out-of-bag ones."),
            Mistake(
                n * (1 - float(np.exp(-1))),
                "That takes the share of endless $n$, $1 - 1/e$; at this $n$ it is a little larger.",
            ),
        ),
        solution=f"A row is missed by all {n} draws with probability $(1 - 1/{n})^{{{n}}} = {num((1 - 1 / n) ** n)}$, so\n\n"
        f"$${n}\\,(1 - {num((1 - 1 / n) ** n)}) = {num(distinct)}$$\n\nFor large $n$ the share tends to $1 - 1/e \\approx 0.632$.",
    )


@generator(
    "population-stability-index", concept="MLSYS-001", difficulty=2, title="Population stability index", version=2
)
def population_stability_index(rng: np.random.Generator) -> Draw:
    """PSI over three bins."""
    expected, actual = ([int(v) / 100 for v in 5 * rng.multinomial(20, [0.3, 0.4, 0.3])] for _ in range(2))
    if min(*expected, *actual) < 0.1:
        raise Redraw("an almost empty bin")
    terms = [(a - e) * log(a / e) for a, e in zip(actual, expected, strict=True)]
    psi = sum(terms)
    if psi < 0.02:
        raise Redraw("no drift")
    return Draw(
        prompt=f"A feature's bins held shares of {listed(expected)} in training and hold {listed(actual)} now. What is the population "
        "stability index (natural logarithm)?",
        answer=psi,
        tolerance=Tolerance(absolute=0.003),
        mistakes=(
            Mistake(
                sum(a * log(a / e) for a, e in zip(actual, expected, strict=True)),
                "That is one direction of the KL divergence; the index adds both.",
            ),
            Mistake(
                sum(abs(a - e) for a, e in zip(actual, expected, strict=True)),
                "That adds up the differences without their log ratios.",
            ),
        ),
        solution=f"$$\\sum_i (a_i - e_i)\\ln\\frac{{a_i}}{{e_i}} = {' + '.join(signed(term) for term in terms)} = {num(psi)}$$\n\n"
        "By rule of thumb below 0.1 nothing moved, above 0.25 something did.",
    )
