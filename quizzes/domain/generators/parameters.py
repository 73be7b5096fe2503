"""Generated questions on how many parameters a network has."""

from itertools import pairwise

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, generator
from quizzes.domain.generators.text import listed, num
from quizzes.domain.numbers import Tolerance

EXACT = Tolerance(exact=True)


@generator("mlp-parameters", concept="DL-001", difficulty=1, title="Parameters of an MLP")
def mlp_parameters(rng: np.random.Generator) -> Draw:
    """Weights and biases of a multilayer perceptron."""
    widths = [int(width) for width in rng.integers(3, 65, size=int(rng.integers(3, 5)))]
    pairs = list(pairwise(widths))
    total = sum(a * b + b for a, b in pairs)
    return Draw(
        prompt=f"A multilayer perceptron has layers of {listed(widths)} units (input to output), fully connected, with "
        "biases. How many parameters does it have?",
        answer=total,
        tolerance=EXACT,
        mistakes=(
            Mistake(sum(a * b for a, b in pairs), "The biases are missing: one for each unit that is not an input."),
            Mistake(total + widths[0], "Input units have no bias; they only hold the features."),
            Mistake(
                sum(a * b + a for a, b in pairs), "A layer has a bias for each of its outputs, not for its inputs."
            ),
        ),
        solution="Each layer has inputs × outputs weights and a bias for each output:\n\n$$"
        + " + ".join(f"({a}\\cdot{b} + {b})" for a, b in pairs)
        + f" = {total}$$",
    )


def _recurrent(rng: np.random.Generator) -> tuple[int, int, int]:
    x, h = int(rng.integers(4, 129)), int(rng.integers(4, 129))
    return x, h, x * h + h * h + h


@generator("lstm-parameters", concept="DL-007", difficulty=2, title="Parameters of an LSTM", tags=("tier-2",))
def lstm_parameters(rng: np.random.Generator) -> Draw:
    """Parameters of an LSTM layer with one bias a gate."""
    x, h, block = _recurrent(rng)
    return Draw(
        prompt=f"An LSTM layer has inputs of size {x} and a hidden state of size {h}, with **one** bias vector for each gate "
        "and no peepholes. How many parameters does it have?",
        answer=4 * block,
        tolerance=EXACT,
        mistakes=(
            Mistake(block, "That is one block. An LSTM has four: input, forget and output gate, and the candidate."),
            Mistake(3 * block, "Three gates, but the candidate cell state has weights of its own as well."),
            Mistake(4 * (x * h + h * h), "The four bias vectors are missing."),
            Mistake(4 * (block + h), "That counts two bias vectors a gate, as cuDNN's layout does; one was asked for."),
        ),
        solution=f"Each block maps the input ({x}) and the last state ({h}) to {h} units with a bias: "
        f"${h}\\,({x} + {h}) + {h} = {block}$. There are four blocks:\n\n$$4\\cdot{block} = {4 * block}$$",
    )


@generator("gru-parameters", concept="DL-007", difficulty=2, title="Parameters of a GRU")
def gru_parameters(rng: np.random.Generator) -> Draw:
    """Parameters of a GRU layer with one bias a gate."""
    x, h, block = _recurrent(rng)
    return Draw(
        prompt=f"A GRU layer has inputs of size {x} and a hidden state of size {h}, with one bias vector for each of its "
        "blocks. How many parameters does it have?",
        answer=3 * block,
        tolerance=EXACT,
        mistakes=(
            Mistake(4 * block, "That is the LSTM's count. A GRU has three blocks: reset, update and candidate."),
            Mistake(2 * block, "Besides its two gates, the candidate state has weights too."),
            Mistake(3 * (x * h + h * h), "The biases are missing."),
        ),
        solution=f"One block has ${h}\\,({x} + {h}) + {h} = {block}$ parameters; reset gate, update gate and candidate make "
        f"three:\n\n$$3\\cdot{block} = {3 * block}$$\n\nthree quarters of an LSTM of the same size.",
    )


@generator(
    "attention-parameters", concept="TRANS-002", difficulty=2, title="Parameters of multi-head attention", version=3
)
def attention_parameters(rng: np.random.Generator) -> Draw:
    """Parameters of the four projections."""
    heads = int(rng.choice([2, 3, 4, 5, 6, 8, 10, 12, 16]))
    d = heads * 4 * int(rng.integers(4, 33))
    total = 4 * d * d + 4 * d
    return Draw(
        prompt=f"Multi-head attention has $d_\\text{{model}} = {d}$, {heads} heads and $d_k = d_v = d_\\text{{model}}/{heads}$. "
        "The projections of Q, K, V and the output have biases. How many parameters is that?",
        answer=total,
        tolerance=EXACT,
        mistakes=(
            Mistake(
                heads * total,
                "The heads share the width: each projects to $d_\\text{model}/h$, so their number cancels.",
            ),
            Mistake(3 * d * d + 3 * d, "The output projection $W^O$ is missing."),
            Mistake(4 * d * d, "The biases are missing."),
        ),
        solution=f"Q, K and V of all heads together are three ${d}\\times{d}$ matrices, the output projection is a fourth, each "
        f"with {d} biases:\n\n$$4\\,({d}^2 + {d}) = {total}$$\n\nMore heads make narrower heads, not more parameters.",
    )


@generator(
    "transformer-block-weights", concept="TRANS-004", difficulty=2, title="Weights of a transformer block", version=2
)
def transformer_block_weights(rng: np.random.Generator) -> Draw:
    """Weights of attention and feed-forward network, in millions."""
    d, m = 64 * int(rng.integers(4, 41)), int(rng.choice([2, 3, 4]))
    total = (4 + 2 * m) * d * d / 1e6
    return Draw(
        prompt=f"A transformer block has $d_\\text{{model}} = {d}$, full multi-head attention and a two-layer feed-forward "
        f"network of hidden width ${m}\\,d_\\text{{model}}$. Without biases and norms, how many **million** weights?",
        answer=total,
        tolerance=Tolerance(relative=0.01),
        unit="million",
        mistakes=(
            Mistake((4 + m) * d * d / 1e6, "The feed-forward network has two matrices: up and down."),
            Mistake((3 + 2 * m) * d * d / 1e6, "Attention has four projections; the output one is missing."),
            Mistake(4 * d * d / 1e6, "That is the attention alone; the feed-forward network is missing."),
        ),
        solution=f"Attention: $4d^2$. Feed-forward: $2\\cdot{m}\\,d^2$. Together\n\n"
        f"$$(4 + {2 * m})\\cdot{d}^2 = {(4 + 2 * m) * d * d} \\approx {num(total)}\\text{{ million}}.$$",
    )


@generator("lora-parameters", concept="TRANS-006", difficulty=2, title="Trainable parameters of LoRA")
def lora_parameters(rng: np.random.Generator) -> Draw:
    """Parameters of low-rank adapters."""
    d, k = (int(size) for size in rng.choice([512, 768, 1024, 2048, 4096], 2))
    rank, count = int(rng.choice([4, 8, 16])), int(rng.integers(2, 49))
    total = count * rank * (d + k)
    return Draw(
        prompt=f"LoRA of rank {rank} adapts {count} frozen weight matrices of shape ${d}\\times{k}$. How many parameters "
        "are trained?",
        answer=total,
        tolerance=EXACT,
        mistakes=(
            Mistake(
                count * rank * d * k, "The update $BA$ is never stored whole; only its two thin factors are trained."
            ),
            Mistake(count * rank * rank * (d + k), "Each factor has one side of length $r$, so the rank counts once."),
            Mistake(rank * (d + k), f"That is one matrix; there are {count}."),
        ),
        solution=f"Each $\\Delta W = BA$ with $B$ of ${d}\\times{rank}$ and $A$ of ${rank}\\times{k}$ has "
        f"${rank}\\,({d} + {k}) = {rank * (d + k)}$ parameters; {count} of them {total}, which is "
        f"{num(100 * rank * (d + k) / (d * k), 3)} % of the frozen ones.",
    )


@generator("embedding-parameters", concept="TRANS-006", difficulty=2, title="Size of a small GPT", version=2)
def embedding_parameters(rng: np.random.Generator) -> Draw:
    """Parameters of embeddings and blocks of a GPT with tied embeddings, in millions."""
    layers, d = int(rng.choice([6, 12, 16, 24])), int(rng.choice([512, 768, 1024]))
    vocabulary = 1000 * int(rng.integers(20, 61))
    blocks, table = 12 * layers * d * d / 1e6, vocabulary * d / 1e6
    return Draw(
        prompt=f"A GPT has {layers} blocks with $d_\\text{{model}} = {d}$, each of $12\\,d^2$ weights, and a vocabulary of "
        f"{vocabulary} tokens whose embedding is tied to the output layer. Biases, norms and positions left out, how many "
        "**million** parameters does it have?",
        answer=blocks + table,
        tolerance=Tolerance(relative=0.005),
        unit="million",
        mistakes=(
            Mistake(blocks + 2 * table, "Tied means shared: input embedding and output layer are one matrix."),
            Mistake(blocks, "The embedding table is missing; in small models it weighs a lot."),
            Mistake(blocks / layers + table, f"There are {layers} blocks."),
        ),
        solution=f"Blocks: ${layers}\\cdot12\\cdot{d}^2 = {num(blocks)}$ million. Embedding: "
        f"${vocabulary}\\cdot{d} = {num(table)}$ million, counted once.\n\n"
        f"$${num(blocks)} + {num(table)} = {num(blocks + table)}\\text{{ million}},$$\n\n"
        f"of which the embedding is {num(100 * table / (blocks + table), 3)} %.",
    )
