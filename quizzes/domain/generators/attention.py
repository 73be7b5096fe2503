"""Generated questions on attention and transformers."""

from math import cos, sin, sqrt

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.losses import softmax
from quizzes.domain.generators.text import matrix, num, signed, vector
from quizzes.domain.numbers import Tolerance

CLOSE = Tolerance(absolute=0.005)


@generator("attention-weight", concept="TRANS-001", difficulty=1, title="An attention weight")
def attention_weight(rng: np.random.Generator) -> Draw:
    """Attention weight of one of three keys."""
    q, keys, j = rng.integers(-2, 3, 4), rng.integers(-2, 3, (3, 4)), int(rng.integers(3))
    raw = (keys @ q).astype(float)
    weight = float(softmax(raw / 2)[j])
    if not 0.05 < weight < 0.9:
        raise Redraw("nearly 0 or 1")
    return Draw(
        prompt=f"A query $q = {vector(q)}$ meets three keys with dot products $q\\cdot k = {vector(raw)}$ ($d_k = 4$). Which weight "
        f"does scaled dot-product attention give the key {j + 1}?",
        answer=weight,
        tolerance=CLOSE,
        mistakes=(
            Mistake(float(softmax(raw)[j]), "The scores are divided by $\\sqrt{d_k} = 2$ before the softmax."),
            Mistake(float(softmax(raw / 4)[j]), "Divide by the root of $d_k$, not by $d_k$."),
        ),
        solution=f"Scaled scores ${vector(raw / 2)}$, exponentials ${vector(np.exp(raw / 2))}$:\n\n"
        f"$$\\frac{{{num(np.exp(raw[j] / 2))}}}{{{num(np.exp(raw / 2).sum())}}} = {num(weight)}$$",
    )


@generator("attention-output", concept="TRANS-001", difficulty=2, title="Output of attention", version=2)
def attention_output(rng: np.random.Generator) -> Draw:
    """First component of the output over two keys."""
    q, k, v = rng.integers(-2, 3, 2), rng.integers(-2, 3, (2, 2)), rng.integers(-3, 4, (2, 2))
    raw = (k @ q).astype(float)
    weights = softmax(raw / sqrt(2))
    if v[0, 0] == v[1, 0] or not 0.05 < weights[0] < 0.95 or raw[0] == raw[1]:
        raise Redraw("a trivial mixture")
    out = float(weights @ v[:, 0])
    return Draw(
        prompt=f"Attention has the query $q = {vector(q)}$, keys $K = {matrix(k)}$ and values $V = {matrix(v)}$ (a row a token, "
        "$d_k = 2$). What is the first component of its output?",
        answer=out,
        tolerance=Tolerance(absolute=0.02),
        mistakes=(
            Mistake(float(softmax(raw) @ v[:, 0]), "The scores are divided by $\\sqrt{d_k} = \\sqrt2$."),
            Mistake(float(weights @ v[0]), "Weights mix the rows of $V$: take its first column, not its first row."),
            Mistake(float(v[:, 0].mean()), "That is the plain mean; softmax weighs the tokens."),
        ),
        solution=f"Scores ${vector(raw)}/\\sqrt2 = {vector(raw / sqrt(2))}$, weights ${vector(weights)}$.\n\n"
        f"$${num(weights[0])}\\cdot{signed(int(v[0, 0]))} + {num(weights[1])}\\cdot{signed(int(v[1, 0]))} = {num(out)}$$",
    )


@generator("sinusoidal-encoding", concept="TRANS-003", difficulty=2, title="A sinusoidal position encoding", version=2)
def sinusoidal_encoding(rng: np.random.Generator) -> Draw:
    """One entry of the sinusoidal encoding."""
    position, d = int(rng.integers(1, 40)), int(rng.choice([4, 8, 16]))
    i = int(rng.integers(0, d // 2 + 1))
    angle = position / 10000 ** ((i - i % 2) / d)
    wave, other = (sin, cos) if i % 2 == 0 else (cos, sin)
    value = wave(angle)
    if abs(value) < 0.02 or abs(value) > 0.99:
        raise Redraw("nearly 0 or 1")
    return Draw(
        prompt="The sinusoidal encoding has $\\text{PE}(p, 2j) = \\sin(p/10000^{2j/d})$ and $\\text{PE}(p, 2j+1) = "
        f"\\cos(p/10000^{{2j/d}})$, angles in radians. What is the entry at dimension {i} (from 0) for position {position} and $d = {d}$?",
        answer=value,
        tolerance=Tolerance(absolute=0.01),
        mistakes=(
            Mistake(other(angle), "Even dimensions take the sine, odd ones the cosine."),
            Mistake(
                wave(position / 10000 ** (2 * i / d)), "The exponent's $2j$ is the even index itself; you doubled it."
            ),
            Mistake(wave(np.radians(angle)), "The angle is in radians."),
        ),
        solution=f"Here $2j = {i - i % 2}$, so the angle is ${position}/10000^{{{i - i % 2}/{d}}} = {num(angle)}$ and "
        f"$\\{'sin' if i % 2 == 0 else 'cos'}({num(angle)}) = {num(value)}$.",
    )


@generator("causal-scores", concept="TRANS-006", difficulty=1, title="Scores under a causal mask")
def causal_scores(rng: np.random.Generator) -> Draw:
    """Number of unmasked scores with a causal mask."""
    tokens, heads = int(rng.integers(6, 200)), int(rng.choice([2, 4, 6, 8, 12]))
    count = heads * tokens * (tokens + 1) // 2
    return Draw(
        prompt=f"One causal self-attention layer with {heads} heads reads {tokens} tokens. How many query–key scores, over all "
        "heads, are left unmasked (a token may see itself)?",
        answer=count,
        tolerance=Tolerance(exact=True),
        mistakes=(
            Mistake(heads * tokens**2, "Half of them look into the future and are masked."),
            Mistake(heads * tokens * (tokens - 1) // 2, "The diagonal counts: a token sees itself."),
            Mistake(count // heads, "That is one head."),
        ),
        solution=f"Token $t$ sees $t$ tokens, so a head keeps $1 + 2 + \\dots + {tokens} = {tokens}\\cdot{tokens + 1}/2 = "
        f"{tokens * (tokens + 1) // 2}$ scores; {heads} heads keep {count}.",
    )


@generator("masked-language-model-counts", concept="TRANS-005", difficulty=1, title="Tokens that BERT masks", version=2)
def masked_language_model_counts(rng: np.random.Generator) -> Draw:
    """Expected numbers of BERT's masking recipe."""
    tokens, share = 100 * int(rng.integers(2, 41)), float(rng.choice([0.15, 0.2, 0.3]))
    what, rate, others = [
        ("are replaced by [MASK]", 0.8, "Of the chosen tokens 80 % become [MASK], 10 % a random token, 10 % stay."),
        ("are replaced by a **random** token", 0.1, "Only 10 % of the chosen tokens become random ones."),
        (
            "are seen **unchanged** although they are to be predicted",
            0.1,
            "Only 10 % of the chosen tokens stay as they are.",
        ),
    ][int(rng.integers(3))]
    count = tokens * share * rate
    return Draw(
        prompt=f"BERT's masking chooses {num(100 * share)} % of the tokens for prediction and treats them by its original recipe. Of {tokens} "
        f"tokens, how many {what}, in expectation?",
        answer=count,
        tolerance=Tolerance(absolute=0.5),
        unit="tokens",
        mistakes=(
            Mistake(tokens * share, f"That is all that are chosen. {others}"),
            Mistake(tokens * rate, "The 80/10/10 split is of the chosen tokens, not of all."),
        ),
        solution=f"Chosen: ${tokens}\\cdot{num(share)} = {num(tokens * share)}$; of these {num(100 * rate)} %, that is **{num(count)}**. "
        "Random and unchanged ones keep the model from trusting that only [MASK] needs an answer.",
    )
