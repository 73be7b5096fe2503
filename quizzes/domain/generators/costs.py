"""Generated questions on memory and compute."""

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, generator, unstated
from quizzes.domain.generators.text import num
from quizzes.domain.numbers import Tolerance

PERCENT = Tolerance(relative=0.01)


@generator("kv-cache-memory", concept="TRANS-006", difficulty=2, title="Memory of a KV cache", version=3)
def kv_cache_memory(rng: np.random.Generator) -> Draw:
    """KV cache of a decoder in GiB at two bytes a number."""
    layers, heads = int(rng.choice([16, 24, 28, 32, 40, 48, 60, 80])), int(rng.choice([4, 5, 8, 12, 16, 32]))
    size, tokens = int(rng.choice([64, 96, 128])), int(rng.choice([2048, 3072, 4096, 6144, 8192]))
    batch = int(rng.choice([2, 3, 4, 6, 8]))
    gib = 2 * layers * heads * size * tokens * batch * 2 / 2**30
    draw = Draw(
        prompt=f"A decoder has {layers} layers with {heads} KV heads of size {size}. How many **GiB** ($2^{{30}}$ bytes) does "
        f"its KV cache take for {batch} sequences of {tokens} tokens at 2 bytes a number?",
        answer=gib,
        tolerance=PERCENT,
        unit="GiB",
        mistakes=(
            Mistake(gib / 2, "Keys **and** values are kept: that is a factor of 2 besides the 2 bytes."),
            Mistake(gib / batch, "Each sequence of the batch has a cache of its own."),
            Mistake(gib / layers, "Each layer has a cache of its own."),
            Mistake(gib * 2**30 / 1e9, "Those are GB of $10^9$ bytes; GiB were asked for."),
        ),
        solution="Keys and values (2) × layers × KV heads × head size × tokens × batch × bytes:\n\n"
        f"$$\\frac{{2\\cdot{layers}\\cdot{heads}\\cdot{size}\\cdot{tokens}\\cdot{batch}\\cdot2}}{{2^{{30}}}} = {num(gib)}\\text{{ GiB}}$$"
        "\n\nIt grows with every token, while the weights do not.",
    )
    return unstated(draw)


@generator("gqa-cache-saving", concept="TRANS-002", difficulty=2, title="Saving by grouped-query attention", version=2)
def gqa_cache_saving(rng: np.random.Generator) -> Draw:
    """Cache of grouped-query attention out of that of full multi-head attention."""
    heads, groups = int(rng.choice([16, 32, 64])), int(rng.choice([2, 4, 8]))
    full = int(rng.integers(3, 40)) * 2
    left = full * groups / heads
    return Draw(
        prompt=f"A model with {heads} query heads and as many KV heads needs a KV cache of {full} GB. With grouped-query "
        f"attention it keeps {groups} KV heads of the same size. How many GB does the cache take then?",
        answer=left,
        tolerance=PERCENT,
        unit="GB",
        mistakes=(
            Mistake(full - left, "That is what is saved, not what is left."),
            Mistake(
                full / groups, f"The cache shrinks by query heads over KV heads, {heads}/{groups}, not by the KV heads."
            ),
            Mistake(full * heads / groups, "The ratio is turned round: fewer KV heads need less."),
        ),
        solution=f"Only KV heads are cached, so it shrinks to ${groups}/{heads}$ of its size:\n\n"
        f"$${full}\\cdot\\frac{{{groups}}}{{{heads}}} = {num(left)}\\text{{ GB}}$$",
    )


@generator("matmul-flops", concept="MATH-003", difficulty=1, title="FLOPs of a matrix product", version=2)
def matmul_flops(rng: np.random.Generator) -> Draw:
    """Floating-point operations of a product, in millions."""
    m, k, n = (16 * int(size) for size in rng.integers(2, 33, 3))
    total = 2 * m * k * n / 1e6
    return Draw(
        prompt=f"How many **million** floating-point operations does the product of a ${m}\\times{k}$ and a ${k}\\times{n}$ "
        "matrix take, a multiplication and an addition counted as two?",
        answer=total,
        tolerance=PERCENT,
        unit="million",
        mistakes=(
            Mistake(total / 2, "Those are multiply-accumulates; each is a multiplication and an addition."),
            Mistake(2 * m * n / 1e6, f"Each of the $m n$ entries sums {k} products."),
            Mistake(
                2 * (m * k + k * n) / 1e6,
                "That goes with the size of the inputs; the work goes with all three lengths.",
            ),
        ),
        solution=f"Each of the ${m}\\cdot{n}$ entries is a sum of {k} products:\n\n"
        f"$$2\\cdot{m}\\cdot{k}\\cdot{n} = {2 * m * k * n} \\approx {num(total)}\\text{{ million}}$$",
    )


@generator("training-compute", concept="TRANS-006", difficulty=2, title="Compute of a training run")
def training_compute(rng: np.random.Generator) -> Draw:
    """Training FLOPs by the rule 6ND, in units of 1e21."""
    billions, tokens = int(rng.integers(1, 71)), 10 * int(rng.integers(5, 201))
    total = 6 * billions * tokens * 1e18 / 1e21
    return Draw(
        prompt=f"By the usual estimate, how many FLOPs does it take to train a dense transformer of {billions} billion "
        f"parameters on {tokens} billion tokens? Give it in units of $10^{{21}}$.",
        answer=total,
        tolerance=PERCENT,
        mistakes=(
            Mistake(total / 3, "$2ND$ is the forward pass; the backward pass costs about twice as much again."),
            Mistake(total / 6, "Each parameter takes about 6 operations a token, not one."),
            Mistake(total / 1.5, "$4ND$ is the backward pass alone."),
        ),
        solution=f"Forward $2ND$, backward $4ND$, so $6ND = 6\\cdot{billions}\\cdot10^9\\cdot{tokens}\\cdot10^9 = "
        f"{num(total)}\\cdot10^{{21}}$ FLOPs. Attention's own products are left out, which is fair while the context is "
        "short against the width.",
    )


@generator(
    "quantised-weight-memory",
    concept="TRANS-006",
    difficulty=1,
    title="Memory of quantised weights",
    version=3,
    tags=("tier-3",),
)
def quantised_weight_memory(rng: np.random.Generator) -> Draw:
    """Weight memory in GB at some bits a weight."""
    billions, bits = int(rng.integers(11, 240)) / float(rng.choice([2, 10])), int(rng.choice([2, 3, 4, 5, 6]))
    gigabytes = billions * bits / 8
    draw = Draw(
        prompt=f"A model of {num(billions)} billion parameters is quantised to {bits} bits a weight. How many **GB** "
        "($10^9$ bytes) do its weights take (scales left out)?",
        answer=gigabytes,
        tolerance=PERCENT,
        unit="GB",
        mistakes=(
            Mistake(billions * bits, "Those are gigabits; a byte has 8 bits."),
            Mistake(billions * 2, "That is at 16 bits, before quantising."),
        ),
        solution=f"$${num(billions)}\\cdot10^9\\cdot\\frac{{{bits}}}{{8}}\\text{{ bytes}} = {num(gigabytes)}\\text{{ GB}},$$\n\n"
        f"against {num(2 * billions)} GB at 16 bits.",
    )
    return unstated(draw)


@generator("adam-training-memory", concept="DL-011", difficulty=2, title="Training memory with Adam", version=3)
def adam_training_memory(rng: np.random.Generator) -> Draw:
    """State of mixed-precision training with Adam, sharded."""
    billions, devices = int(rng.integers(2, 81)) / 2, int(rng.choice([2, 4, 8, 16]))
    gigabytes = 16 * billions / devices
    draw = Draw(
        prompt=f"A model of {num(billions)} billion parameters is trained with Adam in mixed precision: weights and gradients "
        "in 2 bytes each, a master copy of the weights and the two moments in 4 bytes each. All of it is sharded evenly over "
        f"{devices} GPUs. How many GB ($10^9$ bytes) does each hold, activations left out?",
        answer=gigabytes,
        tolerance=PERCENT,
        unit="GB",
        mistakes=(
            Mistake(2 * billions / devices, "Those are the 2-byte weights alone."),
            Mistake(
                4 * billions / devices, "Weights and gradients alone; the optimiser's state is three times as large."
            ),
            Mistake(12 * billions / devices, "That is the optimiser's state; weights and gradients come on top."),
            Mistake(16 * billions, f"That is the whole; it is shared by {devices} GPUs."),
        ),
        solution=f"Bytes a parameter: $2 + 2 + 4 + 4 + 4 = 16$.\n\n"
        f"$$\\frac{{16\\cdot{num(billions)}}}{{{devices}}} = {num(gigabytes)}\\text{{ GB}}$$",
    )
    return unstated(draw)


@generator("attention-score-memory", concept="TRANS-001", difficulty=2, title="Memory of attention scores", version=2)
def attention_score_memory(rng: np.random.Generator) -> Draw:
    """Attention score matrices of one layer in MiB."""
    tokens, heads, batch = (
        int(rng.choice([512, 768, 1024, 1536, 2048, 3072, 4096])),
        int(rng.choice([6, 8, 10, 12, 16])),
        int(rng.choice([2, 3, 4, 6, 8])),
    )
    mib = batch * heads * tokens**2 * 2 / 2**20
    return Draw(
        prompt=f"Without a fused kernel, one layer of attention keeps its matrices of scores. How many **MiB** ($2^{{20}}$ "
        f"bytes) are they for a batch of {batch}, {heads} heads and {tokens} tokens at 2 bytes a number?",
        answer=mib,
        tolerance=PERCENT,
        unit="MiB",
        mistakes=(
            Mistake(mib / tokens, "Every token scores every token: the length counts squared."),
            Mistake(mib / heads, "Each head has scores of its own."),
            Mistake(mib / 2, "Two bytes a number."),
        ),
        solution=f"One $T\\times T$ matrix for each head and sequence:\n\n"
        f"$$\\frac{{{batch}\\cdot{heads}\\cdot{tokens}^2\\cdot2}}{{2^{{20}}}} = {num(mib)}\\text{{ MiB}}$$\n\n"
        "Twice the length takes four times as much.",
    )
