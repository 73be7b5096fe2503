"""Attention and transformers."""

from cmath import exp as turn
from math import exp, log

import numpy as np

from tests.quizzes.references.base import reference


@reference("attention-weight", r"$q\cdot k = {v}$ ($d_k = {i}$) … give the key {i}?")
def attention_weight(raw, size, key):
    return 1 / sum(exp((score - raw[key - 1]) / size**0.5) for score in raw)


@reference("attention-output", r"$q = {v}$, keys $K = {m}$ and values $V = {m}$ … $d_k = {i}$")
def attention_output(q, keys, values, size):
    weights = [exp(sum(a * b for a, b in zip(q, key, strict=True)) / size**0.5) for key in keys]
    return sum(weight * row[0] for weight, row in zip(weights, values, strict=True)) / sum(weights)


@reference("sinusoidal-encoding", "at dimension {i} (from 0) for position {i} and $d = {i}$")
def sinusoidal_encoding(i, position, d):
    even = i // 2 * 2
    point = turn(1j * position * exp(-log(10000) * even / d))
    return point.imag if i == even else point.real


@reference("causal-scores", "with {i} heads reads {i} tokens … over all heads")
def causal_scores(heads, tokens):
    return heads * int(np.tril(np.ones((tokens, tokens))).sum())


@reference("masked-language-model-counts", "chooses {n} % … Of {i} tokens, how many {w}, in expectation")
def masked_language_model_counts(percent, tokens, what):
    chosen = tokens * percent / 100
    masked = 8 * chosen / 10
    other = (chosen - masked) / 2
    return {
        "are replaced by [MASK]": masked,
        "are replaced by a **random** token": other,
        "are seen **unchanged** although they are to be predicted": other,
    }[what]
