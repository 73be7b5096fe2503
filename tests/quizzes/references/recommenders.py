"""Recommenders, retrieval and serving."""

from itertools import permutations
from math import exp, log

import numpy as np

from tests.quizzes.references.base import reference, slope


@reference("ndcg-at-k", "relevances {l} (best place first). What is NDCG@{i} with gain $2^{rel} - 1$")
def ndcg_at_k(relevance, k):
    def dcg(order):
        return sum((2**value - 1) * log(2) / log(rank + 1) for rank, value in enumerate(order[:k], start=1))

    return dcg(relevance) / max(dcg(order) for order in permutations(relevance))


@reference(
    "matrix-factorisation-update",
    r"$p = {v}$ and the item vector $q = {v}$; the rating is {n}. … $\lambda = {n}$ and step {n}. What is the first",
)
def matrix_factorisation_update(p, q, rating, decay, step):
    def loss(p_1: float) -> float:
        user = [p_1, p[1]]
        error = rating - sum(a * b for a, b in zip(user, q, strict=True))
        return error**2 / 2 + decay / 2 * sum(v * v for v in [*user, *q])

    return p[0] - step * slope(loss, p[0])


@reference("neighbour-prediction", "similarities {l}, ratings {l} and own mean ratings {l}. The user's mean is {n}.")
def neighbour_prediction(similarities, ratings, means, mean):
    return mean + np.average(np.subtract(ratings, means), weights=similarities)


@reference(
    "in-batch-softmax-loss", "item with {n} and the two other items of the batch with {n} and {n}. … temperature {n},"
)
def in_batch_softmax_loss(clicked, other, third, temperature):
    return log(1 + sum(exp((score - clicked) / temperature) for score in (other, third)))


@reference(
    "product-quantisation-memory",
    "{i} million vectors of dimension {i} … of {i} sub-vectors with {i} centroids … **GB**",
)
def product_quantisation_memory(millions, _dimension, parts, centroids):
    bits = sum((centroids - 1).bit_length() for _ in range(parts))
    return millions * 10**6 * bits / 8 / 10**9


@reference("recall-of-an-index", "are the items {l}. An index returns {i} items: {l}. What is its recall of the true 5")
def recall_of_an_index(true, _count, returned):
    return len(set(true) & set(returned)) / len(true)


@reference("ivf-scan-share", "over {i} million vectors has {i} cells of equal size; a query probes the {i} nearest")
def ivf_scan_share(millions, cells, probes):
    sizes = np.full(cells, millions * 10**6 / cells)
    return cells + sizes[:probes].sum()


@reference("feature-cache-latency", "cache in {i} ms; … takes another {i} ms. The hit rate is {n} %.")
def feature_cache_latency(fast, slow, percent):
    hits = round(percent)
    return np.mean([fast] * hits + [fast + slow] * (100 - hits))
