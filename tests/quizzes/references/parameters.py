"""How many parameters a network has, counted array by array."""

import numpy as np

from tests.quizzes.references.base import reference


def count(*shapes: tuple[int, ...]) -> int:
    """The entries of arrays of these shapes."""
    return sum(np.broadcast_to(np.int8(0), shape).size for shape in shapes)


@reference("mlp-parameters", "layers of {l} units (input to output), fully connected, with biases")
def mlp_parameters(widths):
    sizes = [int(width) for width in widths]
    return sum(count((sizes[layer], sizes[layer - 1]), (sizes[layer],)) for layer in range(1, len(sizes)))


@reference("lstm-parameters", "inputs of size {i} and a hidden state of size {i}, with **one** bias vector")
def lstm_parameters(x, h):
    return count((4 * h, x), (4 * h, h), (4 * h,))


@reference("gru-parameters", "inputs of size {i} and a hidden state of size {i}, with one bias vector")
def gru_parameters(x, h):
    return sum(count((h, x), (h, h), (h,)) for _ in ("reset", "update", "candidate"))


@reference("attention-parameters", r"$d_\text{model} = {i}$, {i} heads … Q, K, V and the output have biases")
def attention_parameters(d, heads):
    """Head by head, as the formula of the paper states it."""
    of_a_head = sum(count((d, d // heads), (d // heads,)) for _ in "QKV")
    return heads * of_a_head + count((d, d), (d,))


@reference("transformer-block-weights", r"$d_\text{model} = {i}$ … width ${i}\,d_\text{model}$ … **million**")
def transformer_block_weights(d, wider):
    return count(*[(d, d)] * 4, (d, wider * d), (wider * d, d)) / 1e6


@reference("lora-parameters", r"rank {i} adapts {i} frozen weight matrices of shape ${i}\times{i}$")
def lora_parameters(rank, matrices, d, k):
    return sum(count((d, rank), (rank, k)) for _ in range(matrices))


@reference(
    "embedding-parameters",
    r"has {i} blocks with $d_\text{model} = {i}$, each of ${i}\,d^2$ … of {i} tokens … **million**",
)
def embedding_parameters(blocks, d, squares, vocabulary):
    return count((blocks, squares, d, d), (vocabulary, d)) / 1e6
