"""Entropy and Gini impurity."""

from itertools import product
from math import log2

from tests.quizzes.references.base import reference

_SPLIT = "sends {i} positive and {i} negative examples to the left, {i} positive and {i} negative to the right"


def differing(counts: list[float]) -> float:
    """The share of pairs, drawn with replacement, that are of two classes."""
    examples = [label for label, count in enumerate(counts) for _ in range(int(count))]
    return sum(a != b for a, b in product(examples, examples)) / len(examples) ** 2


@reference("entropy-of-counts", "holds {l} examples … **in bits**")
def entropy_of_counts(counts):
    return log2(sum(counts)) - sum(count * log2(count) for count in counts) / sum(counts)


@reference("gini-of-counts", "holds {l} examples")
def gini_of_counts(counts):
    return differing(counts)


@reference("information-gain", _SPLIT + " … **in bits**")
def information_gain(a, b, c, d):
    """The mutual information of side and class."""
    table, total = [[a, b], [c, d]], a + b + c + d
    rows, columns = [sum(row) for row in table], [a + c, b + d]
    return sum(
        table[i][j] / total * log2(table[i][j] * total / (rows[i] * columns[j])) for i, j in product((0, 1), (0, 1))
    )


@reference("gini-decrease", _SPLIT)
def gini_decrease(a, b, c, d):
    total = a + b + c + d
    return differing([a + c, b + d]) - ((a + b) * differing([a, b]) + (c + d) * differing([c, d])) / total
