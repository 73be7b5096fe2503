"""Vectors and matrices."""

from math import acos, cos, hypot, sin

import numpy as np

from tests.quizzes.references.base import reference


def squared(a: list[float]) -> float:
    return sum(v * v for v in a)


@reference("cosine-similarity", "$a = {v}$ and $b = {v}$?")
def cosine_similarity(a, b):
    """By the law of cosines, from the three sides of the triangle."""
    across = squared([x - y for x, y in zip(a, b, strict=True)])
    return (squared(a) + squared(b) - across) / (2 * (squared(a) * squared(b)) ** 0.5)


@reference("scalar-projection", "$a = {v}$ **on** $b = {v}$ (signed)")
def scalar_projection(a, b):
    """The multiple of b that is nearest to a, in units of length."""
    multiple = np.linalg.lstsq(np.array(b)[:, None], np.array(a))[0][0]
    return multiple * squared(b) ** 0.5


@reference("distance-from-cosine", "of length 1 have cosine similarity {n}. How far")
def distance_from_cosine(cosine):
    angle = acos(cosine)
    return hypot(1 - cos(angle), sin(angle))


@reference("matrix-product-entry", "$A = {m}$ and $B = {m}$. What is $(AB)_{{i}}$ (row, column, counted from 1)")
def matrix_product_entry(a, b, place):
    row, column = divmod(place, 10)
    return np.einsum("ik,kj->ij", a, b)[row - 1, column - 1]


@reference("matrix-chain-cost", r"$A$ is ${i}\times{i}$, $B$ is ${i}\times{i}$, $C$ is ${i}\times{i}$")
def matrix_chain_cost(m, k, _k, n, _n, p):
    def product(rows: int, inner: int, columns: int) -> int:
        return sum(inner for _ in range(rows) for _ in range(columns))

    left_first = product(m, k, n) + product(m, n, p)
    return min(left_first, product(k, n, p) + product(m, k, p))


@reference("symmetric-eigenvalue", "larger eigenvalue of ${m}$")
def symmetric_eigenvalue(matrix):
    return np.linalg.eigvalsh(matrix)[-1]


@reference("explained-variance-ratio", "covariance matrix ${m}$")
def explained_variance_ratio(covariance):
    values = np.linalg.svd(covariance, compute_uv=False)
    return values[0] / values.sum()


@reference("low-rank-error", r"singular values {l}. … approximation of rank {i}?")
def low_rank_error(singular, rank):
    """Of a matrix that has them: it is decomposed, cut and put together again."""
    rotation, _ = np.linalg.qr(np.random.Generator(np.random.PCG64(0)).normal(size=(4, 4)))
    matrix = rotation @ np.diag(singular) @ rotation.T
    u, s, v = np.linalg.svd(matrix)
    error = matrix - (u[:, :rank] * s[:rank]) @ v[:rank]
    return np.linalg.norm(error) / np.linalg.norm(matrix)
