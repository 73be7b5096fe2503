"""Generated questions on language models and text metrics."""

from collections import Counter
from math import comb, exp, log2, prod

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import listed, num
from quizzes.domain.numbers import Tolerance

CLOSE = Tolerance(absolute=0.005)
_WORDS = ("the", "cat", "sat", "on", "mat", "a")


@generator("perplexity", concept="TRANS-006", difficulty=1, title="Perplexity", version=2)
def perplexity(rng: np.random.Generator) -> Draw:
    """Perplexity of four token probabilities."""
    p = [int(value) / 20 for value in rng.integers(1, 16, 4)]
    value = prod(p) ** -0.25
    product = "\\cdot".join(num(v) for v in p)
    return Draw(
        prompt=f"A language model gives the four tokens of a text the probabilities {listed(p)}, each given the tokens before it. What is "
        "the perplexity of the text?",
        answer=value,
        tolerance=Tolerance(relative=0.01),
        mistakes=(
            Mistake(
                2 ** (-sum(v * log2(v) for v in p)),
                "The log-probabilities are averaged over tokens, not weighted by the probabilities.",
            ),
            Mistake(1 / prod(p), "That is the inverse probability of the whole text; take its fourth root."),
            Mistake(4 / sum(p), "That is the inverse of the arithmetic mean; perplexity takes the geometric one."),
        ),
        solution=f"$$\\exp\\left(-\\tfrac14\\sum\\ln p_i\\right) = \\left({product}\\right)^{{-1/4}} = {num(value)}$$"
        + f"\n\nThe model is as unsure as between {num(value, 3)} equally likely tokens.",
    )


def _sentence(rng: np.random.Generator, length: int) -> list[str]:
    return [_WORDS[int(index)] for index in rng.integers(0, len(_WORDS), length)]


@generator("bleu-unigram", concept="TRANS-004", difficulty=2, title="Clipped unigram BLEU", version=2)
def bleu_unigram(rng: np.random.Generator) -> Draw:
    """BLEU-1 with clipping and brevity penalty."""
    reference, candidate = _sentence(rng, 7), _sentence(rng, int(rng.integers(4, 7)))
    clipped = sum((Counter(candidate) & Counter(reference)).values())
    loose = sum(word in reference for word in candidate)
    if clipped in {0, loose}:
        raise Redraw("nothing is clipped")
    penalty = exp(1 - 7 / len(candidate))
    value = penalty * clipped / len(candidate)
    return Draw(
        prompt=f"Candidate: “{' '.join(candidate)}”. Reference: “{' '.join(reference)}”. What is BLEU-1: clipped unigram precision times the "
        "brevity penalty $e^{1 - r/c}$ (for $c < r$)?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(
                clipped / len(candidate), "The candidate is shorter than the reference: the brevity penalty is missing."
            ),
            Mistake(penalty * loose / len(candidate), "A word counts at most as often as the reference has it: clip."),
            Mistake(loose / len(candidate), "Neither clipped nor penalised for brevity."),
        ),
        solution=f"Clipped matches: {clipped} of {len(candidate)}. Penalty: $e^{{1-7/{len(candidate)}}} = {num(penalty)}$.\n\n"
        f"$${num(penalty)}\\cdot\\frac{{{clipped}}}{{{len(candidate)}}} = {num(value)}$$",
    )


def _longest_common_subsequence(a: list[str], b: list[str]) -> int:
    row = [0] * (len(b) + 1)
    for word in a:
        before = row[:]
        for j, other in enumerate(b, start=1):
            row[j] = before[j - 1] + 1 if word == other else max(before[j], row[j - 1])
    return row[-1]


@generator("rouge-l", concept="TRANS-004", difficulty=2, title="ROUGE-L")
def rouge_l(rng: np.random.Generator) -> Draw:
    """ROUGE-L F1 of two short sentences."""
    reference, candidate = _sentence(rng, 6), _sentence(rng, 5)
    shared = _longest_common_subsequence(candidate, reference)
    overlap = sum((Counter(candidate) & Counter(reference)).values())
    if shared < 2 or shared == overlap:
        raise Redraw("order plays no part")
    value = 2 * shared / 11
    return Draw(
        prompt=f"Summary: “{' '.join(candidate)}”. Reference: “{' '.join(reference)}”. What is ROUGE-L F1 (longest common subsequence, "
        "precision and recall weighted equally)?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(shared / 5, "That is the precision alone."),
            Mistake(shared / 6, "That is the recall alone."),
            Mistake(2 * overlap / 11, "That is ROUGE-1: ROUGE-L keeps the order of the words."),
        ),
        solution=f"The longest common subsequence has {shared} words: precision ${shared}/5$, recall ${shared}/6$.\n\n"
        f"$$F_1 = \\frac{{2\\cdot{shared}}}{{5 + 6}} = {num(value)}$$",
    )


@generator("nucleus-size", concept="TRANS-006", difficulty=1, title="Size of a nucleus", version=2)
def nucleus_size(rng: np.random.Generator) -> Draw:
    """Number of tokens that nucleus sampling keeps."""
    p = np.sort(rng.multinomial(50, rng.dirichlet([0.8] * 6)))[::-1] / 50
    top = float(rng.choice([0.7, 0.8, 0.9, 0.95]))
    total = np.round(np.cumsum(p), 10)
    if p[-1] == 0 or top in total or p[0] >= top:
        raise Redraw("an empty token, or the edge is hit")
    size = int(np.argmax(total >= top)) + 1
    return Draw(
        prompt=f"The next token has the sorted probabilities {listed(p)}. How many tokens does nucleus (top-p) sampling with $p = {num(top)}$ "
        "keep?",
        answer=size,
        tolerance=Tolerance(exact=True),
        unit="tokens",
        mistakes=(
            Mistake(size - 1, "The token that carries the sum over the threshold is kept as well."),
            Mistake(int((p >= 1 - top).sum()), "The **sum** is compared with $p$, not each probability."),
        ),
        solution=f"Running sums: {listed(total)}. The first that reaches {num(top)} is the one of **{size}** tokens; their probabilities are then made to sum to 1.",
    )


@generator("pass-at-k", concept="TRANS-006", difficulty=3, title="pass@k", version=2)
def pass_at_k(rng: np.random.Generator) -> Draw:
    """Unbiased pass@k."""
    n, k = int(rng.integers(8, 31)), int(rng.integers(2, 6))
    c = int(rng.integers(1, n - k))
    value = 1 - comb(n - c, k) / comb(n, k)
    if value > 0.97:
        raise Redraw("nearly sure")
    return Draw(
        prompt=f"A model writes {n} programs for a task, {c} of which pass the tests. What is the unbiased estimate of pass@{k}: the "
        f"probability that at least one of {k} programs, drawn without replacement, passes?",
        answer=value,
        tolerance=Tolerance(absolute=0.003),
        mistakes=(
            Mistake(1 - (1 - c / n) ** k, "That draws with replacement, which underestimates."),
            Mistake(c / n, "That is pass@1."),
            Mistake(1 - value, "That is the probability that all fail."),
        ),
        solution=f"$$1 - \\binom{{{n - c}}}{{{k}}}\\Big/\\binom{{{n}}}{{{k}}} = 1 - \\frac{{{comb(n - c, k)}}}{{{comb(n, k)}}} = {num(value)}$$",
    )
