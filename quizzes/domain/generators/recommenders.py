"""Generated questions on recommenders, retrieval and serving."""

from math import exp, log, log2

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import listed, num, signed, vector
from quizzes.domain.numbers import Tolerance

CLOSE = Tolerance(absolute=0.005)


@generator("ndcg-at-k", concept="RECSYS-001", difficulty=2, title="NDCG at k", version=2)
def ndcg_at_k(rng: np.random.Generator) -> Draw:
    """NDCG at 3 with exponential gain."""
    relevance, k = [int(value) for value in rng.integers(0, 4, 5)], 3

    def dcg(values: list[int]) -> float:
        return sum((2.0**value - 1) / log2(rank + 2) for rank, value in enumerate(values[:k]))

    ideal = dcg(sorted(relevance, reverse=True))
    if ideal == 0 or dcg(relevance) in {0, ideal} or sorted(relevance[:k]) == sorted(sorted(relevance)[-k:]):
        raise Redraw("already ideal, or nothing relevant left out")
    value = dcg(relevance) / ideal
    linear = sum(v / log2(i + 2) for i, v in enumerate(relevance[:k])) / sum(
        v / log2(i + 2) for i, v in enumerate(sorted(relevance, reverse=True)[:k])
    )
    return Draw(
        prompt=f"A recommender ranks five items with relevances {listed(relevance)} (best place first). What is NDCG@3 with gain "
        "$2^{rel} - 1$ and discount $\\log_2(\\text{rank} + 1)$?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(
                dcg(relevance) / dcg(sorted(relevance[:k], reverse=True)),
                "The ideal order is taken over **all** items, not over those shown.",
            ),
            Mistake(linear, "The gain is $2^{rel} - 1$, not the relevance itself."),
            Mistake(dcg(relevance), "That is DCG; divide by the ideal one."),
        ),
        solution=f"DCG@3 $= {num(dcg(relevance))}$. Ideal order {listed(sorted(relevance, reverse=True)[:k])}: {num(ideal)}.\n\n"
        f"$$\\frac{{{num(dcg(relevance))}}}{{{num(ideal)}}} = {num(value)}$$",
    )


@generator(
    "matrix-factorisation-update",
    concept="RECSYS-002",
    difficulty=2,
    title="An update of matrix factorisation",
    version=2,
)
def matrix_factorisation_update(rng: np.random.Generator) -> Draw:
    """First component of a user vector after an SGD step."""
    p, q, rating = rng.integers(-10, 16, 2) / 10, rng.integers(-10, 16, 2) / 10, int(rng.integers(1, 6))
    lr, decay = float(rng.choice([0.05, 0.1])), float(rng.choice([0.1, 0.2]))
    error = rating - float(p @ q)
    value = float(p[0] + lr * (error * q[0] - decay * p[0]))
    if abs(q[0]) < 0.3 or abs(p[0]) < 0.5:
        raise Redraw("too little to see")
    return Draw(
        prompt=f"Matrix factorisation has the user vector $p = {vector(p)}$ and the item vector $q = {vector(q)}$; the rating is {rating}. "
        f"SGD minimises $\\tfrac12 (r - p^\\top q)^2 + \\tfrac{{\\lambda}}{{2}}(\\|p\\|^2 + \\|q\\|^2)$ with $\\lambda = {num(decay)}$ and step {num(lr)}. "
        "What is the first component of $p$ after the step?",
        answer=value,
        tolerance=Tolerance(absolute=0.002),
        mistakes=(
            Mistake(float(p[0] + lr * error * q[0]), "The regularisation pulls $p$ towards 0; it is missing."),
            Mistake(
                float(p[0] - lr * (error * q[0] - decay * p[0])), "The sign is turned round: the step lowers the error."
            ),
            Mistake(float(p[0] + lr * (error * p[0] - decay * p[0])), "The error reaches $p$ multiplied by $q$."),
        ),
        solution=f"Error ${rating} - {signed(float(p @ q))} = {num(error)}$.\n\n"
        f"$${num(p[0])} + {num(lr)}\\,({num(error)}\\cdot{signed(float(q[0]))} - {num(decay)}\\cdot{signed(float(p[0]))}) = {num(value)}$$",
    )


@generator("neighbour-prediction", concept="RECSYS-001", difficulty=2, title="A prediction from neighbours", version=2)
def neighbour_prediction(rng: np.random.Generator) -> Draw:
    """Mean-centred user-based prediction."""
    mean = int(rng.integers(25, 41)) / 10
    similarity, ratings, means = rng.integers(2, 10, 2) / 10, rng.integers(1, 6, 2), rng.integers(25, 41, 2) / 10
    centred = ratings - means
    value = mean + float(similarity @ centred / similarity.sum())
    if similarity[0] == similarity[1] or not 1 <= value <= 5 or abs(value - mean) < 0.15:
        raise Redraw("out of the scale, or nothing to see")
    return Draw(
        prompt=f"User-based filtering predicts from two neighbours with similarities {listed(similarity)}, ratings {listed(ratings)} and own "
        f"mean ratings {listed(means)}. The user's mean is {num(mean)}. What is the mean-centred prediction?",
        answer=value,
        tolerance=Tolerance(absolute=0.01),
        mistakes=(
            Mistake(
                float(similarity @ ratings / similarity.sum()),
                "Neighbours rate on scales of their own: take deviations from their means.",
            ),
            Mistake(mean + float(similarity @ centred), "The weighted sum is divided by the sum of similarities."),
            Mistake(mean + float(centred.mean()), "Similar neighbours weigh more."),
        ),
        solution=f"Deviations {listed(centred)}:\n\n$${num(mean)} + \\frac{{{num(similarity[0])}\\cdot{signed(centred[0])} + {num(similarity[1])}\\cdot{signed(centred[1])}}}{{{num(similarity.sum())}}} = {num(value)}$$",
    )


@generator("in-batch-softmax-loss", concept="RECSYS-003", difficulty=2, title="In-batch softmax loss", version=2)
def in_batch_softmax_loss(rng: np.random.Generator) -> Draw:
    """Loss of one user over in-batch negatives with a temperature."""
    scores, temperature = rng.integers(-4, 10, 3) / 10, float(rng.choice([0.2, 0.5]))
    logits = scores / temperature
    loss = float(np.log(np.exp(logits).sum()) - logits[0])
    plain = float(np.log(np.exp(scores).sum()) - scores[0])
    if not 0.1 < loss < 5 or abs(loss - plain) < 0.05:
        raise Redraw("nearly sure")
    return Draw(
        prompt=f"A two-tower model scores a user's clicked item with {num(scores[0])} and the two other items of the batch with {num(scores[1])} "
        f"and {num(scores[2])}. What is the in-batch softmax loss (nats) at temperature {num(temperature)}, without popularity correction?",
        answer=loss,
        tolerance=Tolerance(absolute=0.01),
        unit="nats",
        mistakes=(
            Mistake(plain, "The scores are divided by the temperature first."),
            Mistake(loss / log(2), "Those are bits."),
            Mistake(exp(-loss), "That is the probability of the clicked item; the loss is minus its logarithm."),
        ),
        solution=f"Logits {listed(logits)}.\n\n$$\\ln\\left({' + '.join(num(v) for v in np.exp(logits))}\\right) - {signed(float(logits[0]))} = {num(loss)}$$",
    )


@generator(
    "product-quantisation-memory", concept="RECSYS-004", difficulty=2, title="Memory of product quantisation", version=2
)
def product_quantisation_memory(rng: np.random.Generator) -> Draw:
    """Memory of PQ codes in GB."""
    millions, d = 10 * int(rng.integers(1, 51)), int(rng.choice([64, 128, 256, 512, 768]))
    parts = int(rng.choice([8, 16, 32]))
    value = millions * parts / 1000
    return Draw(
        prompt=f"{millions} million vectors of dimension {d} are stored as product-quantisation codes of {parts} sub-vectors with 256 centroids "
        "each. How many **GB** ($10^9$ bytes) do the codes take (codebooks and ids left out)?",
        answer=value,
        tolerance=Tolerance(relative=0.01),
        unit="GB",
        mistakes=(
            Mistake(millions * d * 4 / 1000, "Those are the float32 vectors themselves."),
            Mistake(millions * d / 1000, "A code has one byte for each sub-vector, not for each dimension."),
            Mistake(value * 8, "256 centroids take 8 bits: one byte, not eight."),
        ),
        solution=f"256 centroids need 1 byte, so a code has {parts} bytes:\n\n$${millions}\\cdot10^6\\cdot{parts}\\text{{ bytes}} = {num(value)}\\text{{ GB}},$$\n\n"
        f"{num(d * 4 / parts)} times less than the float32 vectors.",
    )


@generator("recall-of-an-index", concept="RECSYS-004", difficulty=1, title="Recall of an approximate index")
def recall_of_an_index(rng: np.random.Generator) -> Draw:
    """Recall@k of an approximate result."""
    exact = [int(item) for item in rng.choice(np.arange(10, 60), 5, replace=False)]
    kept = int(rng.integers(2, 5))
    returned = [int(item) for item in rng.permutation([*exact[:kept], *range(70, 70 + 8 - kept)])]
    in_order = sum(a == b for a, b in zip(exact, returned, strict=False))
    return Draw(
        prompt=f"The 5 true nearest neighbours of a query are the items {listed(exact)}. An index returns 8 items: {listed(returned)}. What is its "
        "recall of the true 5?",
        answer=kept / 5,
        tolerance=CLOSE,
        mistakes=(
            Mistake(kept / 8, "That is precision: recall divides by the true neighbours."),
            Mistake(
                in_order / 5 if in_order != kept else 1 - kept / 5, "Their places in the list play no part in recall."
            ),
        ),
        solution=f"Of the 5 true neighbours {kept} came back: ${kept}/5 = {num(kept / 5)}$.",
    )


@generator("ivf-scan-share", concept="RECSYS-004", difficulty=2, title="Vectors scanned by an inverted index")
def ivf_scan_share(rng: np.random.Generator) -> Draw:
    """Distance computations of an IVF search."""
    millions, cells, probes = (
        int(rng.integers(1, 21)),
        int(rng.choice([1000, 2000, 4000])),
        int(rng.choice([4, 8, 16, 32])),
    )
    value = cells + millions * 1e6 * probes / cells
    return Draw(
        prompt=f"An IVF index over {millions} million vectors has {cells} cells of equal size; a query probes the {probes} nearest of them "
        "exhaustively. How many distances does it compute, those to the cell centroids included?",
        answer=value,
        tolerance=Tolerance(relative=0.005),
        mistakes=(
            Mistake(millions * 1e6 * probes / cells, "Finding the nearest cells costs a distance to every centroid."),
            Mistake(cells + millions * 1e6 / cells, f"{probes} cells are scanned, not one."),
            Mistake(millions * 1e6, "That is the exhaustive search that the index avoids."),
        ),
        solution=f"Centroids {cells}, then ${probes}\\cdot{num(millions * 1e6 / cells)}$ vectors: **{num(value)}** distances, "
        f"{num(100 * value / (millions * 1e6), 3)} % of an exhaustive search.",
    )


@generator("feature-cache-latency", concept="MLSYS-001", difficulty=1, title="Mean latency with a cache")
def feature_cache_latency(rng: np.random.Generator) -> Draw:
    """Mean latency of look-ups with a cache before the store."""
    hit, fast, slow = int(rng.integers(60, 100)) / 100, int(rng.integers(1, 5)), 5 * int(rng.integers(2, 13))
    value = fast + (1 - hit) * slow
    return Draw(
        prompt=f"Features are looked up in a cache in {fast} ms; on a miss the online store is asked afterwards, which takes another {slow} ms. "
        f"The hit rate is {num(100 * hit)} %. What is the mean latency in ms?",
        answer=value,
        tolerance=Tolerance(absolute=0.05),
        unit="ms",
        mistakes=(
            Mistake(hit * fast + (1 - hit) * slow, "A miss has asked the cache too: both times add up."),
            Mistake((fast + slow) / 2, "Hits and misses are not equally frequent."),
            Mistake(fast + hit * slow, "The store is asked on a **miss**."),
        ),
        solution=f"$${fast} + (1 - {num(hit)})\\cdot{slow} = {num(value)}\\text{{ ms}}$$\n\nThe mean hides the tail: every miss takes {fast + slow} ms.",
    )
