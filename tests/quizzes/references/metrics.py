"""Metrics of classifiers."""

from math import exp

import numpy as np

from tests.quizzes.references.base import reference


@reference(
    "precision-or-recall",
    "{i} true positives, {i} false positives, {i} false negatives and {i} true negatives. What is its **{w}**",
)
def precision_or_recall(tp, fp, fn, tn, name):
    truth = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn])
    said = np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
    return truth[said == 1].mean() if name == "precision" else said[truth == 1].mean()


@reference("f-beta", "{i} true positives, {i} false positives and {i} false negatives. What is its $F_{{n}}$")
def f_beta(tp, fp, fn, beta):
    return (1 + beta**2) * tp / ((1 + beta**2) * tp + beta**2 * fn + fp)


@reference("auc-with-tie", "three positives with {l} and three negatives with {l}.")
def auc_with_tie(positives, negatives):
    """The area of the curve itself, threshold by threshold."""
    thresholds = [*sorted({*positives, *negatives}, reverse=True)]
    points = [(0.0, 0.0)] + [
        (sum(n >= threshold for n in negatives) / 3, sum(p >= threshold for p in positives) / 3)
        for threshold in thresholds
    ]
    return np.trapezoid([y for _, y in points], [x for x, _ in points])


@reference("average-precision", "in this order: {l}. All relevant")
def average_precision(relevant):
    found, total = 0, 0.0
    for rank, value in enumerate(relevant, start=1):
        if value:
            found += 1
            total += found / rank
    return total / found


@reference(
    "expected-calibration-error",
    "Bin 1: {i} with mean confidence {n} and accuracy {n}. Bin 2: {i} with mean confidence {n} and accuracy {n}. "
    "What is the expected",
)
def expected_calibration_error(n_1, said_1, right_1, n_2, said_2, right_2):
    gaps = [abs(said_1 - right_1)] * n_1 + [abs(said_2 - right_2)] * n_2
    return np.mean(gaps)


@reference("odds-ratio-shift", "regression gives {n}. One feature with coefficient {n} then rises by {i}, all")
def odds_ratio_shift(p, coefficient, step):
    odds = p / (1 - p)
    for _ in range(step):
        odds *= exp(coefficient)
    return odds / (1 + odds)
