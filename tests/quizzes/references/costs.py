"""Memory and compute."""

from fractions import Fraction

import numpy as np

from tests.quizzes.references.base import reference


@reference(
    "kv-cache-memory",
    "has {i} layers with {i} KV heads of size {i}. … **GiB** … for {i} sequences of {i} tokens at {i} bytes",
)
def kv_cache_memory(layers, heads, size, sequences, tokens, width):
    of_a_token = sum(heads * size * width for _ in ("key", "value"))
    return sum(of_a_token * tokens for _ in range(layers) for _ in range(sequences)) / 1024 / 1024 / 1024


@reference("gqa-cache-saving", "with {i} query heads … KV cache of {i} GB. … keeps {i} KV heads")
def gqa_cache_saving(heads, gigabytes, kept):
    of_a_head = Fraction(gigabytes, heads)
    return float(sum(of_a_head for _ in range(kept)))


@reference("matmul-flops", r"**million** … a ${i}\times{i}$ and a ${i}\times{i}$ matrix")
def matmul_flops(m, k, _k, n):
    return sum(k + k for _ in range(m * n)) / 1e6


@reference("training-compute", r"of {i} billion parameters on {i} billion tokens? Give it in units of $10^{21}$")
def training_compute(billions, tokens):
    forward = 2 * billions * 10**9 * tokens * 10**9
    return (forward + 2 * forward) / 10**21


@reference("quantised-weight-memory", "of {n} billion parameters is quantised to {i} bits a weight. How many **GB**")
def quantised_weight_memory(billions, bits):
    return Fraction(str(billions)) * 10**9 * bits / 8 / 10**9


@reference(
    "adam-training-memory",
    "of {n} billion parameters … in {i} bytes each, a master copy of the weights and the two moments in {i} bytes "
    "each. … over {i} GPUs. How many GB",
)
def adam_training_memory(billions, half, full, devices):
    held = {"weights": half, "gradients": half, "master copy": full, "first moment": full, "second moment": full}
    return sum(billions * size / devices for size in held.values())


@reference("attention-score-memory", "**MiB** … for a batch of {i}, {i} heads and {i} tokens at {i} bytes a number")
def attention_score_memory(batch, heads, tokens, width):
    one = np.broadcast_to(np.int8(0), (tokens, tokens)).size
    return sum(one * width for _ in range(batch) for _ in range(heads)) / 1024**2
