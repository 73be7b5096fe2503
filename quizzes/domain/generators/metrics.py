"""Generated questions on metrics of classifiers."""

from math import exp, log

import numpy as np

from quizzes.domain.generators.base import Draw, Mistake, Redraw, generator
from quizzes.domain.generators.text import listed, num, signed
from quizzes.domain.numbers import Tolerance

CLOSE = Tolerance(absolute=0.005)


@generator("precision-or-recall", concept="ML-002", difficulty=1, title="Precision and recall", version=2)
def precision_or_recall(rng: np.random.Generator) -> Draw:
    """Precision or recall out of a confusion matrix."""
    tp, fp, fn, tn = (int(count) for count in rng.integers(5, 90, 4))
    if fp == fn:
        raise Redraw("both are equal")
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    name, value, other = ("precision", precision, recall) if rng.integers(2) else ("recall", recall, precision)
    total = tp + fp + fn + tn
    return Draw(
        prompt=f"A classifier has {tp} true positives, {fp} false positives, {fn} false negatives and {tn} true negatives. What is its "
        f"**{name}**?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(
                other,
                "That is "
                + (
                    "recall: of all positives, how many are found."
                    if name == "precision"
                    else "precision: of all alarms, how many are right."
                ),
            ),
            Mistake((tp + tn) / total, "That is accuracy."),
            Mistake(tn / (tn + fp), "That is specificity."),
        ),
        solution=(
            f"Of {tp + fp} alarms {tp} are right: ${tp}/{tp + fp} = {num(value)}$."
            if name == "precision"
            else f"Of {tp + fn} positives {tp} are found: ${tp}/{tp + fn} = {num(value)}$."
        ),
    )


@generator("f-beta", concept="ML-002", difficulty=2, title="F-beta", version=2)
def f_beta(rng: np.random.Generator) -> Draw:
    """F-beta out of counts."""
    tp, fp, fn = (int(count) for count in rng.integers(5, 60, 3))
    beta = float(rng.choice([0.5, 1, 2]))
    p, r = tp / (tp + fp), tp / (tp + fn)
    if abs(p - r) < 0.1:
        raise Redraw("precision and recall are nearly equal")
    value = (1 + beta**2) * p * r / (beta**2 * p + r)
    return Draw(
        prompt=f"A classifier has {tp} true positives, {fp} false positives and {fn} false negatives. What is its $F_{{{num(beta)}}}$ score?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake((p + r) / 2, "$F$ is a harmonic mean, not an arithmetic one."),
            Mistake(
                (1 + beta**2) * p * r / (p + beta**2 * r),
                "$\\beta^2$ stands at the precision in the denominator, so that it weighs recall.",
            ),
            Mistake(2 * p * r / (p + r), "That is $F_1$.")
            if beta != 1
            else Mistake(p * r / (p + r), "The factor $1+\\beta^2 = 2$ is missing."),
        ),
        solution=f"Precision {num(p)}, recall {num(r)}.\n\n$$\\frac{{(1+{num(beta)}^2)\\cdot{num(p)}\\cdot{num(r)}}}{{{num(beta)}^2\\cdot{num(p)} + {num(r)}}} = {num(value)}$$",
    )


@generator("auc-with-tie", concept="ML-002", difficulty=2, title="AUC from scores", version=2)
def auc_with_tie(rng: np.random.Generator) -> Draw:
    """Area under the ROC curve with a tie."""
    positives = rng.integers(2, 10, 3) / 10
    negatives = rng.integers(1, 9, 3) / 10
    wins = float((positives[:, None] > negatives).sum())
    ties = float((positives[:, None] == negatives).sum())
    if not ties or wins in {0.0, 9.0}:
        raise Redraw("one tie at least")
    value = (wins + ties / 2) / 9
    return Draw(
        prompt=f"A model scores three positives with {listed(positives)} and three negatives with {listed(negatives)}. What is the area "
        "under its ROC curve (a tie counts one half)?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake((wins + ties) / 9, "A tie counts one half, not a whole win."),
            Mistake(wins / 9, "Ties count one half each."),
            Mistake(1 - value, "That is the share of pairs in the wrong order."),
        ),
        solution=f"Of the $3\\cdot3 = 9$ pairs of a positive and a negative, {num(wins)} {'is' if wins == 1 else 'are'} in the right order and {num(ties)} tied:\n\n"
        f"$$\\frac{{{num(wins)} + {num(ties)}/2}}{{9}} = {num(value)}$$",
    )


@generator("average-precision", concept="RECSYS-001", difficulty=2, title="Average precision", version=2)
def average_precision(rng: np.random.Generator) -> Draw:
    """Average precision of a ranking."""
    relevant = rng.integers(0, 2, 8)
    if not 2 <= relevant.sum() <= 5 or relevant[:2].all():
        raise Redraw("too easy a ranking")
    precisions = np.cumsum(relevant) / np.arange(1, 9)
    value = float(precisions[relevant == 1].mean())
    return Draw(
        prompt=f"A list of eight results is relevant (1) or not (0) in this order: {listed([float(r) for r in relevant])}. All relevant items "
        "are among them. What is its average precision?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(float(precisions.mean()), "Precision is averaged over the ranks of relevant items alone."),
            Mistake(float(relevant.mean()), "That is precision at 8; the order plays no part in it."),
            Mistake(float(precisions[relevant == 1].sum() / 8), "Divide by the number of relevant items."),
        ),
        solution="Precision at each relevant rank: "
        + ", ".join(f"${int(np.cumsum(relevant)[i])}/{i + 1}$" for i in range(8) if relevant[i])
        + f". Their mean is {num(value)}.",
    )


@generator("expected-calibration-error", concept="ML-002", difficulty=2, title="Expected calibration error", version=2)
def expected_calibration_error(rng: np.random.Generator) -> Draw:
    """ECE of two bins, over- and underconfident."""
    n = [10 * int(count) for count in rng.integers(1, 8, 2)]
    confidence = [int(rng.integers(50, 70)) / 100, int(rng.integers(75, 97)) / 100]
    accuracy = [confidence[0] + int(rng.integers(4, 20)) / 100, confidence[1] - int(rng.integers(4, 25)) / 100]
    gaps = [abs(c - a) for c, a in zip(confidence, accuracy, strict=True)]
    value = sum(count * gap for count, gap in zip(n, gaps, strict=True)) / sum(n)
    signed_sum = abs(sum(count * (c - a) for count, c, a in zip(n, confidence, accuracy, strict=True))) / sum(n)
    return Draw(
        prompt=f"Predictions fall in two bins. Bin 1: {n[0]} with mean confidence {num(confidence[0])} and accuracy {num(accuracy[0])}. "
        f"Bin 2: {n[1]} with mean confidence {num(confidence[1])} and accuracy {num(accuracy[1])}. What is the expected calibration error?",
        answer=value,
        tolerance=Tolerance(absolute=0.003),
        mistakes=(
            Mistake(signed_sum, "Gaps do not cancel: too sure here and too timid there are both errors."),
            Mistake(sum(gaps) / 2, "Bins are weighted by how many predictions they hold."),
            Mistake(max(gaps), "That is the **maximum** calibration error."),
        ),
        solution=f"Gaps {num(gaps[0])} and {num(gaps[1])}:\n\n$$\\frac{{{n[0]}\\cdot{num(gaps[0])} + {n[1]}\\cdot{num(gaps[1])}}}{{{sum(n)}}} = {num(value)}$$",
    )


@generator("odds-ratio-shift", concept="ML-002", difficulty=2, title="From a coefficient to a probability", version=2)
def odds_ratio_shift(rng: np.random.Generator) -> Draw:
    """New probability after a feature changes in logistic regression."""
    p, w, step = (
        int(rng.integers(2, 9)) / 10,
        int(rng.choice([-1, 1]) * rng.integers(3, 16)) / 10,
        int(rng.integers(1, 4)),
    )
    logit = log(p / (1 - p)) + w * step
    value = 1 / (1 + exp(-logit))
    if not 0.03 < value < 0.97:
        raise Redraw("nearly sure")
    return Draw(
        prompt=f"A logistic regression gives {num(p)}. One feature with coefficient {num(w)} then rises by {step}, all else equal. Which "
        "probability does it give now?",
        answer=value,
        tolerance=CLOSE,
        mistakes=(
            Mistake(p + w * step * p * (1 - p), "That follows the tangent; the sigmoid bends on the way."),
            Mistake(p * exp(w * step), "The coefficient multiplies the **odds** by $e^w$, not the probability."),
        ),
        solution=f"Log-odds $\\ln\\frac{{{num(p)}}}{{{num(1 - p)}}} = {num(log(p / (1 - p)))}$, plus ${step}\\cdot{signed(w)} = {num(w * step)}$ makes {num(logit)}.\n\n"
        f"$$\\sigma({num(logit)}) = {num(value)}$$",
    )
